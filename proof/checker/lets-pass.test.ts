import { describe, expect, test } from "bun:test";
import {
  foundBefore,
  record,
  rulesOf,
  type Changes,
} from "./testing/changed-story.ts";
import { soundStory } from "./testing/story.ts";

/** What looks like a violation and is none. */
const allowed: [what: string, happen: Changes][] = [
  [
    "a resume that misses nothing",
    (story) => {
      story.tell("ann1", {
        k: "close",
        conn: "ann1/1",
        code: 1006,
        by: "server",
      });
      story.connect("ann1", "ann1/2");
      story.resume("ann1", "ann1/2", "room", 10);
      const seq = story.post("ann1", "ann1/2", "room", "seven");
      story.receive("ann1", "ann1/2", "room", seq);
    },
  ],
  [
    "a resume that replays just what is missing",
    (story) => {
      story.connect("ann1", "ann1/2");
      story.resume("ann1", "ann1/2", "room", 7);
    },
  ],
  [
    "a reset, and what comes after it",
    (story) => {
      story.connect("ann1", "ann1/2");
      story.reset("ann1", "ann1/2", "room", 2);
      const seq = story.post("ann1", "ann1/2", "room", "seven");
      story.receive("ann1", "ann1/2", "room", seq);
    },
  ],
  [
    "a hole on a connection that is cut right after it",
    (story) => {
      story.post("ann1", "ann1/1", "room", "seven");
      const seq = story.post("ann1", "ann1/1", "room", "eight");
      story.receive("ann1", "ann1/1", "room", seq);
      story.tell("ann1", {
        k: "close",
        conn: "ann1/1",
        code: 1006,
        by: "server",
      });
      story.wait(3_000);
    },
  ],
  [
    "a stream that is followed again from further back",
    (story) => {
      story.receive("ann1", "ann1/1", "room", 9, 10);
      const got = { live: 10 };
      const on = { conn: "ann1/1", stream: "room" };
      const asked = story.t;
      story.tell("ann1", { k: "resume", ...on, have: 8, asked, got });
      story.wait(3_000);
    },
  ],
  [
    "what is on its way when a room is not followed any more",
    (story) => {
      const conn = "cat1/1";
      story.tell("cat1", { k: "unfollow", conn, stream: "room" });
      const seq = story.post("ann1", "ann1/1", "room", "seven");
      story.receive("cat1", conn, "room", seq);
      story.resume("cat1", conn, "room", 10);
    },
  ],
  [
    "leaving and coming back, and what was said meanwhile after it",
    (story) => {
      const conn = "cat1/1";
      const left = story.leave("room", "cat");
      story.receive("cat1", conn, "room", left);
      story.tell("cat1", { k: "unfollow", conn, stream: "room" });
      story.post("ann1", "ann1/1", "room", "cat is out");
      story.join("room", "cat");
      story.resume("cat1", conn, "room", left);
    },
  ],
  [
    "coming back to where the room is now",
    (story) => {
      const conn = "cat1/1";
      const left = story.leave("room", "cat");
      story.receive("cat1", conn, "room", left);
      story.post("ann1", "ann1/1", "room", "cat is out");
      const joined = story.join("room", "cat");
      story.resume("cat1", conn, "room", joined);
    },
  ],
  [
    "a message that a crash takes right after it was written",
    (story) => {
      story.tell("ann1", { k: "wrote", stream: "room", cid: "x", h: 1 });
      story.wait(900);
      story.tell("ann1", { k: "crash" });
      story.tell("ann1", { k: "boot" });
    },
  ],
  [
    "a message that failed, and that was thrown away",
    (story) => {
      const cid = story.write("ann1", "ann1/1", "room", "bad");
      const code = "invalid_text";
      const on = { conn: "ann1/1", cid, code };
      story.tell("ann1", { k: "error", ...on, retryable: false });
      story.tell("ann1", { k: "failed", cid, code });
      story.tell("ann1", { k: "discarded", cid });
    },
  ],
  [
    "a message that was refused because its room had been left",
    (story) => {
      const cid = story.write("cat1", "cat1/1", "room", "still here?");
      const left = story.leave("room", "cat");
      const on = { conn: "cat1/1", cid, code: "not_found" };
      story.tell("cat1", { k: "error", ...on, retryable: false });
      story.receive("cat1", "cat1/1", "room", left);
    },
  ],
  [
    "a message that was refused in a room out of which its author was taken just then",
    (story) => {
      const cid = story.write("cat1", "cat1/1", "room", "anybody?");
      const on = { conn: "cat1/1", cid, code: "archived" };
      story.tell("cat1", { k: "error", ...on, retryable: false });
      const left = story.leave("room", "cat");
      story.receive("cat1", "cat1/1", "room", left);
    },
  ],
  [
    "a message that a sign-out wipes",
    (story) => {
      story.write("ann1", "ann1/1", "room", "too late");
      story.tell("ann1", { k: "session-ended", device: "ann1" });
      story.tell("ann1", {
        ...{ k: "close", conn: "ann1/1", code: 4003, by: "server" },
      });
    },
  ],
  [
    "a failed message that is sent again under a new cid, and comes last",
    (story) => {
      const bad = story.write("ann1", "ann1/1", "room", "bad");
      const code = "not_found";
      const on = { conn: "ann1/1", cid: bad, code };
      story.tell("ann1", { k: "error", ...on, retryable: false });
      story.tell("ann1", { k: "failed", cid: bad, code });
      story.post("ann1", "ann1/1", "room", "later");
      story.post("ann1", "ann1/1", "room", "bad");
    },
  ],
  [
    "a failed message that is sent again under its cid, and comes after later ones",
    (story) => {
      const late = story.write("ann1", "ann1/1", "room", "late");
      const code = "no_connection";
      story.tell("ann1", { k: "failed", cid: late, code });
      story.post("ann1", "ann1/1", "room", "sooner");
      const on = { conn: "ann1/1", stream: "room", cid: late };
      story.tell("ann1", { k: "sent", ...on });
      const seq = story.keep("ann1", "room", late, "late");
      story.ok("ann1", "ann1/1", "room", late, seq);
    },
  ],
  [
    "a post that was refused for a while, sent again, and stored",
    (story) => {
      const cid = story.write("ann1", "ann1/1", "room", "seven");
      const on = { conn: "ann1/1", cid, code: "unavailable" };
      story.tell("ann1", { k: "error", ...on, retryable: true });
      story.tell("ann1", { k: "sent", conn: "ann1/1", stream: "room", cid });
      const seq = story.keep("ann1", "room", cid, "seven");
      story.ok("ann1", "ann1/1", "room", cid, seq);
    },
  ],
  [
    "the first answer, told again",
    (story) => {
      const ok = record(story, "ok", 5);
      const { conn, stream, cid, seq } = ok;
      story.tell("ben1", { k: "sent", conn, stream, cid });
      story.tell("ben1", { k: "ok", conn, stream, cid, seq, repeated: true });
    },
  ],
  [
    "a post whose answer was lost with its connection",
    (story) => {
      const cid = story.write("ann1", "ann1/1", "room", "seven");
      const seq = story.keep("ann1", "room", cid, "seven");
      story.tell("ann1", {
        k: "close",
        conn: "ann1/1",
        code: 1006,
        by: "server",
      });
      story.wait(6_000);
      story.connect("ann1", "ann1/2");
      story.resume("ann1", "ann1/2", "room", seq - 1);
    },
  ],
  [
    "a post that nobody answers while something is wrong",
    (story) => {
      const fault = { k: "fault", kind: "stall", target: "n1" } as const;
      story.happen({ ...fault, is: "on" });
      const cid = story.write("ann1", "ann1/1", "room", "well?");
      story.keep("ann1", "room", cid, "well?");
      story.wait(7_000);
      story.happen({ ...fault, is: "off" });
    },
  ],
  [
    "an end of a server that was wanted",
    (story) => {
      const injected = true;
      story.happen({ k: "server", node: "n1", is: "exited", injected });
    },
  ],
  [
    "what came within a second of the end of a session",
    (story) => {
      story.tell("ann1", { k: "session-ended", device: "ann1" });
      story.wait(500);
      const seq = story.post("ben1", "ben1/1", "room", "just");
      story.receive("ann1", "ann1/1", "room", seq);
    },
  ],
  [
    "a reload that begins from what was stored earlier",
    (story) => {
      story.tell("ann1", { k: "boot" });
      const early = record(story, "shown");
      story.records.push({ ...early, t: story.t });
      story.connect("ann1", "ann1/2");
      story.resume("ann1", "ann1/2", "room", early.to);
    },
  ],
  [
    "a node that knows less than a device did before it crashed",
    (story) => {
      story.tell("ann1", { k: "crash" });
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
    "a node that has not heard of a number that another has acknowledged",
    (story) => {
      story.post("ann1", "ann1/1", "room", "seven");
      story.connect("ann1", "ann1/2");
      const got = { live: 10 };
      const on = { conn: "ann1/2", stream: "room" };
      const asked = story.t;
      story.tell("ann1", { k: "resume", ...on, have: 10, asked, got });
      story.receive("ann1", "ann1/2", "room", 11);
    },
  ],
  [
    "an older page that ends below what was acknowledged",
    (story) => {
      const page = { ...record(story, "page"), newest: false };
      Object.assign(page, { from: 1, to: 4, rows: 0, d: 0, t: story.t });
      story.records.push(page);
    },
  ],
];

describe("lets pass", () => {
  test.each(allowed)("%s", (_what, happen) => {
    expect(foundBefore(happen)).toEqual([]);
  });

  test("messages that were there before, and those of people who wrote nothing down", () => {
    const story = soundStory();
    const by = "dan";
    const of = { type: "message.posted", by, text: "hi" };
    story.store("old", { ...of, cid: "old-1" });
    const seq = story.store("lobby", { ...of, cid: "lobby-1" });
    expect(rulesOf(story)).toEqual(["D-2"]);
    const before = new Map([["old", seq]]);
    const unrecorded = new Set([by]);
    expect(rulesOf(story, { before })).toEqual(["D-2"]);
    expect(rulesOf(story, { before, unrecorded })).toEqual([]);
  });
});
