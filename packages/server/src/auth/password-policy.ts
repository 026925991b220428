import { codePoints, limits, ParleyError } from "@parley/protocol";
import { folded } from "../names/folded.ts";
import { isCommonPassword } from "./common-passwords.ts";

/** Shorter names are in too many words to be refused wherever they occur. */
const tellingLengthMin = 4;

/** What an attacker tries first besides the common ones. */
export interface KnownOfPerson {
  username?: string | undefined;
  email?: string | undefined;
  /** What the place is called. */
  place: string;
}

/**
 * Throws for a password that somebody must not choose: `weak_password` when it
 * is too short, common, or says who they are or where; anything else goes. Asked
 * before it is hashed.
 */
export async function demandGoodPassword(
  password: string,
  known: KnownOfPerson,
  { passwordLength }: { passwordLength: number },
): Promise<void> {
  demandPossiblePassword(password);
  const isShort = codePoints(password.normalize("NFC")) < passwordLength;
  const isWeak =
    isShort || tells(password, known) || (await isCommonPassword(password));
  if (isWeak) throw new ParleyError("weak_password");
}

/**
 * Throws for what cannot be anybody's password, so that nothing is hashed for
 * it (Q10).
 */
export function demandPossiblePassword(password: string): void {
  if (password === "") throw new ParleyError("invalid_value");
  if (!password.isWellFormed()) throw new ParleyError("invalid_text");
  if (codePoints(password) > limits.passwordCodePoints) {
    throw new ParleyError("too_long", {
      message: `A password can have ${limits.passwordCodePoints} characters.`,
    });
  }
}

function tells(
  password: string,
  { username = "", email = "", place }: KnownOfPerson,
): boolean {
  const text = folded(password);
  const [local = ""] = email.split("@");
  return [username, local, place, "parley"]
    .map(folded)
    .some(
      (word) => codePoints(word) >= tellingLengthMin && text.includes(word),
    );
}
