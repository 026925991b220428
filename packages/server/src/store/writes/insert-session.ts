import type { WriteTransaction } from "./transaction.ts";

/** A session that somebody begins. */
export interface NewSession {
  tokenHash: string;
  expiresAt: number;
  /** What the browser calls itself (auth/agent.ts). */
  agent?: string | undefined;
}

/**
 * Signs somebody in. `isConfirmed`: they have proved just now who they are, by
 * a password or a link that was made for them. Once, when it is repeated
 * because the answer of its commit was lost.
 */
export async function insertSession(
  { db, now }: WriteTransaction,
  person: string,
  { session, isConfirmed }: { session: NewSession; isConfirmed: boolean },
): Promise<void> {
  const { tokenHash, expiresAt, agent = "" } = session;
  await db
    .insertInto("sessions")
    .values({
      token_hash: tokenHash,
      person,
      created_at: now,
      used_at: now,
      expires_at: expiresAt,
      agent,
      confirmed_at: isConfirmed ? now : 0,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}
