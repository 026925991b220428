import { ParleyError, standsAbove } from "@parley/protocol";
import { founder } from "../founder.ts";
import { findSomebody, type Acting } from "./actors.ts";
import type { WriteTransaction } from "./transaction.ts";

/** Whom an administrator does something to; the server itself is nobody. */
export async function findSubject(
  transaction: WriteTransaction,
  id: string,
): Promise<Acting> {
  const subject =
    id === founder ? undefined : await findSomebody(transaction, id);
  if (subject === undefined) throw new ParleyError("not_found");
  return subject;
}

/** Throws `forbidden` unless this one stands below the other. */
export function demandAbove(actor: Acting, subject: Acting): void {
  if (!standsAbove(actor.role, subject.role)) {
    throw new ParleyError("forbidden");
  }
}
