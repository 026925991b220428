import { afterAll, beforeAll, expect, test } from "bun:test";
import { connect, type NatsConnection } from "@nats-io/transport-node";
import { randomBytes } from "node:crypto";
import {
  oneDatabase,
  openBusNode,
  until,
  type BusNode,
} from "../testing/bus-nodes.ts";
import { committed } from "../testing/committed.ts";
import type { CommittedEvent } from "../store/store.ts";
import { seededRandom } from "../testing/seeded-random.ts";
import { testNatsUrl } from "../testing/test-nats.ts";
import { Envelope } from "./envelope.ts";
import { nodesSubject, Subjects } from "./subjects.ts";

// Somebody who reaches the same NATS says things that no node said.

const room = "r_room000000";
const other = "r_other00000";
const { secret } = oneDatabase;
const instance = "poisoned";
const subjects = new Subjects(instance, "any");
const subject = subjects.stream(room);
const ours = new Envelope(secret);

let stranger: NatsConnection;
let url: string;
beforeAll(async () => {
  url = await testNatsUrl();
  stranger = await connect({ servers: url.replace("nats://", "") });
});
afterAll(() => stranger.close());

interface Told {
  about: string;
  data: Uint8Array | string;
  subject?: string;
}

/** What a node hears of all that, besides one true event that comes after it. */
async function heardOf(poison: readonly Told[]) {
  await using one = await openBusNode(url, { instance, secret, node: "one" });
  await using two = await openBusNode(url, { instance, secret, node: "two" });
  const heard: unknown[] = [];
  await two.bus.follow(room, (events) => heard.push(...events));
  await two.bus.follow(other, (events) => heard.push(...events));
  two.bus.onSignal((...signal) => heard.push(signal));
  two.bus.onHeads((heads) => heard.push(heads));
  two.bus.onPresence((word) => heard.push(word));
  for (const { subject: to = subject, data } of poison) {
    stranger.publish(to, data);
  }
  await stranger.flush();
  const truth = committed(room, 1);
  one.bus.publish(room, [truth]);
  await until(() => heard.includes(truth) || heard.length > 0);
  await until(() => JSON.stringify(heard.at(-1)) === JSON.stringify(truth));
  expect(two.bus.isHearing).toBe(true);
  return { heard: heard.slice(0, -1), log: two.log };
}

const event = { author: "Ann", event: committed(room, 9).event };
const events = (...them: unknown[]): string => JSON.stringify(them);
const changed = (change: object): string =>
  events({ ...event, event: { ...event.event, ...change } });
const sealed = (text: string, to = subject): Buffer => ours.seal(to, text);
const typing = (change: object): string =>
  JSON.stringify({
    ...{ type: "typing", stream: room, by: ["u_77aQ0cXw2L"], ttlMs: 6_000 },
    ...change,
  });

/** By somebody who does not know the secret. */
const forged: Told[] = [
  { about: "nothing", data: "" },
  { about: "no signature", data: events(event) },
  { about: "a signature of zeros", data: `${"\0".repeat(32)}${events(event)}` },
  {
    about: "another database's secret",
    data: new Envelope("another").seal(subject, events(event)),
  },
  {
    about: "a true message of another stream",
    data: sealed(events(event), subjects.stream(other)),
  },
  { about: "heads as a stream", data: sealed("[]", subjects.heads) },
  { about: "cut short", data: sealed(events(event)).subarray(0, -1) },
  { about: "cut to its signature", data: sealed("").subarray(0, 31) },
  {
    about: "one bit turned",
    data: sealed(events(event)).map((byte, n) => (n === 60 ? byte ^ 1 : byte)),
  },
  {
    about: "longer than signed",
    data: Buffer.concat([sealed(events(event)), Buffer.from(" ")]),
  },
  { about: "bytes that are no text", data: randomBytes(500) },
  { about: "a megabyte", data: randomBytes(1_000_000) },
  { about: "a forged head", data: '[["r_x",9]]', subject: subjects.heads },
];

/** By a node that is mistaken, or of a version that nobody knows. */
const misshapen: Told[] = [
  "",
  "null",
  "7",
  '"text"',
  "[",
  "{}",
  "[[]]",
  "[null]",
  events({ event: event.event }),
  events({ author: 7, event: event.event }),
  events({ author: "Ann" }),
  events({ author: "Ann", event: "text" }),
  events(event, { author: "Ann", event: {} }),
  changed({ stream: other }),
  changed({ stream: "inbox" }),
  changed({ type: 7 }),
  changed({ seq: 0 }),
  changed({ seq: -1 }),
  changed({ seq: 1.5 }),
  changed({ seq: "9" }),
  changed({ seq: 1e300 }),
  changed({ at: null }),
  changed({ by: { id: "u_x" } }),
  changed({ cid: 7 }),
  changed({ text: ["x"] }),
  changed({ type: "member.left", person: 7 }),
  changed({ type: "member.joined", person: "u_77aQ0cXw2L" }),
  "[".repeat(50_000),
  ...[
    typing({ type: "presence" }),
    typing({ stream: other }),
    typing({ stream: 7 }),
    typing({ by: "u_77aQ0cXw2L" }),
    typing({ by: ["x".repeat(5_000)] }),
    typing({ by: Array.from({ length: 5_001 }, () => "u_77aQ0c") }),
    typing({ ttlMs: -1 }),
    typing({ ttlMs: 1e9 }),
    typing({ ttlMs: undefined }),
  ],
].map((text) => ({ about: text.slice(0, 150), data: sealed(text) }));

const misshapenHeads: Told[] = [
  ...["null", "{}", "[7]", '[["r_x"]]', '[["r_x",-1]]', '[["r_x",1,2]]'],
  ...['[["r_x","1"]]', '[["",1]]', `[["${"x".repeat(500)}",1]]`],
].map((text) => ({
  about: text.slice(0, 50),
  subject: subjects.heads,
  data: sealed(text, subjects.heads),
}));

const here = ["u_77aQ0cXw2L", 2];
const presence = (change: object): string =>
  JSON.stringify({
    ...{ node: "boot", turn: 1, at: 1_800_000_000_000, people: [here] },
    ...change,
  });
const misshapenPresence: Told[] = [
  ...["null", "[]", "{}", '"x"', "7"],
  ...[
    presence({ node: 7 }),
    presence({ node: "" }),
    presence({ node: "x".repeat(65) }),
    presence({ turn: -1 }),
    presence({ turn: 1.5 }),
    presence({ at: "now" }),
    presence({ at: 1e300 }),
    presence({ people: undefined }),
    presence({ people: { u_77aQ0cXw2L: 2 } }),
    presence({ people: [null] }),
    presence({ people: [["u_77aQ0cXw2L"]] }),
    presence({ people: [["u_77aQ0cXw2L", 2, 2]] }),
    presence({ people: [["u_77aQ0cXw2L", 4]] }),
    presence({ people: [["u_77aQ0cXw2L", "2"]] }),
    presence({ people: [["__proto__", 2]] }),
    presence({ people: [here, [`u_${"x".repeat(33)}`, 2]] }),
    presence({ people: Array.from({ length: 5_001 }, () => here) }),
    presence({ asks: "yes" }),
    presence({ ends: 1 }),
  ],
].map((text) => ({
  about: text.slice(0, 100),
  subject: subjects.presence,
  data: sealed(text, subjects.presence),
}));

const forgedPresence: Told[] = [
  presence({}),
  ours.seal(subject, presence({})),
  new Envelope("another").seal(subjects.presence, presence({})),
].map((data) => ({ about: "", subject: subjects.presence, data }));

test("[T62] what is not signed by a node of this database has no effect; the log says so once, and how many", async () => {
  const { heard, log } = await heardOf([...forged, ...forgedPresence]);
  expect(heard).toEqual([]);
  const warnings = log.filter(({ level }) => level >= 40);
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toMatchObject({ messages: 1 });
  expect(warnings[0]?.msg).toStartWith("messages on NATS were dropped");
});

test.each([...misshapen, ...misshapenHeads, ...misshapenPresence])(
  "[T62] a signed message of a wrong shape has no effect: $about",
  async (told) => {
    const { heard, log } = await heardOf([told]);
    expect(heard).toEqual([]);
    expect(log.filter(({ level }) => level >= 40)).toHaveLength(1);
  },
);

test("[I6] an event of a type that this version does not know is passed on, with what it says", async () => {
  const { heard } = await heardOf([
    { about: "", data: sealed(changed({ type: "poll.opened", ends: [7] })) },
  ]);
  expect(heard).toMatchObject([
    { stream: room, author: "Ann", event: { type: "poll.opened", ends: [7] } },
  ]);
});

/** Some characters of it are others. */
function damaged(text: string, random: () => number): string {
  const characters = [...text];
  for (let change = 0; change < 3; change += 1) {
    const at = Math.floor(random() * characters.length);
    characters[at] = String.fromCharCode(32 + Math.floor(random() * 96));
  }
  return characters.join("");
}

test("[T62] [L-3] thousands of random messages on every subject have no effect", async () => {
  const seed = Date.now();
  const random = seededRandom(seed);
  const texts = [events(event), '[["r_x",9]]', typing({}), presence({})];
  const { heads } = subjects;
  const everywhere = [subject, heads, nodesSubject, subjects.presence];
  const poison = Array.from({ length: 5_000 }, (_, n) => ({
    about: "",
    subject: everywhere[n % everywhere.length]!,
    data:
      n % 2 === 0
        ? randomBytes(Math.floor(random() * 400))
        : damaged(`${"x".repeat(32)}${texts[n % texts.length]!}`, random),
  }));
  const { heard } = await heardOf(poison);
  expect({ seed, heard }).toEqual({ seed, heard: [] });
});

test("[T62] [L-3] of thousands of signed messages that are damaged only what has the right shape is heard, and nothing throws", async () => {
  const seed = Date.now();
  const random = seededRandom(seed);
  const joined = changed({
    ...{ type: "member.joined" },
    person: { id: "u_77aQ0cXw2L", name: "Ann", kind: "guest" },
  });
  const texts = [events(event, event), joined, typing({}), '[["r_x",9]]'];
  const poison = Array.from({ length: 5_000 }, (_, n) => {
    const to = n % 4 === 3 ? subjects.heads : subject;
    const data = sealed(damaged(texts[n % 4]!, random), to);
    return { about: "", subject: to, data };
  });
  const { heard, log } = await heardOf(poison);
  const wrong = heard.filter((one) => {
    if (Array.isArray(one)) return one[0] !== room;
    if (one instanceof Map) return [...one.values()].some(Number.isNaN);
    const { stream, event } = one as CommittedEvent;
    return stream !== room || event.stream !== room || !(event.seq > 0);
  });
  expect({ seed, wrong }).toEqual({ seed, wrong: [] });
  expect(log.filter(({ level }) => level > 40)).toEqual([]);
});

test("[T62] what a node asks and answers itself, said by somebody else, is ignored", async () => {
  await using one: BusNode = await openBusNode(url, { instance, secret });
  const answers: unknown[] = [];
  stranger.subscribe(`parley.${instance}.>`, {
    callback: (_, message) => void answers.push(message.subject),
  });
  await until(() => answers.length > 1);
  const echo = answers.map(String).find((name) => name.includes(".echo."))!;
  const probe = echo.replace(".echo.", ".probe.");
  const before = answers.filter((name) => name === echo).length;
  for (let n = 0; n < 100; n += 1) {
    stranger.publish(probe, randomBytes(40));
    stranger.publish(echo, randomBytes(40));
  }
  await stranger.flush();
  one.bus.publish(room, [committed(room, 1)]);
  await until(() => answers.includes(subject));
  // Hundred are the stranger's own; the node's are one in two seconds.
  const after = answers.filter((name) => name === echo).length;
  expect(after - before - 100).toBeLessThan(5);
});
