import { expect, test } from "bun:test";
import { prefixOf } from "./person-storage.ts";
import { kept, mine } from "./testing/outbox-of.ts";
import { ann, createScene, lobby } from "./testing/scene.ts";

// A device that cannot keep anything stops nobody from chatting.

test("a storage that hangs delays the connection by 300 ms, and the first message by 3 s", () => {
  const scene = createScene();
  const { wire, enter } = scene;
  const browser = wire.browser();
  browser.storage.state = "hanging";
  const visit = enter(ann, { browser });
  wire.advance(299);
  expect(visit.written("hello")).toHaveLength(0);
  wire.advance(1);
  expect(visit.chat.state.connection.status).toBe("live");
  visit.chat.post(lobby, "goes all the same");
  wire.advance(2_699);
  expect(mine(scene)).toEqual([]);
  wire.advance(1);
  expect(mine(scene)).toEqual(["goes all the same"]);
  visit.chat.post(lobby, "at once");
  wire.flush();
  expect(mine(scene)).toHaveLength(2);
  wire.advance(10_000);
  expect(visit.chat.state.isKept).toBe(false);
});

test("storage that is full or forbidden stops nobody from chatting, and the state says that nothing is kept", () => {
  for (const state of ["full", "forbidden"] as const) {
    const scene = createScene();
    const { wire, enter } = scene;
    const browser = wire.browser();
    browser.storage.state = state;
    const visit = enter(ann, { browser });
    expect(visit.chat.state).toMatchObject({
      isKept: true,
      connection: { status: "live" },
    });
    let tellings = 0;
    visit.chat.subscribe(() => (tellings += Number(!visit.chat.state.isKept)));
    visit.device.isOnline = false;
    visit.device.cut(1001);
    visit.chat.post(lobby, "here while the page is");
    wire.flush();
    expect(visit.chat.state.isKept).toBe(false);
    expect(visit.pending()).toEqual(["here while the page is"]);
    expect(tellings).toBeGreaterThan(0);
    // Room was made: what could not be kept then is kept now.
    browser.storage.state = "fine";
    wire.advance(5_000);
    expect(visit.chat.state.isKept).toBe(true);
    expect(kept(browser)).toEqual(["here while the page is"]);
    visit.device.isOnline = true;
    visit.device.wake();
    wire.flush();
    expect(mine(scene)).toEqual(["here while the page is"]);
  }
});

test("what was damaged in the storage is left out, and the rest is sent", () => {
  const scene = createScene();
  const { wire, enter } = scene;
  const browser = wire.browser();
  const person = prefixOf({ url: "https://chat.example", person: ann });
  const prefix = `${person}l1 `;
  const whole = { cid: "w", stream: lobby, text: "whole", at: 1, order: 1 };
  const puts = new Map<string, unknown>([
    [`${person}life`, "l1"],
    [`${prefix}outbox a`, null],
    [`${prefix}outbox b`, { ...whole, text: 7, failure: null }],
    [`${prefix}outbox c`, { ...whole, failure: { code: "too_long" } }],
    [`${prefix}outbox w`, { ...whole, failure: null }],
    [`${prefix}snapshot head`, "nonsense"],
  ]);
  browser.storage.contents.write({ puts }, () => undefined);
  enter(ann, { browser });
  expect(mine(scene)).toEqual(["whole"]);
});
