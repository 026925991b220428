import type { FinalEvent } from "../../history/record.ts";
import type { Judgement } from "../judgement.ts";

/** The log in itself: its numbers (D-5), its times (O-7), each cid once (D-3). */
export function judgeNumbers({ log, findings }: Judgement): void {
  for (const [stream, events] of log.final.streams) {
    let last = 0;
    let at = 0;
    for (const event of events) {
      const { seq } = event;
      if (seq !== last + 1) {
        const words = `${seq} stands after ${last} in ${stream}`;
        findings.add({ rule: "D-5", t: 0, words, stream });
      }
      if (event.at < at) {
        const words = `${seq} in ${stream} is older (${event.at}) than the one before it (${at})`;
        findings.add({ rule: "O-7", t: 0, words, stream });
      }
      last = seq;
      at = event.at;
      const twin = twinOf(event, log.byCid.get(event.cid ?? "")?.event);
      if (twin !== undefined) {
        const words = `${String(event.cid)} is stored twice: as ${twin.seq} and as ${seq} of ${stream}`;
        const cid = event.cid ?? undefined;
        findings.add({ rule: "D-3", t: 0, words, stream, cid });
      }
    }
  }
}

function twinOf(
  event: FinalEvent,
  first: FinalEvent | undefined,
): FinalEvent | undefined {
  const isMessage = event.type === "message.posted";
  return isMessage && first !== event ? first : undefined;
}
