import { describe, expect, test } from "bun:test";
import { limits } from "@parley/protocol";
import {
  room,
  settle,
  SmallWorld,
  type SmallSocket,
} from "../testing/small-world.ts";

// What may happen at every single wait of a hello: the runs below try each
// step in turn. resume.test.ts has the same against a real server.

interface Case {
  name: string;
  /** How many events there are, and where the client stands. */
  head: number;
  cursor: number | null;
  epoch?: string;
}

const cases: Case[] = [
  { name: "from 0", head: 5, cursor: 0 },
  { name: "from just below the head", head: 5, cursor: 4 },
  { name: "from the head", head: 5, cursor: 5 },
  { name: "from three pages below", head: 290, cursor: 0 },
  { name: "without a cursor", head: 60, cursor: null },
  { name: "from too far below", head: 400, cursor: 10 },
  { name: "from another epoch", head: 5, cursor: 5, epoch: "otherlog" },
  { name: "from the future", head: 5, cursor: 9 },
];

type Act = (world: SmallWorld, socket: SmallSocket) => void;

interface Acts {
  happening: Act;
  verdict: Act;
  /** What comes afterwards. */
  sequel: ((world: SmallWorld) => Promise<void>) | undefined;
}

/** Runs the case once per step, with this happening there; in a quiet room and a busy one. */
async function atEveryStep(
  one: Case,
  happening: Act,
  verdict: Act,
  sequel?: (world: SmallWorld) => Promise<void>,
): Promise<void> {
  const acts = { happening, verdict, sequel };
  await atEachStep(one, quiet, acts);
  await atEachStep(one, busy, acts);
}

/** Nobody follows the room. */
function quiet({ head }: Case): Promise<SmallWorld> {
  const world = new SmallWorld();
  world.post(head);
  return Promise.resolve(world);
}

/** Somebody does, and of the newest events one still waits to be sent. */
async function busy(one: Case): Promise<SmallWorld> {
  const world = await quiet(one);
  world.connect(one.head);
  await settle();
  world.post();
  world.post();
  world.steps = 0;
  return world;
}

async function atEachStep(
  { cursor, epoch, ...one }: Case,
  begin: (one: Case) => Promise<SmallWorld>,
  { happening, verdict, sequel }: Acts,
): Promise<void> {
  for (let step = 1; ; step += 1) {
    const world = await begin({ cursor, ...one });
    const socket = world.connect(cursor, epoch ? { epoch } : {});
    world.happenings.set(step, () => {
      happening(world, socket);
    });
    await settle();
    if (world.steps < step) break;
    verdict(world, socket);
    await sequel?.(world);
  }
}

/** From the cursor, or from where a reset ended, every number once, up to the head. */
function expectWhole(
  world: SmallWorld,
  socket: SmallSocket,
  cursor: number | null,
): void {
  world.flush();
  const { reset, seqs } = socket.numbers;
  const start = reset ?? cursor ?? 0;
  const all = Array.from(
    { length: world.head - start },
    (_, index) => start + index + 1,
  );
  expect(seqs).toEqual(all);
  expect(socket.received.at(-1)?.type).not.toBe("gone");
}

describe.each(cases)("$name", (one) => {
  test("[S-1] [P8] a post at any moment comes once, and so does what follows", async () => {
    await atEveryStep(
      one,
      (world) => {
        world.post();
      },
      (world, socket) => {
        world.post(3);
        expectWhole(world, socket, one.cursor);
      },
    );
  });

  test("[S-1] so does one that is stored at that moment and told later", async () => {
    await atEveryStep(
      one,
      (world) => {
        world.post(2, { isTold: false });
      },
      (world, socket) => {
        world.tell();
        world.post();
        expectWhole(world, socket, one.cursor);
      },
    );
  });

  test("[A-1] [P21] who is removed at any moment is told nothing later", async () => {
    let removedAt = 0;
    let before = 0;
    await atEveryStep(
      one,
      (world, socket) => {
        world.remove();
        before = socket.received.length;
        removedAt = world.head;
        world.post(3);
      },
      (world, socket) => {
        world.post();
        world.flush();
        const { seqs } = socket.numbers;
        expect(Math.max(0, ...seqs)).toBeLessThanOrEqual(removedAt);
        // Nor is it told what there was: it may no longer know that either.
        const later = socket.received.slice(before);
        for (const { type } of later) {
          expect(["message.posted", "reset"]).not.toContain(type);
        }
        expect(socket.topics).not.toContain(`s:${room}`);
        expect(socket.topics).not.toContain(`g:${room}`);
      },
    );
  });

  test("[L-3] [T53] a store that fails at any moment is said so, and the next hello is heard", async () => {
    await atEveryStep(
      one,
      () => {
        throw new Error("the disk is gone, says /secret/path");
      },
      (world, socket) => {
        const last = socket.received.at(-1);
        expect(last).toMatchObject({
          id: 1,
          code: "internal",
          retryable: true,
        });
        expect(JSON.stringify(last)).not.toContain("secret");
        expect(world.failures).toBe(1);
        expect(socket.isClosed).toBe(true);
      },
      async (world) => {
        const again = world.connect(one.cursor);
        await settle();
        world.post();
        world.flush();
        expect(again.received.map(({ type }) => type)).toContain("ready");
        expect(again.numbers.seqs.at(-1)).toBe(world.head);
      },
    );
  });

  test("[L-3] a socket that closes at any moment is left alone", async () => {
    let others = 0;
    await atEveryStep(
      one,
      (world, socket) => {
        socket.close();
        others = world.present;
      },
      (world, socket) => {
        // Sending to it would throw.
        world.post();
        world.flush();
        expect(socket.topics.size).toBe(0);
        expect(world.present).toBe(others);
      },
    );
  });
});

test("[A-1] who joined a room through another node and is taken out while the store is asked stays out", async () => {
  for (let step = 1; ; step += 1) {
    const world = new SmallWorld();
    world.post(5);
    world.isMember = false;
    const socket = world.connect(undefined);
    await settle();
    // The store knows it, and the inbox here has not told it yet.
    world.isMember = true;
    const before = world.steps;
    world.happenings.set(before + step, () => {
      world.remove();
    });
    socket.say({ type: "follow", id: 2, stream: room, cursor: 5 });
    await settle();
    if (world.steps < before + step) break;
    const head = world.head;
    world.post();
    world.flush();
    expect(`step ${step}: ${[...socket.topics].join()}`).toBe(`step ${step}: `);
    expect(Math.max(0, ...socket.numbers.seqs)).toBeLessThanOrEqual(head);
  }
});

test("[S-1] a cursor from a node that knew more is no future", async () => {
  const world = new SmallWorld();
  world.post(5);
  world.connect(5);
  await settle();
  world.post(2, { isTold: false });
  const socket = world.connect(7);
  await settle();
  expect(socket.received.map(({ type }) => type)).toContain("live");
  world.tell();
  world.post();
  expectWhole(world, socket, 7);
});

test("[P13] what the feed has at hand is not asked of the store, one more is", async () => {
  const world = new SmallWorld();
  world.post(100);
  world.connect(100);
  await settle();
  world.post(10);
  for (const [cursor, pages] of [
    [110, 0],
    [105, 0],
    [100, 0],
    [99, 1],
  ] as const) {
    const before = world.pages;
    const socket = world.connect(cursor);
    await settle();
    expect(world.pages - before).toBe(pages);
    expectWhole(world, socket, cursor);
  }
});

test("a room that grows faster than it is replayed is caught up all the same", async () => {
  const world = new SmallWorld();
  world.post(limits.replayEvents);
  for (let step = 1; step <= 20; step += 1) {
    world.happenings.set(step, () => {
      world.post(150);
    });
  }
  // Opened before, so that the distance is judged from here.
  world.connect(limits.replayEvents);
  await settle();
  world.happenings.clear();
  for (let step = world.steps + 1; step < world.steps + 20; step += 1) {
    world.happenings.set(step, () => {
      world.post(150);
    });
  }
  const cursor = world.head - limits.replayEvents;
  const socket = world.connect(cursor);
  await settle();
  expect(socket.numbers.reset).toBeUndefined();
  expectWhole(world, socket, cursor);
});
