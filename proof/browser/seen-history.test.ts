import { describe, expect, test } from "bun:test";
import type { Done, Seen, SeenRow } from "../../e2e/screens/seen.ts";
import { checkHistory } from "../checker/check-history.ts";
import type { FinalLog, HistoryRecord } from "../history/record.ts";
import { seenHistory } from "./seen-history.ts";

const stream = "r_lobby";
const me = "u_ann";
const life = "1";
const n = 0;

/** Ann joined, and wrote all there is: the second is drawn as Markdown. */
const log: FinalLog = {
  epoch: "e",
  streams: new Map([
    [
      stream,
      [
        {
          ...{ seq: 1, at: 1, type: "member.joined", by: me },
          ...{ cid: null, text: null, person: me },
        },
        ...["one", "**two**", "three"].map((text, index) => ({
          ...{ seq: index + 2, at: index + 2, type: "message.posted", by: me },
          ...{ cid: `c${index + 1}`, text, person: null },
        })),
      ],
    ],
  ]),
  marks: [{ stream, person: me, read: 4 }],
};

const rows: SeenRow[] = [
  [2, "c1", "stored", "one"],
  [3, "c2", "stored", "two"],
  [4, "c3", "stored", "three"],
];

function enter(t: number, text: string): Seen {
  return { t, life, n, k: "enter", stream, text };
}

function shown(t: number, seen: SeenRow[], same: [number, number] = [0, 0]) {
  return { t, life, n, k: "rows", stream, same, rows: seen, looks: 1 } as const;
}

function quiet(t: number, badge = "", title = "Lobby · Parley"): Seen {
  const badges = { [stream]: badge };
  return { t, life, n, k: "quiet", title, badges, draft: "" };
}

const sound: (Seen | Done)[] = [
  { t: 0, k: "done", is: "opened" },
  { t: 1, life, n, k: "life" },
  enter(10, "one"),
  enter(11, "**two**"),
  shown(12, [[null, "c1", "waiting", "one"]]),
  shown(13, [[2, "c1", "stored", "one"]]),
  enter(14, "three"),
  shown(15, rows.slice(1), [1, 0]),
  quiet(2_000),
];

/** The rules that are violated by what the page saw. */
function rulesBy(records: readonly (Seen | Done)[]): string[] {
  const tab = { tab: "Ann-1", person: me, records };
  const history: HistoryRecord[] = seenHistory([tab], log);
  return Object.keys(checkHistory({ records: history, log }).counts.violations);
}

/** With the last rows as they are said to be here. */
function rulesByRows(last: SeenRow[]): string[] {
  return rulesBy([...sound.slice(0, -2), shown(15, last), quiet(2_000)]);
}

describe("what a page saw", () => {
  test("a sound page passes, and its text is compared as it was written", () => {
    expect(rulesBy(sound)).toEqual([]);
  });

  test("[V-1] a row that stands there twice is found", () => {
    expect(rulesByRows([...rows, rows[2]!])).toContain("V-1");
  });

  test("[V-1] a row that is stored and waiting at once is found", () => {
    const waiting: SeenRow = [null, "c3", "waiting", "three"];
    expect(rulesByRows([...rows, waiting])).toContain("V-1");
  });

  test("[V-2] a row that is missing in between is found", () => {
    expect(rulesByRows([rows[0]!, rows[2]!])).toContain("V-2");
  });

  test("[V-2] a missing row is none where the page shows a hole", () => {
    const records = [...sound];
    records[7] = shown(15, [rows[0]!, "hole", rows[2]!]);
    records.splice(8, 0, shown(16, rows));
    expect(rulesBy(records)).toEqual([]);
  });

  test("[V-2] rows in another order are found", () => {
    expect(rulesByRows([rows[1]!, rows[0]!, rows[2]!])).toContain("V-2");
  });

  test("[V-2] a waiting row above a stored one is found", () => {
    const waiting: SeenRow = [null, "c9", "waiting", "x"];
    expect(rulesByRows([rows[0]!, waiting, rows[1]!, rows[2]!])).toContain(
      "V-2",
    );
  });

  test("[D-7] a text that is drawn as another is found", () => {
    const changed: SeenRow = [4, "c3", "stored", "thre"];
    expect(rulesByRows([rows[0]!, rows[1]!, changed])).toContain("V-2");
  });

  test("[V-4] a newest row that is missing at quiet is found", () => {
    expect(rulesByRows(rows.slice(0, 2))).not.toEqual([]);
  });

  test("[V-5] a text that left the composer and was never seen again is found", () => {
    expect(rulesBy([...sound.slice(0, -1), enter(20, "lost")])).toContain(
      "V-5",
    );
  });

  test("[D-2] a message that nobody wrote is found", () => {
    const records = sound.filter(
      (record) => record.k !== "enter" || record.text !== "three",
    );
    expect(rulesBy(records)).toContain("D-2");
  });

  test("[U-1] a count that is not that of the log is found, in the badge and in the title", () => {
    const before = sound.slice(0, -1);
    expect(rulesBy([...before, quiet(2_000, "1", "(1) Lobby")])).toContain(
      "U-1",
    );
    expect(rulesBy([...before, quiet(2_000, "", "(1) Lobby")])).not.toEqual([]);
  });
});
