import type { FinalEvent, FinalLog } from "../history/record.ts";
import { StoredStream } from "./stored-stream.ts";

export interface StoredMessage {
  stream: string;
  event: FinalEvent;
}

/** The log as it is in the database at the end: what everything is judged by. */
export class StoredLog {
  readonly epoch: string;
  readonly streams = new Map<string, StoredStream>();
  /** Messages by cid; the first of each. */
  readonly byCid = new Map<string, StoredMessage>();
  readonly final: FinalLog;

  /** How often somebody was taken out of a room by somebody else. */
  removalCount(): number {
    let count = 0;
    for (const events of this.final.streams.values()) {
      for (const { type, by, person } of events) {
        if (type === "member.left" && by !== person) count += 1;
      }
    }
    return count;
  }

  constructor(final: FinalLog) {
    this.final = final;
    this.epoch = final.epoch;
    for (const [name, events] of final.streams) {
      this.streams.set(name, new StoredStream(name, events));
      for (const event of events) {
        const { cid, type } = event;
        if (type !== "message.posted" || cid === null) continue;
        if (!this.byCid.has(cid)) this.byCid.set(cid, { stream: name, event });
      }
    }
  }
}
