import { describe, expect, test } from "bun:test";
import { textDigest } from "../history/digest.ts";
import {
  foundAfter,
  record,
  remove,
  type Changes,
} from "./testing/changed-story.ts";

/** Each is one minimal change, and the one rule that has to find it. */
const changes: [rule: string, what: string, change: Changes][] = [
  [
    "D-2",
    "a message that nobody wrote",
    (story) => {
      const { cid } = record(story, "wrote");
      const of = story.records.filter((one) => "cid" in one && one.cid === cid);
      remove(story, ...of);
    },
  ],
  [
    "D-3",
    "a message that was acknowledged under two numbers",
    (story) => {
      const ok = record(story, "ok");
      story.records.push({ ...ok, t: story.t, seq: 99, repeated: true });
    },
  ],
  [
    "D-4",
    "a message that was refused for good and is there",
    (story) => {
      const ok = record(story, "ok");
      const { t, p, c, conn, cid } = ok;
      const code = "invalid_text";
      Object.assign(ok, { t, p, c, conn, cid, k: "error", code, seq: 0 });
      Object.assign(ok, { retryable: false });
    },
  ],
  [
    "D-7",
    "a message with another text than was written",
    (story) => {
      record(story, "wrote").h = textDigest("ONE");
    },
  ],
  [
    "O-7",
    "a time that goes back",
    (story) => {
      const events = story.events("room");
      Object.assign(events[6] ?? {}, { at: 1 });
    },
  ],
  [
    "O-2",
    "two messages of one device in the other order",
    (story) => {
      const [one, three] = [record(story, "wrote"), record(story, "wrote", 2)];
      // What was acknowledged by then is not known any more either.
      for (const cid of [one.cid, three.cid])
        remove(
          story,
          ...story.records.filter((r) => r.k === "ok" && r.cid === cid),
        );
      one.t = three.t + 1;
      record(story, "sent").t = three.t + 1;
      for (const ok of story.records.filter(({ k }) => k === "ok"))
        ok.t = story.t;
    },
  ],
  [
    "O-4",
    "a message below one that was acknowledged before it was written",
    (story) => {
      const [wrote, sent, ok] = [
        record(story, "wrote"),
        record(story, "sent"),
        record(story, "ok"),
      ];
      // Ben's was acknowledged first; Ann's is of another device from now on.
      const later = record(story, "ok", 1).t + 0.5;
      Object.assign(wrote, { t: later });
      Object.assign(sent, { t: later });
      Object.assign(ok, { t: later });
    },
  ],
  [
    "O-5",
    "a newest page without what was acknowledged before it was asked for",
    (story) => {
      const page = record(story, "page");
      Object.assign(page, { from: 1, to: 4, rows: 0, d: 0, head: 10 });
    },
  ],
  [
    "O-5",
    "a page whose rows are not the log's",
    (story) => {
      record(story, "page").d += 1;
    },
  ],
  [
    "O-5",
    "a page with a row too few",
    (story) => {
      record(story, "page").rows -= 1;
    },
  ],
  [
    "O-5",
    "a page above its own head",
    (story) => {
      story.log.streams.get("room")?.push({
        ...{ seq: 11, at: story.t, type: "room.created", by: "ann" },
        ...{ cid: null, text: null, person: null },
      });
      for (const shown of story.records)
        if (shown.k === "shown" && shown.quiet) shown.to = 11;
      record(story, "page").to = 11;
    },
  ],
  [
    "D-7",
    "an event that is another one in the log",
    (story) => {
      record(story, "recv").d += 1;
    },
  ],
];

describe("finds by exactly its rule, in what was written and read,", () => {
  test.each(changes)("[%s] %s", (rule, _what, change) => {
    expect(foundAfter(change)).toEqual([rule]);
  });
});
