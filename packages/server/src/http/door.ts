import type { Door } from "../commands/join-by-invitation.ts";
import type { HttpSurroundings } from "./context.ts";

/** What somebody who comes with a password is let in by. */
export function doorOf({ accounts, config, place }: HttpSurroundings): Door {
  return {
    passwords: accounts.passwords,
    passwordLength: config.passwordLength,
    place: place.settings.name,
    defaults: place.defaults,
  };
}
