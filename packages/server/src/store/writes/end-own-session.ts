import { ParleyError } from "@parley/protocol";
import { publicSessionId } from "../session-id.ts";
import { findActor } from "./actors.ts";
import { endSession, endSessionsOf } from "./end-session.ts";
import type { WriteTransaction } from "./transaction.ts";

/** Ends one of one's own sessions, by its public id. Another's is `not_found`. */
export async function endOwnSession(
  transaction: WriteTransaction,
  { by, session }: { by: string; session: string },
): Promise<{ tokenHash: string }> {
  const rows = await transaction.db
    .selectFrom("sessions")
    .select("token_hash")
    .where("person", "=", by)
    .execute();
  const tokenHash = rows
    .map(({ token_hash }) => token_hash)
    .find((hash) => publicSessionId(hash) === session);
  if (tokenHash === undefined) throw new ParleyError("not_found");
  await endSession(transaction, { tokenHash });
  return { tokenHash };
}

/** Ends all of one's sessions but this one. Answers their public ids. */
export async function endOtherSessions(
  transaction: WriteTransaction,
  { by, tokenHash }: { by: string; tokenHash: string },
): Promise<{ ended: string[] }> {
  const actor = await findActor(transaction, by);
  const ended = await endSessionsOf(transaction, actor, { except: tokenHash });
  return { ended };
}
