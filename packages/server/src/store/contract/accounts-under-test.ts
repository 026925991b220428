import type { Me } from "@parley/protocol";
import { newToken } from "../../identifiers.ts";
import { founder } from "../founder.ts";
import type { AccountToClaim } from "../writes/claim-account.ts";
import type { NewSession } from "../writes/insert-session.ts";
import type { StoreUnderTest } from "./store-under-test.ts";

/** Somebody with an account, and what opens it. */
export type TestAccount = Me & {
  username: string;
  /** Of the session that they are signed in with. */
  hash: string;
  /** What stands for their password's hash. */
  secret: string;
};

const dayMs = 86_400_000;

export const newName = (): string => `Person ${newToken(8)}`;
export const newUsername = (): string => newToken(12).toLowerCase();
export const newSecret = (): string => `$argon2id$${newToken(12)}`;
export const newSession = (): NewSession => ({
  ...{ tokenHash: newToken(30), expiresAt: Date.now() + dayMs },
  agent: "Firefox on Linux",
});

/** What a guest asks for who claims an account. */
export function claimOf(
  { id, name }: Me,
  wanted: Partial<AccountToClaim> = {},
): AccountToClaim {
  return {
    ...{ person: id, name, email: `${id}@example.org` },
    ...{ username: newUsername(), secret: newSecret(), session: newSession() },
    ...wanted,
  };
}

/** Accounts and what opens them, in the contract's words. */
export class AccountsUnderTest {
  readonly #under: StoreUnderTest;

  constructor(under: StoreUnderTest) {
    this.#under = under;
  }

  /** A guest who has claimed an account. */
  readonly account = async (
    wanted: Partial<AccountToClaim> = {},
  ): Promise<TestAccount> => {
    const claim = claimOf(await this.#under.guest(newName()), wanted);
    const me = await this.#under.store.write("claimAccount", claim);
    const { username, secret, session } = claim;
    return { ...me, username, secret, hash: session.tokenHash };
  };

  /** Whether there is a session with this hash. */
  readonly isOpen = async (tokenHash: string): Promise<boolean> =>
    (await this.#under.store.reads.sessions([tokenHash])).has(tokenHash);

  /** A link to choose a password, from the operator; answers its hash. */
  readonly linkFor = async (person: string, forMs = dayMs): Promise<string> => {
    const tokenHash = newToken(30);
    const link = { by: founder, person, tokenHash, forMs };
    await this.#under.store.write("makeResetLink", link);
    return tokenHash;
  };
}
