import { describe, expect, test } from "bun:test";
import {
  foundAfter,
  record,
  remove,
  type Changes,
} from "./testing/changed-story.ts";

/** Each is one minimal change, and the one rule that has to find it. */
const changes: [rule: string, what: string, change: Changes][] = [
  [
    "V-2",
    "a screen with other rows than the log",
    (story) => {
      record(story, "shown").d += 1;
    },
  ],
  [
    "V-2",
    "a screen with a row too many",
    (story) => {
      record(story, "shown").rows += 1;
    },
  ],
  [
    "V-2",
    "older rows that are not the log's",
    (story) => {
      record(story, "shown", -1).older = [{ from: 1, to: 3, rows: 1, d: 7 }];
    },
  ],
  [
    "V-1",
    "a row that stands there twice",
    (story) => {
      record(story, "shown").flaw = "[V-1] cid-1 stands there twice";
    },
  ],
  [
    "V-3",
    "rows that were there and are not any more",
    (story) => {
      const late = record(story, "shown", 7);
      const early = record(story, "shown", 1);
      Object.assign(late, { to: early.to, rows: early.rows, d: early.d });
    },
  ],
  [
    "O-3",
    "a screen whose head goes down",
    (story) => {
      record(story, "shown", 7).head = 5;
    },
  ],
  [
    "V-4",
    "a screen that ends below the log's head when all is quiet",
    (story) => {
      const last = record(story, "shown", -1);
      const { rows, d } = record(story, "shown", -4);
      expect(last.rows).toBe(rows);
      story.store("room", { type: "room.created", by: "ann" });
      for (const shown of story.records)
        if (shown.k === "shown" && shown.quiet && shown !== last) shown.to = 11;
      Object.assign(last, { d });
    },
  ],
  [
    "V-4",
    "a room that a device does not show when all is quiet",
    (story) => {
      remove(story, record(story, "shown", -1));
    },
  ],
  [
    "L-2",
    "a row that still waits when all is quiet",
    (story) => {
      record(story, "shown", -1).pending.push("cid-1");
    },
  ],
  [
    "L-2",
    "screens that are the same too late",
    (story) => {
      record(story, "phase").t -= 5_001;
    },
  ],
  [
    "L-2",
    "screens that are never the same",
    (story) => {
      remove(story, record(story, "phase", 1));
    },
  ],
  [
    "U-1",
    "a count of unread messages that is one too high",
    (story) => {
      record(story, "shown", -1).unread += 1;
    },
  ],
  [
    "U-1",
    "own messages that count as unread",
    (story) => {
      record(story, "shown", -1).unread = 6;
    },
  ],
  [
    "U-2",
    "a mark that is lower than its person was told",
    (story) => {
      record(story, "marked").seq = 9;
    },
  ],
  [
    "U-2",
    "a mark above the head",
    (story) => {
      story.log.marks.push({ stream: "room", person: "dan", read: 11 });
    },
  ],
  [
    "U-5",
    "a device that shows another mark than is stored",
    (story) => {
      const mark = story.log.marks.find(({ person }) => person === "ben");
      if (mark) mark.read = 1;
    },
  ],
  [
    "L-3",
    "a server that ends by itself",
    (story) => {
      story.happen({ k: "server", node: "n1", is: "exited" });
    },
  ],
  [
    "S-1",
    "a welcome to another epoch than the log's",
    (story) => {
      story.connect("ann1", "ann1/2", "e2");
    },
  ],
];

describe("finds by exactly its rule, on screens and at the end,", () => {
  test.each(changes)("[%s] %s", (rule, _what, change) => {
    expect(foundAfter(change)).toEqual([rule]);
  });
});
