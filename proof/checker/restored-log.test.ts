import { describe, expect, test } from "bun:test";
import { record, rulesOf, type Changes } from "./testing/changed-story.ts";
import { endQuietly, soundStory, type Story } from "./testing/story.ts";

const devices = ["ann1", "ben1", "cat1"] as const;

/**
 * A run whose log was replaced by an older one, of another epoch: everybody is
 * welcomed to it once, and starts afresh with the next connection.
 */
function foundIn({
  inOldLog,
  between,
  inNewLog,
}: {
  inOldLog?: Changes;
  /** Before anybody follows a stream of the new log. */
  between?: Changes;
  inNewLog?: Changes;
}): string[] {
  const story = soundStory();
  for (const one of story.records) if (one.k === "welcome") one.epoch = "e0";
  record(story, "marked").seq = 99;
  inOldLog?.(story);
  for (const c of devices) {
    story.tell(c, { k: "close", conn: `${c}/1`, code: 1006, by: "server" });
    story.connect(c, `${c}/2`);
    story.tell(c, { k: "close", conn: `${c}/2`, code: 1000, by: "client" });
  }
  between?.(story);
  for (const c of devices) {
    story.connect(c, `${c}/3`);
    story.resume(c, `${c}/3`, "room", story.head("room"));
  }
  inNewLog?.(story);
  endQuietly(story);
  return rulesOf(story, { wasRestored: true });
}

/** Rows that are not in the log. */
function showOldRows(story: Story, c: string): void {
  const { t } = story;
  story.records.push({ ...record(story, "shown"), t, c, p: "ann", d: 1 });
}

const allowed: [what: string, when: Parameters<typeof foundIn>[0]][] = [
  ["fresh numbers, after a welcome to the new epoch", {}],
  [
    "that what was acknowledged in the old one is gone",
    {
      inOldLog: (story) => {
        const cid = story.write("ann1", "ann1/1", "room", "lost");
        story.ok("ann1", "ann1/1", "room", cid, 11);
      },
    },
  ],
  [
    "that a message is gone whose event came in the old one",
    {
      inOldLog: (story) => {
        story.write("ann1", "ann1/1", "room", "seen by all, and lost");
      },
    },
  ],
  [
    "that the old rows stand there until the stream begins anew",
    {
      between: (story) => {
        showOldRows(story, "ann1");
      },
    },
  ],
  [
    "that a reload paints what was stored of the old one",
    {
      inNewLog: (story) => {
        story.tell("ann1", { k: "boot" });
        showOldRows(story, "ann1");
        story.connect("ann1", "ann1/4");
        story.reset("ann1", "ann1/4", "room", 11);
      },
    },
  ],
  [
    "a page that was asked for before the new one was heard of",
    {
      inOldLog: (story) => {
        record(story, "page").d = 1;
      },
      between: (story) => {
        const { t } = story;
        story.records.push({ ...record(story, "page"), asked: 1_001, t });
      },
    },
  ],
  [
    "a message that was refused because its room is gone",
    {
      inNewLog: (story) => {
        const cid = story.write("ann1", "ann1/3", "newer", "anybody here?");
        const on = { conn: "ann1/3", cid, code: "not_found" };
        story.tell("ann1", { k: "error", ...on, retryable: false });
      },
    },
  ],
  [
    "that somebody who had signed out is signed in again",
    {
      inOldLog: (story) => {
        story.tell("ben1", { k: "session-ended", device: "ben1" });
      },
      inNewLog: (story) => {
        story.wait(2_000);
        const seq = story.post("ann1", "ann1/3", "room", "seven");
        for (const c of devices) story.receive(c, `${c}/3`, "room", seq);
      },
    },
  ],
];

describe("after an older log took the newer one's place", () => {
  test.each(allowed)("lets pass %s", (_what, when) => {
    expect(foundIn(when)).toEqual([]);
  });

  test("[S-1] finds numbers of the old one that are gone on from", () => {
    const story = soundStory();
    for (const one of story.records) if (one.k === "welcome") one.epoch = "e0";
    for (const c of ["ben1", "cat1"]) {
      story.connect(c, `${c}/2`);
      story.reset(c, `${c}/2`, "room", 10);
    }
    story.connect("ann1", "ann1/2");
    story.resume("ann1", "ann1/2", "room", 10);
    endQuietly(story);
    const resume = story.records.findLast((one) => one.k === "resume");
    if (resume?.k !== "resume") throw new Error("nobody resumed");
    const options = { wasRestored: true };
    expect(rulesOf(story, options)).toEqual(["S-1"]);
    // Its hello says in which epoch it counts: a list of rooms may have told it.
    resume.of = "e0";
    expect(rulesOf(story, options)).toEqual(["S-1"]);
    resume.of = "e1";
    expect(rulesOf(story, options)).toEqual([]);
  });

  test("[S-1] finds the old epoch named after a welcome to the new one", () => {
    const inNewLog: Changes = (story) => {
      const resume = record(story, "resume", -1);
      resume.of = "e0";
    };
    expect(foundIn({ inNewLog })).toEqual(["S-1"]);
  });

  test("[V-5] finds a message that vanishes though it still waited there", () => {
    const inOldLog: Changes = (story) => {
      story.write("ann1", "ann1/1", "room", "vanishes");
    };
    const inNewLog: Changes = (story) => {
      story.show("ann1", "room");
      record(story, "shown", -1).pending = ["cid-7"];
    };
    expect(foundIn({ inOldLog, inNewLog })).toEqual(["V-5"]);
  });

  test("[D-1] finds what the new one acknowledged and lost", () => {
    const inNewLog: Changes = (story) => {
      const cid = story.write("ann1", "ann1/3", "room", "lost");
      story.ok("ann1", "ann1/3", "room", cid, 11);
    };
    expect(foundIn({ inNewLog })).toEqual(["D-1"]);
  });
});
