import { describe, expect, test } from "bun:test";
import { checkHistory } from "./check-history.ts";
import { foundBefore, record, type Changes } from "./testing/changed-story.ts";
import { soundStory } from "./testing/story.ts";

/** The same for what goes wrong while people talk. */
const meanwhile: [rule: string, what: string, happen: Changes][] = [
  [
    "D-1",
    "an acknowledged message that is not in the log",
    (story) => {
      const cid = story.write("ann1", "ann1/1", "room", "lost");
      story.ok("ann1", "ann1/1", "room", cid, 11);
    },
  ],
  [
    "D-3",
    "a cid that stands in the log twice",
    (story) => {
      const { cid } = record(story, "wrote", 5);
      story.keep("ben1", "room", cid, "six");
    },
  ],
  [
    "D-5",
    "a number that the log does not have",
    (story) => {
      const events = story.events("room");
      events.push({
        ...{ seq: 12, at: story.t, type: "room.created", by: "ann" },
        ...{ cid: null, text: null, person: null },
      });
    },
  ],
  [
    "D-6",
    "what was shown before a server's end and is gone after it",
    (story) => {
      story.keep("ben1", "room", "cid-x", "gone");
      story.receive("ann1", "ann1/1", "room", 11);
      story.events("room").pop();
      const injected = true;
      story.happen({ k: "server", node: "n1", is: "exited", injected });
    },
  ],
  [
    "V-5",
    "a message that vanishes",
    (story) => {
      story.write("ann1", "ann1/1", "room", "vanishes");
    },
  ],
  [
    "V-5",
    "a message that a reload forgets",
    (story) => {
      story.tell("ann1", { k: "wrote", stream: "room", cid: "x", h: 1 });
      story.tell("ann1", { k: "boot" });
    },
  ],
  [
    "V-5",
    "a message that a crash takes so long after it was written",
    (story) => {
      story.tell("ann1", { k: "wrote", stream: "room", cid: "x", h: 1 });
      story.wait(1_001);
      story.tell("ann1", { k: "crash" });
      story.tell("ann1", { k: "boot" });
    },
  ],
  [
    "O-1",
    "an event that comes twice on a live connection",
    (story) => {
      story.receive("ann1", "ann1/1", "room", 10);
      story.wait(3_000);
    },
  ],
  [
    "O-1",
    "a replay that begins with what the client has",
    (story) => {
      story.tell("ann1", {
        k: "close",
        conn: "ann1/1",
        code: 1006,
        by: "server",
      });
      story.connect("ann1", "ann1/2");
      story.receive("ann1", "ann1/2", "room", 9, 10);
      const got = { live: 10 };
      const asked = story.t;
      const on = { conn: "ann1/2", stream: "room" };
      story.tell("ann1", { k: "resume", ...on, have: 9, asked, got });
    },
  ],
  [
    "S-1",
    "a number that a live connection never gets",
    (story) => {
      const on = ["ann1", "ann1/1", "room"] as const;
      story.post(...on, "seven");
      const eight = story.post(...on, "eight");
      story.receive(...on, eight);
      story.wait(3_000);
    },
  ],
  [
    "S-1",
    "a resume that leaves out what came meanwhile",
    (story) => {
      story.connect("ann1", "ann1/2");
      const got = { live: 10 };
      const asked = story.t;
      const on = { conn: "ann1/2", stream: "room" };
      story.tell("ann1", { k: "resume", ...on, have: 8, asked, got });
      story.wait(3_000);
    },
  ],
  [
    "S-1",
    "a replay that begins too late",
    (story) => {
      story.connect("ann1", "ann1/2");
      story.receive("ann1", "ann1/2", "room", 10);
      const got = { live: 10 };
      const asked = story.t;
      const on = { conn: "ann1/2", stream: "room" };
      story.tell("ann1", { k: "resume", ...on, have: 8, asked, got });
      story.wait(3_000);
    },
  ],
  [
    "O-3",
    "a node that knows less than the one before",
    (story) => {
      story.connect("ann1", "ann1/2");
      const got = { reset: 9 };
      const asked = story.t;
      const on = { conn: "ann1/2", stream: "room" };
      story.tell("ann1", { k: "resume", ...on, have: null, asked, got });
      story.receive("ann1", "ann1/2", "room", 10);
    },
  ],
  [
    "O-3",
    "a reload that begins with less than was known",
    (story) => {
      story.tell("ann1", { k: "boot" });
      story.connect("ann1", "ann1/2");
      const got = { live: 9 };
      const on = { conn: "ann1/2", stream: "room" };
      const asked = story.t;
      story.tell("ann1", { k: "resume", ...on, have: 9, asked, got });
      story.receive("ann1", "ann1/2", "room", 10);
    },
  ],
  [
    "A-1",
    "what is said in a room after its person has left it",
    (story) => {
      for (const c of ["ann1", "ben1", "cat1"]) {
        const left = c === "ann1" ? story.leave("room", "cat") : 11;
        story.receive(c, `${c}/1`, "room", left);
      }
      const seq = story.post("ann1", "ann1/1", "room", "about cat");
      story.receive("cat1", "cat1/1", "room", seq);
    },
  ],
  [
    "A-1",
    "what was said while somebody was out, who came back and did not ask for it",
    (story) => {
      const left = story.leave("room", "cat");
      story.receive("cat1", "cat1/1", "room", left);
      story.tell("cat1", { k: "unfollow", conn: "cat1/1", stream: "room" });
      const seq = story.post("ann1", "ann1/1", "room", "about cat");
      story.receive("cat1", "cat1/1", "room", seq);
      const joined = story.join("room", "cat");
      story.resume("cat1", "cat1/1", "room", joined);
    },
  ],
  [
    "A-1",
    "somebody else's inbox",
    (story) => {
      story.connect("ann1", "ann1/2");
      story.receive("ann1", "ann1/2", "inbox:ben", 1);
    },
  ],
  [
    "A-2",
    "what comes after a session has ended",
    (story) => {
      story.tell("ann1", { k: "session-ended", device: "ann1" });
      story.wait(1_001);
      const seq = story.post("ben1", "ben1/1", "room", "late");
      story.receive("ann1", "ann1/1", "room", seq);
    },
  ],
  [
    "A-2",
    "what comes a second after a session has ended, where the fault was over before",
    (story) => {
      const fault = { k: "fault", kind: "bus loses", target: "bus" } as const;
      story.happen({ ...fault, is: "on" });
      story.happen({ ...fault, is: "off" });
      story.wait(1);
      story.tell("ann1", { k: "session-ended", device: "ann1" });
      story.wait(1_001);
      const seq = story.post("ben1", "ben1/1", "room", "late");
      story.receive("ann1", "ann1/1", "room", seq);
    },
  ],
  [
    "L-1",
    "a post that nobody answers while nothing is wrong",
    (story) => {
      const cid = story.write("ann1", "ann1/1", "room", "well?");
      story.keep("ann1", "room", cid, "well?");
      story.wait(5_001);
    },
  ],
];

describe("finds by exactly its rule, while people talk,", () => {
  test.each(meanwhile)("[%s] %s", (rule, _what, happen) => {
    expect(foundBefore(happen)).toEqual([rule]);
  });

  test("[O-5] a resume without what was acknowledged, where one node serves everybody", () => {
    const happen: Changes = (story) => {
      const seq = story.post("ben1", "ben1/1", "room", "seven");
      story.connect("ann1", "ann1/2");
      const got = { live: seq - 1 };
      const on = { conn: "ann1/2", stream: "room" };
      const asked = story.t;
      story.tell("ann1", { k: "resume", ...on, have: 10, asked, got });
      story.receive("ann1", "ann1/2", "room", seq);
    };
    expect(foundBefore(happen, { isOneNode: true })).toEqual(["O-5"]);
    expect(foundBefore(happen)).toEqual([]);
  });

  test("[A-2] what comes after a session whose end a fault may have lost the word of", () => {
    const after =
      (ms: number): Changes =>
      (story) => {
        const fault = { k: "fault", kind: "bus loses", target: "bus" } as const;
        story.happen({ ...fault, is: "on" });
        story.tell("ann1", { k: "session-ended", device: "ann1" });
        const endedAt = story.t;
        story.wait(100);
        story.happen({ ...fault, is: "off" });
        const seq = story.post("ben1", "ben1/1", "room", "late");
        story.wait(endedAt + ms - story.t);
        story.receive("ann1", "ann1/1", "room", seq);
      };
    expect(foundBefore(after(2_500))).toEqual([]);
    expect(foundBefore(after(2_501))).toEqual(["A-2"]);
  });

  test("[D-1] tells where in a sender's line the lost ones stand", () => {
    const story = soundStory();
    const [, third] = ["one", "three"].map((text) =>
      story.events("room").findIndex((event) => event.text === text),
    );
    const event = story.events("room")[third ?? 0];
    if (event) Object.assign(event, { type: "room.created", text: null });
    const { violations } = checkHistory(story);
    const lost = violations.find(({ rule }) => rule === "D-1");
    expect(lost?.words).toContain("the middle of what ann1");
  });
});
