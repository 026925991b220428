import { describe, expect, test } from "bun:test";
import { foundBefore, record, type Changes } from "./testing/changed-story.ts";
import type { Story } from "./testing/story.ts";

/** Writes something, and looks at its row. */
function writeAndLook(story: Story): string {
  const cid = story.write("ann1", "ann1/1", "room", "ok.");
  look(story, [cid]);
  return cid;
}

function look(story: Story, pending: string[], failed: string[] = []): void {
  story.show("ann1", "room");
  Object.assign(record(story, "shown", -1), { pending, failed });
}

function arrive(story: Story, cid: string): void {
  const seq = story.keep("ann1", "room", cid, "ok.");
  for (const c of ["ann1", "ben1", "cat1"]) {
    story.receive(c, `${c}/1`, "room", seq);
  }
  story.ok("ann1", "ann1/1", "room", cid, seq);
}

const code = "no_connection";

const allowed: [what: string, happen: Changes][] = [
  [
    "a row that is stored",
    (story) => {
      const cid = writeAndLook(story);
      arrive(story, cid);
      look(story, []);
    },
  ],
  [
    "a row that fails, and is thrown away",
    (story) => {
      const cid = writeAndLook(story);
      story.tell("ann1", { k: "failed", cid, code });
      look(story, [], [cid]);
      story.tell("ann1", { k: "discarded", cid });
      look(story, []);
    },
  ],
  [
    "a row that fails, and is tried again",
    (story) => {
      const cid = writeAndLook(story);
      story.tell("ann1", { k: "failed", cid, code });
      look(story, [], [cid]);
      const { h } = record(story, "wrote", -1);
      story.tell("ann1", { k: "wrote", stream: "room", cid, h });
      look(story, [cid]);
      arrive(story, cid);
    },
  ],
  [
    "a row that a page shows again once it has read what was kept",
    (story) => {
      const cid = writeAndLook(story);
      story.tell("ann1", { k: "boot" });
      look(story, []);
      look(story, [cid]);
      story.connect("ann1", "ann1/1");
      story.resume("ann1", "ann1/1", "room", 10);
      arrive(story, cid);
    },
  ],
  [
    "what goes with a sign-out",
    (story) => {
      writeAndLook(story);
      look(story, []);
      story.tell("ann1", { k: "session-ended", device: "ann1" });
    },
  ],
];

describe("rows that are not stored yet", () => {
  test.each(allowed)("may go: %s", (_what, happen) => {
    expect(foundBefore(happen)).toEqual([]);
  });

  test("[V-5] may not go out for a while", () => {
    const happen: Changes = (story) => {
      const cid = writeAndLook(story);
      look(story, []);
      arrive(story, cid);
    };
    expect(foundBefore(happen)).toEqual(["V-5"]);
  });

  test("[V-5] end once more when they are tried again", () => {
    const happen: Changes = (story) => {
      const cid = story.write("ann1", "ann1/1", "room", "ok.");
      story.tell("ann1", { k: "failed", cid, code });
      const { h } = record(story, "wrote", -1);
      story.tell("ann1", { k: "wrote", stream: "room", cid, h });
    };
    expect(foundBefore(happen)).toEqual(["V-5"]);
  });
});
