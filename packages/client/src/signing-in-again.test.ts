import { expect, test } from "bun:test";
import { connectChat } from "./connect.ts";
import { forgetPerson } from "./forget-person.ts";
import { prefixOf } from "./person-storage.ts";
import { kept, mine } from "./testing/outbox-of.ts";
import { annHerself } from "./testing/rooms-answer.ts";
import { ann, bob, createScene, lobby, type Visit } from "./testing/scene.ts";
import type { Browser } from "./testing/wire.ts";

// Who signs out and in again in one browser begins a new life there, whatever
// tabs of the old one are still open, and whenever those learn of it.

const url = "https://chat.example";
const prefix = prefixOf({ url, person: ann });

function records({ storage }: Browser): Map<string, unknown> {
  let found = new Map<string, unknown>();
  storage.contents.load("", (all) => (found = new Map(all)));
  return found;
}

/** Ann has left in one tab while another stood still, and is here again. */
function backAgain(leave: "on the server" | "in a tab") {
  const scene = createScene();
  const { server, wire, enter } = scene;
  const browser = wire.browser();
  const first = enter(ann, { browser });
  const frozen = enter(ann, { browser });
  first.chat.open(lobby);
  server.post(bob, lobby, "before");
  wire.advance(2_000);
  frozen.device.isFrozen = true;
  if (leave === "on the server") {
    server.isSignedIn = false;
    server.close(4003);
  } else forgetPerson({ url, person: ann }, first.device.env);
  wire.advance(2_000);
  expect(stopped(first)).toBe(true);
  expect([...records(browser).keys()]).toEqual([]);
  first.chat.close();
  server.isSignedIn = true;
  const again = enter(ann, { browser });
  again.chat.open(lobby);
  wire.advance(15_000);
  return { ...scene, browser, first, frozen, again };
}

function stopped({ chat }: Visit): boolean {
  return chat.state.connection.status === "stopped";
}

for (const how of ["on the server", "in a tab"] as const) {
  test(`[A-3] [T60] a tab that stood still while its person left ${how} ends, and takes nothing from the new sign-in`, () => {
    const { wire, browser, frozen, again, enter } = backAgain(how);
    again.device.isOnline = false;
    again.device.cut(1001);
    again.chat.post(lobby, "of the new sign-in");
    // It still looks as it did, and is written in.
    frozen.chat.post(lobby, "of the old one");
    frozen.device.hide();
    wire.advance(2_000);
    const before = records(browser);
    expect(JSON.stringify([...before])).not.toContain("of the old one");
    frozen.device.isFrozen = false;
    wire.advance(60_000);
    expect(stopped(frozen)).toBe(true);
    expect(stopped(again)).toBe(false);
    expect(again.pending()).toEqual(["of the new sign-in"]);
    const after = records(browser);
    expect([...before.keys()].filter((key) => !after.has(key))).toEqual([]);
    // And so it is for the next page.
    again.device.crash();
    const reloaded = enter(ann, { browser, isOnline: false });
    wire.advance(1_000);
    expect(reloaded.pending()).toEqual(["of the new sign-in"]);
    expect(reloaded.texts()).toEqual(["before"]);
  });
}

test("[A-2] [V-5] whoever gets another session in this browser, as with a new password, keeps what is not sent; nobody asks who they are before it is there", () => {
  const scene = createScene();
  const { server, wire, enter } = scene;
  const browser = wire.browser();
  const device = wire.device(ann, browser);
  const waiting: (() => void)[] = [];
  const chat = connectChat({
    ...{ url, me: annHerself, server: "Parley", env: device.env, keeps: true },
    settled: (go) => void waiting.push(go),
  });
  wire.advance(2_000);
  const refuse = server.refuse;
  server.refuse = () => ({ code: "unavailable", retryable: true });
  chat.post(lobby, "not stored yet");
  wire.advance(500);
  expect(kept(browser)).toEqual(["not stored yet"]);
  // Its cookie is on the way: the server does not know who is asking.
  server.isSignedIn = false;
  server.close(4003);
  wire.advance(5_000);
  expect(device.asked).not.toContain("/api/me");
  expect(waiting).toHaveLength(1);
  server.isSignedIn = true;
  server.refuse = refuse;
  for (const go of waiting) go();
  wire.advance(20_000);
  expect(chat.state.connection.status).toBe("live");
  expect(mine(scene)).toEqual(["not stored yet"]);
  expect(kept(browser)).toEqual([]);
  // A tab of before knows it as well.
  expect(enter(ann, { browser }).texts()).toEqual(["not stored yet"]);
});

test("[A-3] what a tab of the old sign-in says late is not sent, and a page that hears its end late forgets nothing of the new one", () => {
  const scene = backAgain("in a tab");
  const { wire, browser, frozen, again } = scene;
  frozen.chat.post(lobby, "too late");
  wire.advance(2_000);
  frozen.device.isFrozen = false;
  wire.flush();
  // As a page does that finds its chat ended.
  forgetPerson({ url, person: ann }, frozen.device.env);
  wire.advance(20_000);
  again.chat.post(lobby, "sent");
  wire.advance(2_000);
  expect(mine(scene)).toEqual(["sent"]);
  expect(again.pending()).toEqual([]);
  expect(again.chat.state.connection.status).toBe("live");
  const life = String(records(browser).get(`${prefix}life`));
  expect(records(browser).has(`${prefix}${life} snapshot head`)).toBe(true);
  // Whoever leaves now leaves nothing.
  forgetPerson({ url, person: ann }, again.device.env);
  wire.advance(2_000);
  expect(stopped(again)).toBe(true);
  expect([...records(browser).keys()]).toEqual([]);
});

test("tabs that begin at the same moment are of one sign-in", () => {
  const scene = createScene();
  const { wire } = scene;
  const browser = wire.browser();
  const devices = [0, 1, 2].map(() => wire.device(ann, browser));
  const tabs = devices.map((device) => {
    device.isOnline = false;
    const { env } = device;
    // None of them has run before all are there.
    const who = { me: annHerself, server: "Parley" };
    return connectChat({ url, ...who, env, keeps: true });
  });
  tabs[0]?.post(lobby, "from one of them");
  wire.advance(2_000);
  expect(kept(browser)).toEqual(["from one of them"]);
  const lives = [...records(browser).keys()].filter((key) =>
    key.endsWith(" life"),
  );
  expect(lives).toHaveLength(1);
});

test("what an earlier version kept without a name of the sign-in is sent, and tabs of that version write nothing more", () => {
  const scene = createScene();
  const { wire, enter } = scene;
  const browser = wire.browser();
  const item = { stream: lobby, at: 1, order: 1, failure: null };
  const puts = new Map<string, unknown>([
    [`${prefix}life`, 1],
    [`${prefix}outbox w`, { ...item, cid: "w", text: "unsent" }],
    [`${prefix}snapshot head`, { version: 1 }],
  ]);
  browser.storage.contents.write({ puts }, () => undefined);
  const offline = enter(ann, { browser, isOnline: false });
  wire.advance(1_000);
  expect(kept(browser)).toEqual(["unsent"]);
  let outcome = "";
  const guards = new Map([[`${prefix}life`, 1]]);
  browser.storage.contents.write({ guards }, (what) => (outcome = what));
  expect(outcome).toBe("refused");
  offline.device.crash();
  enter(ann, { browser });
  wire.advance(1_000);
  expect(mine(scene)).toEqual(["unsent"]);
});

test("what is written before the storage has told which sign-in it is is kept as well", () => {
  const scene = createScene();
  const { wire, enter } = scene;
  const browser = wire.browser();
  browser.storage.state = "hanging";
  browser.storage.jots = true;
  const visit = enter(ann, { browser, isOnline: false });
  browser.storage.state = "fine";
  visit.chat.post(lobby, "early");
  visit.device.crash();
  enter(ann, { browser });
  wire.advance(5_000);
  expect(mine(scene)).toEqual(["early"]);
});
