import { describe, expect, test } from "bun:test";
import {
  transitions,
  type Happening,
  type State,
  type Transition,
} from "./connection-states.ts";

const states = Object.keys(transitions) as State[];
const happenings = Object.keys(transitions.live) as Happening[];
const withSocket: readonly State[] = [
  "opening",
  "greeting",
  "catching-up",
  "live",
];
const closes = happenings.filter((name) => name.startsWith("closed-"));

/** Every cell that does something. */
const moves = states.flatMap((from) =>
  happenings.flatMap((happening) => {
    const cell = transitions[from][happening];
    return cell === "ignored" ? [] : [{ from, happening, ...cell }];
  }),
);

describe("every cell of the table", () => {
  for (const from of states) {
    for (const happening of happenings) {
      test(`${from} × ${happening}`, () => {
        const cell = transitions[from][happening];
        if (cell === "ignored") {
          // A close or a silence of the present socket is never passed over.
          const ends =
            closes.includes(happening) ||
            happening === "silent" ||
            happening === "unplugged";
          expect(ends && withSocket.includes(from)).toBe(false);
          return;
        }
        expect(states).toContain(cell.to);
        checkEffects(from, cell);
      });
    }
  }
});

/** What must be done on the way from one state to another. */
function checkEffects(from: State, { to, effects }: Transition) {
  const leavesSocket = withSocket.includes(from) && !withSocket.includes(to);
  if (leavesSocket) expect(effects).toContain("hang-up");
  const waits = to === "waiting" || to === "backing-off";
  const schedules = effects.includes("wait") || effects.includes("wait-long");
  expect(schedules).toBe(waits);
  expect(effects.includes("open")).toBe(to === "opening");
  expect(effects.includes("greet")).toBe(to === "greeting");
  expect(effects.includes("begin")).toBe(to === "catching-up");
  expect(effects.includes("settle")).toBe(to === "live");
  expect(effects.includes("load")).toBe(to === "loading");
  expect(effects.includes("ask")).toBe(to === "asking");
  if (from === "waiting" || from === "backing-off") {
    expect(effects).toContain("cancel-wait");
  }
}

test("a closed page ends everything, from every state", () => {
  for (const from of states) {
    if (from === "stopped") continue;
    expect(transitions[from].shut).toMatchObject({ to: "stopped" });
  }
});

test("[A-2] signed out ends everything, from every state: another tab may have said so", () => {
  for (const from of states) {
    if (from === "stopped") continue;
    expect(transitions[from]["signed-out"]).toMatchObject({ to: "stopped" });
  }
});

test("nothing leads out of stopped", () => {
  expect(moves.filter(({ from }) => from === "stopped")).toEqual([]);
});

test("from every other state there is a way to live", () => {
  const reached = new Set<State>(["live"]);
  for (let round = 0; round < states.length; round += 1) {
    for (const { from, to } of moves) if (reached.has(to)) reached.add(from);
  }
  expect([...reached].sort()).toEqual(
    states.filter((state) => state !== "stopped").sort(),
  );
});

test("another log makes the cursors be dropped, and nothing else does", () => {
  for (const { happening, effects } of moves) {
    const isOther = happening === "other-epoch" || happening === "closed-fresh";
    expect(effects.includes("forget")).toBe(isOther);
  }
});
