import { beforeAll, beforeEach, expect, test } from "bun:test";
import type { CommittedEvent } from "../../packages/server/src/store/store.ts";
import type { ParleyError } from "@parley/protocol";
import { SimDatabase } from "./database.ts";
import { Random } from "./random.ts";
import { SimStore, type StoreTrouble } from "./store.ts";
import { Owner, VirtualTime } from "./virtual-time.ts";

let database: SimDatabase;
beforeAll(async () => {
  database = await SimDatabase.open();
});
beforeEach(() => {
  database.restore("short");
});

function scene({ isShared = false } = {}) {
  const time = new VirtualTime();
  const owner = new Owner("n1");
  const trouble: StoreTrouble = { kind: "none", unanswered: 1 };
  const told: CommittedEvent[] = [];
  const moved = new Map<string, number>();
  const store = new SimStore({
    ...{ time, random: new Random(5), database, isShared, trouble },
    databaseWall: () => 1_792_051_200_000 + time.now,
    events: {
      onCommit: (events) => void told.push(...events),
      onMoved: (heads) => {
        for (const [stream, head] of heads) moved.set(stream, head);
      },
      onDeliveryFailed: (error) => {
        throw error;
      },
      onBroken: (error) => {
        throw error;
      },
    },
  });
  const outcomes: string[] = [];
  const [lobby = ""] = database.beginning.rooms;
  const post = (text: string): void => {
    const by = database.beginning.people[0]?.id ?? "";
    time.run(owner, () => {
      const cid = crypto.randomUUID();
      store.write("appendMessage", { stream: lobby, by, cid, text }).then(
        ({ repeated }) => outcomes.push(repeated ? "again" : "ok"),
        (error: unknown) => outcomes.push((error as ParleyError).code),
      );
    });
  };
  const stored = () =>
    [...database.finalLog().streams.values()]
      .flat()
      .flatMap(({ text }) => text ?? []);
  return { time, owner, trouble, store, told, moved, outcomes, post, stored };
}

test("[P1] a process that dies before its commit leaves nothing", () => {
  const { time, owner, outcomes, post, stored } = scene();
  post("hi");
  time.pass(0.1);
  owner.die();
  time.pass(1_000);
  expect(stored()).toEqual([]);
  expect(outcomes).toEqual([]);
});

test("[P1] one that dies after it leaves what nobody was told of", () => {
  const { time, owner, outcomes, told, post, stored } = scene();
  post("hi");
  while (stored().length === 0 && time.now < 100) time.pass(time.now + 0.01);
  owner.die();
  time.pass(1_000);
  expect(stored()).toEqual(["hi"]);
  expect(told).toEqual([]);
  expect(outcomes).toEqual([]);
});

test("[P4] a full disk refuses, and stores nothing", () => {
  const { time, trouble, outcomes, post, stored } = scene();
  trouble.kind = "full";
  post("hi");
  time.pass(100);
  expect(outcomes).toEqual(["storage_full"]);
  expect(stored()).toEqual([]);
});

test("[P17] a database that goes away in the middle of a commit is asked again, and its heads are told", () => {
  const { time, trouble, outcomes, moved, post, stored } = scene({
    isShared: true,
  });
  post("hi");
  time.pass(0.2);
  trouble.kind = "away";
  time.pass(500);
  expect(stored()).toEqual(["hi"]);
  expect(outcomes).toEqual([]);
  trouble.kind = "none";
  time.pass(1_000);
  expect(outcomes).toEqual(["again"]);
  expect(moved.size).toBe(1);
  expect(stored()).toEqual(["hi"]);
});

test("[P17] what waits too long for a database is refused", () => {
  const { time, trouble, outcomes, post } = scene({ isShared: true });
  trouble.kind = "away";
  post("hi");
  time.pass(5_000);
  expect(outcomes).toEqual(["unavailable"]);
});
