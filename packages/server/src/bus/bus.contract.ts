import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { until } from "../testing/bus-nodes.ts";
import { committed } from "../testing/committed.ts";
import type { Bus } from "./bus.ts";
import {
  presenceLevels,
  type PresenceLevel,
  type PresenceWord,
} from "./presence-word.ts";

const room = "r_room000000";
const other = "r_other00000";
const inbox = "inbox:u_3hT9pLz6Vb";

const typing = (stream: string, ...by: string[]) => ({
  ...{ type: "typing", stream, by, ttlMs: 6_000 },
});

/** What every bus promises within one node. */
export function busContract(name: string, open: () => Promise<Bus>): void {
  describe(`the bus: ${name}`, () => {
    let bus: Bus;
    beforeEach(async () => {
      bus = await open();
    });
    afterEach(async () => {
      await bus[Symbol.asyncDispose]();
    });

    test("one's own events are heard before publish returns, in order", async () => {
      const heard: unknown[] = [];
      await bus.follow(room, (events) => heard.push(...events));
      const events = [1, 2, 3].map((seq) => committed(room, seq));
      bus.publish(room, events.slice(0, 2));
      bus.publish(room, events.slice(2));
      expect(heard).toEqual(events);
    });

    test("streams do not hear each other, and who follows none hears nothing", async () => {
      const heard: string[] = [];
      await bus.follow(room, () => heard.push(room));
      await bus.follow(inbox, () => heard.push(inbox));
      bus.publish(other, [committed(other, 1)]);
      bus.publish(inbox, [committed(inbox, 1)]);
      expect(heard).toEqual([inbox]);
    });

    test("after a stop nothing is heard; stopping twice does no harm; following again hears again", async () => {
      const heard: string[] = [];
      const stop = await bus.follow(room, () => heard.push("first"));
      stop();
      bus.publish(room, [committed(room, 1)]);
      await bus.follow(room, () => heard.push("second"));
      stop();
      bus.publish(room, [committed(room, 2)]);
      expect(heard).toEqual(["second"]);
    });

    test("one's own signals are heard at once", async () => {
      const heard: unknown[] = [];
      bus.onSignal((stream, signal) => heard.push([stream, signal]));
      await bus.follow(room, () => undefined);
      bus.signal(room, typing(room, "u_77aQ0cXw2L"));
      expect(heard).toEqual([[room, typing(room, "u_77aQ0cXw2L")]]);
    });

    test("after it is closed nothing is heard, and nothing fails", async () => {
      const heard: string[] = [];
      const stop = await bus.follow(room, () => heard.push("event"));
      bus.onSignal(() => heard.push("signal"));
      await bus[Symbol.asyncDispose]();
      bus.publish(room, [committed(room, 1)]);
      bus.signal(room, typing(room, "u_77aQ0cXw2L"));
      bus.tellHeads(new Map([[room, 1]]));
      bus.tellPresence({ node: "boot", turn: 1, at: 1, people: [] });
      await bus.follow(room, () => heard.push("late"));
      bus.publish(room, [committed(room, 2)]);
      stop();
      await bus[Symbol.asyncDispose]();
      expect(heard).toEqual([]);
    });
  });
}

/** What a bus of several nodes promises besides. */
export function busBetweenNodesContract(
  name: string,
  open: () => Promise<{ one: Bus; two: Bus }>,
): void {
  describe(`the bus between two nodes: ${name}`, () => {
    let one: Bus;
    let two: Bus;
    beforeEach(async () => {
      ({ one, two } = await open());
    });
    afterEach(async () => {
      await Promise.all([
        one[Symbol.asyncDispose](),
        two[Symbol.asyncDispose](),
      ]);
    });

    test("what one publishes after the other follows is heard there as it is, once and in order", async () => {
      const heard: unknown[] = [];
      await two.follow(room, (events) => heard.push(...events));
      await two.follow(inbox, (events) => heard.push(...events));
      const events = [
        committed(room, 1, { text: "hello 你好 \u2028 😀 \"'\\ \n" }),
        ...Array.from({ length: 500 }, (_, n) => committed(room, n + 2)),
      ];
      one.publish(room, events.slice(0, 1));
      one.publish(room, events.slice(1, 4));
      one.publish(room, events.slice(4));
      await until(() => heard.length === events.length);
      expect(heard).toEqual(events);
      const last = {
        ...committed(inbox, 7, { type: "room.left" }),
        stream: inbox,
      };
      Object.assign(last.event, { stream: "inbox", room });
      one.publish(inbox, [last]);
      await until(() => heard.length === events.length + 1);
      expect(heard.at(-1)).toEqual(last);
    });

    test("a thousand long messages at once arrive whole and in order", async () => {
      const heard: unknown[] = [];
      await two.follow(room, (events) => heard.push(...events));
      const text = "长".repeat(1_000);
      const events = Array.from({ length: 1_000 }, (_, n) =>
        committed(room, n + 1, { text }),
      );
      one.publish(room, events);
      await until(() => heard.length === events.length);
      expect(heard).toEqual(events);
    });

    test("streams do not hear each other, nor does who has stopped", async () => {
      const heard: string[] = [];
      const stop = await two.follow(other, () => heard.push(other));
      await two.follow(room, () => heard.push(room));
      stop();
      one.publish(other, [committed(other, 1)]);
      one.publish(inbox, [committed(inbox, 1)]);
      one.publish(room, [committed(room, 1)]);
      await until(() => heard.length > 0);
      expect(heard).toEqual([room]);
    });

    test("many who follow at once all hear, and who follows anew hears by the new listener alone", async () => {
      const heard = new Set<string>();
      const streams = Array.from({ length: 300 }, (_, n) => `r_many${n}`);
      await Promise.all(
        streams.map((stream) => two.follow(stream, () => heard.add("old"))),
      );
      await Promise.all(
        streams.map((stream) => two.follow(stream, () => heard.add(stream))),
      );
      for (const stream of streams) one.publish(stream, [committed(stream, 1)]);
      await until(() => heard.size === streams.length);
      expect(heard).toEqual(new Set(streams));
    });

    test("[S-4] a signal reaches the other node, for a stream that is followed there", async () => {
      const heard: unknown[] = [];
      two.onSignal((stream, signal) => heard.push([stream, signal]));
      await two.follow(room, () => undefined);
      one.signal(other, typing(other, "u_77aQ0cXw2L"));
      one.signal(room, typing(room, "u_77aQ0cXw2L", "u_3hT9pLz6Vb"));
      await until(() => heard.length > 0);
      expect(heard).toEqual([
        [room, typing(room, "u_77aQ0cXw2L", "u_3hT9pLz6Vb")],
      ]);
    });

    test("heads are told to the other node, of streams nobody follows there too, and never to oneself", async () => {
      const heard = new Map<string, number>();
      one.onHeads(() => heard.set("own", 1));
      two.onHeads((heads) => {
        for (const [stream, head] of heads) heard.set(stream, head);
      });
      const heads = new Map([[inbox, 3]]);
      for (let n = 1; n < 6_000; n += 1) heads.set(`r_many${n}`, n);
      one.tellHeads(heads);
      await until(() => heard.size >= heads.size);
      expect(heard).toEqual(heads);
    });

    test("[S-3] who is on a node is told to the other, thousands too, and never to oneself", async () => {
      const heard = new Map<string, PresenceLevel>();
      const words: PresenceWord[] = [];
      one.onPresence((word) => words.push(word));
      two.onPresence((word) => {
        words.push(word);
        for (const [person, level] of word.people) heard.set(person, level);
      });
      const people = Array.from(
        { length: 20_000 },
        (_, n) => [`u_person${n}`, presenceLevels.online] as const,
      );
      const word = { node: "boot1", turn: 7, at: 1_800_000_000_000 };
      one.tellPresence({ ...word, people, asks: true });
      one.tellPresence({ ...word, turn: 8, people: [], ends: true });
      await until(() => words.at(-1)?.ends === true);
      expect([...heard]).toEqual(people.map((one) => [...one]));
      expect(words.at(-1)).toEqual({
        ...{ ...word, turn: 8, people: [], ends: true },
      });
      for (const { people, ...rest } of words.slice(0, -1)) {
        expect(rest).toEqual({ ...word, asks: true });
        expect(people.length).toBeGreaterThan(0);
      }
    });

    test("[L-3] a listener that throws stops nobody from hearing what comes after", async () => {
      const heard: number[] = [];
      await two.follow(room, ([first]) => {
        heard.push(first?.event.seq ?? 0);
        throw new Error("as if it were broken");
      });
      one.publish(room, [committed(room, 1)]);
      one.publish(room, [committed(room, 2)]);
      await until(() => heard.length === 2);
      expect(heard).toEqual([1, 2]);
      expect(() => two.publish(room, [committed(room, 3)])).toThrow("broken");
    });
  });
}
