import { createHmac, timingSafeEqual } from "node:crypto";
import { newToken } from "../identifiers.ts";

/** A browser that several people use is known for as many of them. */
const peopleMax = 5;

/** As long as browsers keep a cookie. */
const maxAgeSeconds = 400 * 86_400;

const markShape = /^[0-9A-Za-z]{16}[\w-]{43}$/;

/**
 * Remembers in a browser who signed in there, so that others' guessing does not
 * keep that person out of it (T36). It opens nothing: whoever has it only
 * guesses under a count of their own.
 */
export class KnownDevices {
  readonly #secret: string;
  readonly #name: string;
  readonly #attributes: string;

  /** `secret`: the same on all nodes of a database. */
  constructor({ secret, isSecure }: { secret: string; isSecure: boolean }) {
    this.#secret = secret;
    this.#name = isSecure ? "__Host-device" : "parley_device";
    this.#attributes = `Path=/; HttpOnly; SameSite=Lax${isSecure ? "; Secure" : ""}; Max-Age=${maxAgeSeconds}`;
  }

  /** What this browser is called, if the person has signed in with it before. */
  nameFor(person: string, header: string | undefined): string | undefined {
    return this.#marks(header)
      .find((mark) => this.#isOf(person, mark))
      ?.slice(0, 16);
  }

  /** The cookie of a browser in which this person has just signed in. */
  remember(person: string, header: string | undefined): string {
    const others = this.#marks(header).filter(
      (mark) => !this.#isOf(person, mark),
    );
    const device = newToken(16);
    const mark = `${device}${this.#sign(person, device)}`;
    const value = [mark, ...others].slice(0, peopleMax).join(".");
    return `${this.#name}=${value}; ${this.#attributes}`;
  }

  #marks(header: string | undefined): string[] {
    const start = `${this.#name}=`;
    const found = (header ?? "")
      .split(";")
      .map((pair) => pair.trim())
      .filter((pair) => pair.startsWith(start));
    if (found.length !== 1) return [];
    const marks = found[0]?.slice(start.length).split(".") ?? [];
    return marks.slice(0, peopleMax).filter((mark) => markShape.test(mark));
  }

  #isOf(person: string, mark: string): boolean {
    const wanted = this.#sign(person, mark.slice(0, 16));
    return timingSafeEqual(Buffer.from(wanted), Buffer.from(mark.slice(16)));
  }

  #sign(person: string, device: string): string {
    return createHmac("sha256", this.#secret)
      .update(`device ${person} ${device}`)
      .digest("base64url");
  }
}
