import { ParleyError } from "@parley/protocol";
import { folded } from "../names/folded.ts";
import type { AccountReads, CredentialRow } from "../store/account-reads.ts";
import type { Accounts } from "./accounts.ts";
import { demandPossiblePassword } from "./password-policy.ts";

interface Surroundings {
  accounts: Pick<Accounts, "passwords" | "guesses" | "devices">;
  reads: Pick<AccountReads, "credentialFor" | "secretOf">;
}

/**
 * Whose password this is, for who is not signed in. An unknown login and a
 * wrong password are one answer, after the same work (T35): `wrong_password`.
 * `cookies` say whether the person has signed in with this browser before.
 */
export async function showPassword(
  { accounts, reads }: Surroundings,
  {
    login,
    password,
    cookies,
  }: { login: string; password: string; cookies: string | undefined },
): Promise<CredentialRow> {
  demandPossiblePassword(password);
  const credential = await reads.credentialFor(login);
  const device =
    credential && accounts.devices.nameFor(credential.person, cookies);
  const guesser =
    device === undefined ? `login ${folded(login)}` : `device ${device}`;
  return compare(accounts, { guesser, password, credential });
}

/** The same for who is signed in, and shows their own once more. */
export async function showOwnPassword(
  { accounts, reads }: Surroundings,
  { person, password }: { person: string; password: string },
): Promise<CredentialRow> {
  demandPossiblePassword(password);
  const secret = await reads.secretOf(person);
  // A guest has none, and nobody has to be kept from finding that out.
  if (secret === undefined) throw new ParleyError("forbidden");
  const credential = { person, secret };
  const guesser = `person ${person}`;
  return compare(accounts, { guesser, password, credential });
}

async function compare(
  { passwords, guesses }: Surroundings["accounts"],
  {
    guesser,
    password,
    credential,
  }: {
    guesser: string;
    password: string;
    credential: CredentialRow | undefined;
  },
): Promise<CredentialRow> {
  const guess = guesses.begin(guesser);
  const isRight = await passwords
    .verify(password, credential?.secret)
    .catch((error: unknown) => {
      guess.undone();
      throw error;
    });
  if (!isRight || credential === undefined) {
    guess.wrong();
    throw new ParleyError("wrong_password");
  }
  guess.right();
  return credential;
}
