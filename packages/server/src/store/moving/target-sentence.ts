import { isDriversWord } from "../postgres/failures.ts";
import { UnfitDatabaseError } from "../postgres/fitness.ts";
import { troubleSentence } from "../postgres/trouble.ts";
import { NewerDatabaseError } from "../migrate.ts";
import { MoveError } from "./move-error.ts";

/** The address without anything secret, for people to read. */
export function nameOfAddress(url: string): string {
  const { protocol, username, host, pathname } = new URL(url);
  const user = username === "" ? "" : `${username}@`;
  return `${protocol}//${user}${host}${pathname}`;
}

/** The address for a setting, with a word in the place of the password. */
export function addressWithoutPassword(url: string): string {
  const address = new URL(url);
  if (address.password !== "") address.password = "PASSWORD";
  for (const name of [...address.searchParams.keys()]) {
    if (/passw/i.test(name)) address.searchParams.delete(name);
  }
  return address.href;
}

/**
 * What went wrong with PostgreSQL, in words that say what to do and hold no
 * password. What is a sentence already stays.
 */
export function targetSentence(error: unknown, url: string): Error {
  if (error instanceof UnfitDatabaseError) return new MoveError(error.message);
  if (error instanceof MoveError || error instanceof NewerDatabaseError) {
    return error;
  }
  const trouble = troubleSentence(error, url, "the address");
  // What comes neither from PostgreSQL nor from its driver is a mistake of
  // this program, which a sentence would hide.
  if (trouble === undefined) {
    return error instanceof Error ? error : new Error(String(error));
  }
  return new MoveError(interrupted(error, url) ?? trouble, { cause: error });
}

/** What stops a copy in the middle, and goes on from there. */
function interrupted(error: unknown, url: string): string | undefined {
  const { host } = new URL(url);
  const code = error instanceof Error && "code" in error ? error.code : "";
  if (code === "53100") {
    return `The disk of PostgreSQL at ${host} is full. Make room, and run the same command again to go on from there.`;
  }
  // What comes in the middle; what is said at the door has its own sentence.
  const isBroken =
    typeof code === "string" &&
    /^(?:08|57P0[125]|25P03|ECONNRESET|EPIPE)/.test(code);
  return isBroken || (error instanceof Error && isDriversWord(error))
    ? `The connection to PostgreSQL at ${host} was lost. What was copied stays where it is: run the same command again to go on from there.`
    : undefined;
}
