import { Guesses } from "./guesses.ts";
import { KnownDevices } from "./known-devices.ts";
import { Passwords } from "./passwords.ts";

/** What a node keeps at hand for those who sign in with a password. */
export class Accounts {
  readonly passwords = new Passwords();
  readonly guesses: Guesses;
  readonly devices: KnownDevices;

  constructor(options: { secret: string; isSecure: boolean; limits: boolean }) {
    this.guesses = new Guesses(options);
    this.devices = new KnownDevices(options);
  }
}
