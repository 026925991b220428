import { describe, expect, test } from "bun:test";
import type { Hole, Message, PendingMessage } from "@parley/client";
import { buildRows, firstNewSeq, type Row } from "./rows.ts";

const noon = new Date(2026, 9, 5, 12, 0).getTime();
const minute = 60_000;

function message(seq: number, by: string, minutes: number): Message {
  const at = noon + minutes * minute;
  return { seq, by, at, cid: `c${seq}`, text: `text ${seq}` };
}

function rowsOf(
  messages: readonly Message[],
  more: {
    pending?: readonly PendingMessage[];
    firstNew?: number;
    before?: Message;
    holes?: readonly Hole[];
  } = {},
): Row[] {
  return buildRows({
    messages,
    before: more.before,
    pending: more.pending ?? [],
    holes: more.holes ?? [],
    hasNewest: true,
    me: "me",
    firstNew: more.firstNew,
  });
}

/** Rows as words: `ann` begins a group, `+ann` goes on with it. */
function shape(rows: readonly Row[]): string {
  return rows
    .map((row) => {
      if (row.kind !== "message") return row.kind;
      const mark = row.status === "stored" ? "" : ` ${row.status}`;
      return `${row.isFirst ? "" : "+"}${row.by}${mark}`;
    })
    .join(", ");
}

describe("messages are grouped", () => {
  test("when one person writes them within five minutes", () => {
    const rows = rowsOf([
      message(1, "ann", 0),
      message(2, "ann", 4),
      message(3, "ann", 8.9),
      message(4, "ann", 13.9),
      message(5, "bob", 14),
      message(6, "ann", 14),
    ]);
    expect(shape(rows)).toBe("day, ann, +ann, +ann, ann, bob, ann");
  });

  test("but never across midnight, which has a divider", () => {
    const rows = rowsOf([message(1, "ann", 719), message(2, "ann", 721)]);
    expect(shape(rows)).toBe("day, ann, day, ann");
  });

  test("and the group goes on from a message that is not drawn", () => {
    const rows = rowsOf([message(2, "ann", 1)], {
      before: message(1, "ann", 0),
    });
    expect(shape(rows)).toBe("+ann");
  });

  test("and the line above new messages begins a group", () => {
    const rows = rowsOf([message(1, "ann", 0), message(2, "ann", 1)], {
      firstNew: 2,
    });
    expect(shape(rows)).toBe("day, ann, new, ann");
  });
});

describe("where messages are missing", () => {
  const around = [
    message(1, "ann", 0),
    message(2, "ann", 1),
    message(9, "ann", 2),
    message(10, "ann", 3),
  ];
  const hole = { after: 2, upTo: 8 };

  test("a row says so, and what stands below it is of no group above", () => {
    const rows = rowsOf(around, { holes: [hole] });
    expect(shape(rows)).toBe("day, ann, +ann, hole, ann, +ann");
    expect(rows.find(({ kind }) => kind === "hole")).toMatchObject(hole);
  });

  test("no two rows have one key, also where the day goes on below the hole", () => {
    const days = [message(1, "ann", 0), message(9, "ann", 1_440)];
    for (const messages of [around, days]) {
      const keys = rowsOf(messages, { holes: [hole] }).map(({ key }) => key);
      expect(new Set(keys).size).toBe(keys.length);
    }
  });

  test("[S9] the hole above the first message that is drawn is not, but ends its group", () => {
    const before = message(2, "ann", 1);
    const rows = rowsOf(around.slice(2), { before, holes: [hole] });
    expect(shape(rows)).toBe("ann, +ann");
  });

  test("[S9] a hole after the newest known message stands above what is pending", () => {
    const pending: PendingMessage = {
      cid: "p1",
      text: "a",
      at: noon + minute,
      status: { kind: "waiting" },
    };
    const rows = rowsOf([message(1, "me", 0)], {
      pending: [pending],
      holes: [{ after: 2, upTo: 8 }],
    });
    expect(shape(rows)).toBe("day, me, hole, me waiting");
  });

  test("[U13] the line above new messages stands above the hole that may hold the first of them", () => {
    for (const [mark, expected] of [
      [0, "day, new, ann, +ann, hole, ann, +ann"],
      [2, "day, ann, +ann, new, hole, ann, +ann"],
      [5, "day, ann, +ann, new, hole, ann, +ann"],
      [8, "day, ann, +ann, hole, new, ann, +ann"],
      [10, "day, ann, +ann, hole, ann, +ann"],
    ] as const) {
      const firstNew = firstNewSeq(around, mark, "me", [hole]);
      const rows = rowsOf(around, {
        holes: [hole],
        ...(firstNew === undefined ? {} : { firstNew }),
      });
      expect(shape(rows)).toBe(expected);
    }
  });
});

test("[S5] pending messages stay after the stored ones, failed ones marked", () => {
  const at = noon + minute;
  const rows = rowsOf([message(1, "me", 0)], {
    pending: [
      { cid: "p1", text: "a", at, status: { kind: "waiting" } },
      {
        cid: "p2",
        text: "b",
        at,
        status: { kind: "failed", code: "too_long", message: "" },
      },
    ],
  });
  expect(shape(rows)).toBe("day, me, +me waiting, +me failed");
});

test("[D6] the stored row has the key of the pending row it replaces", () => {
  const pending: PendingMessage = {
    cid: "c1",
    text: "text 1",
    at: noon,
    status: { kind: "waiting" },
  };
  const before = rowsOf([], { pending: [pending] }).at(-1);
  const after = rowsOf([message(1, "me", 0)]).at(-1);
  expect(after?.key).toBe(before?.key ?? "");
});

test("two people with the same cid have two rows", () => {
  const rows = rowsOf([
    message(1, "ann", 0),
    { ...message(2, "bob", 0), cid: "c1" },
  ]);
  const keys = rows.map(({ key }) => key);
  expect(new Set(keys).size).toBe(keys.length);
});

describe("[U13] the line above new messages", () => {
  const messages = [
    message(1, "ann", 0),
    message(2, "me", 1),
    message(3, "me", 2),
    message(5, "ann", 3),
  ];

  test("stands above the first unread message of somebody else", () => {
    expect(firstNewSeq(messages, 1, "me")).toBe(5);
    expect(firstNewSeq(messages, 0, "me")).toBe(1);
  });

  test("is not drawn when there is none, or nothing was marked", () => {
    expect(firstNewSeq(messages, 5, "me")).toBeUndefined();
    expect(firstNewSeq(messages, undefined, "me")).toBeUndefined();
  });
});
