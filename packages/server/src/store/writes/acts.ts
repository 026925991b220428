import type { EventData, Person } from "@parley/protocol";
import { placeStream } from "../stream-keys.ts";
import { appendEvent, type WriteTransaction } from "./transaction.ts";

/** Notes what somebody did with the power that they have here. */
export async function noteAct(
  transaction: WriteTransaction,
  by: Person,
  act: EventData<"place.acted">,
): Promise<void> {
  await appendEvent(transaction, {
    stream: placeStream,
    type: "place.acted",
    by: by.id,
    author: by.name,
    data: act,
  });
}
