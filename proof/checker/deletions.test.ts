import { expect, test } from "bun:test";
import {
  foundAfter,
  foundBefore,
  record,
  rulesOf,
  type Changes,
} from "./testing/changed-story.ts";
import { soundStory, type Story } from "./testing/story.ts";

// What a message said may have come before it was deleted, and not after.

const everybody = ["ann1", "ben1", "cat1"] as const;

/** The author of the room's second message deletes it, and everybody hears of it. */
const deleted: Changes = (story) => {
  const seq = story.delete("ben1", "ben1/1", "room", 6);
  for (const c of everybody) {
    story.receive(c, `${c}/1`, "room", seq);
    story.show(c, "room");
  }
};

function comeBack(story: Story, have: number): void {
  const conn = "cat1/1";
  story.tell("cat1", { k: "close", conn, code: 1006, by: "server" });
  story.connect("cat1", "cat1/2");
  story.resume("cat1", "cat1/2", "room", have);
}

test("[E-2] a text that came before its message was deleted is no violation, nor is the empty message after it", () => {
  expect(foundBefore(deleted)).toEqual([]);
  const andAfter: Changes = (story) => {
    deleted(story);
    comeBack(story, 4);
    story.page("cat1", "room");
  };
  expect(foundBefore(andAfter)).toEqual([]);
  // It is not counted as unread either.
  expect(foundBefore(andAfter, { isOneNode: true })).toEqual([]);
});

test("[D-7] [O-5] what came of a deleted message has to be what its author wrote", () => {
  expect(
    foundBefore((story) => {
      const came = record(story, "recv", 6);
      expect([came.from, came.to]).toEqual([6, 6]);
      came.d += 1;
      deleted(story);
    }),
  ).toEqual(["D-7"]);
  expect(
    foundBefore((story) => {
      record(story, "page").d += 1;
      deleted(story);
    }),
  ).toEqual(["O-5"]);
});

test("[E-2] finds a text over a connection that was opened after its message was deleted", () => {
  const happen: Changes = (story) => {
    deleted(story);
    story.wait(1_001);
    story.asBefore(() => {
      comeBack(story, 4);
    });
  };
  expect(foundBefore(happen)).toEqual(["E-2"]);
});

test("[E-2] of several nodes one may hear of it a second later", () => {
  const happen: Changes = (story) => {
    deleted(story);
    story.asBefore(() => {
      comeBack(story, 4);
    });
  };
  expect(foundBefore(happen)).toEqual([]);
  expect(foundBefore(happen, { isOneNode: true })).toEqual(["E-2"]);
});

test("[E-2] finds a text in a page that was asked for after its message was deleted", () => {
  const happen: Changes = (story) => {
    deleted(story);
    story.asBefore(() => {
      story.page("cat1", "room");
    });
  };
  expect(foundBefore(happen)).toEqual(["E-2"]);
});

test("[E-2] finds a text that is still on a screen when all is quiet", () => {
  const happen: Changes = (story) => {
    story.asBefore(() => {
      story.show("cat1", "room", { quiet: true });
    });
  };
  const found = foundAfter((story) => {
    deleted(story);
    for (const c of everybody) {
      const read = c === "ann1" ? 8 : 0;
      story.show(c, "room", { read, quiet: true });
    }
    happen(story);
    // The count is of all rows there.
    Object.assign(record(story, "shown", -1), { unread: 4 });
  });
  expect(found).toEqual(["E-2"]);
});

test("[E-2] finds a text that is still in the table, and a deletion that nobody is told of", () => {
  const at6 = (story: Story) =>
    story.events("room").find(({ seq }) => seq === 6);
  expect(
    foundBefore((story) => {
      deleted(story);
      Object.assign(at6(story) ?? {}, { text: "two" });
    }),
  ).toContain("E-2");
  expect(
    foundBefore((story) => {
      Object.assign(at6(story) ?? {}, { text: "", deleted: true });
    }),
  ).toContain("E-2");
});

test("[D-1] finds a deletion that was acknowledged and is not in the log", () => {
  const story = soundStory();
  story.tell("ben1", {
    ...{ k: "deleted", conn: "ben1/1", stream: "room", message: 6 },
  });
  expect(rulesOf(story)).toEqual(["D-1"]);
});
