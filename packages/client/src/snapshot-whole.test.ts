import { expect, test } from "bun:test";
import { prefixOf } from "./person-storage.ts";
import type { Batch } from "./storage.ts";
import { ann, bob, createScene, design, lobby } from "./testing/scene.ts";
import type { Browser } from "./testing/wire.ts";

// A snapshot is believed only when its records belong together.

const prefix = prefixOf({ url: "https://chat.example", person: ann });

function records({ storage }: Browser): Map<string, unknown> {
  let found = new Map<string, unknown>();
  storage.contents.load("", (all) => (found = new Map(all)));
  return found;
}

function change(browser: Browser, batch: Batch) {
  browser.storage.contents.write(batch, () => undefined);
}

test("records of two writings, of another form or damaged are not believed, and do no harm", () => {
  const { server, wire, enter } = createScene();
  server.addRoom(design, "Design", [ann, bob]);
  const browser = wire.browser();
  enter(ann, { browser }).chat.open(lobby);
  server.post(bob, lobby, "one");
  wire.advance(2_000);
  const early = records(browser);
  server.post(bob, lobby, "two");
  server.post(bob, design, "three");
  wire.advance(2_000);
  const whole = records(browser);
  const life = String(whole.get(`${prefix}life`));
  const key = (name: string) => `${prefix}${life} snapshot ${name}`;
  const head = whole.get(key("head")) as object;
  const room = whole.get(key(`room ${lobby}`)) as { messages: object[] };
  const broken: [string, unknown][] = [
    // An inbox that is newer than the rooms would hide a room for ever.
    [key(`room ${lobby}`), early.get(key(`room ${lobby}`))],
    [key("head"), early.get(key("head"))],
    [key("people"), { save: "of another", people: [] }],
    [key("head"), { ...head, version: 0 }],
    [key("head"), { ...head, inbox: "many" }],
    [key("head"), { ...head, rooms: 7 }],
    [key("head"), { ...head, rooms: [["r_Missing0000", "x 1"]] }],
    [key("head"), "nonsense"],
    [key("people"), null],
    [key(`room ${lobby}`), { ...room, messages: [null] }],
    [key(`room ${lobby}`), { ...room, head: -1 }],
    [key(`room ${lobby}`), { ...room, counted: undefined }],
    [key(`room ${design}`), undefined],
  ];
  for (const [name, value] of broken) {
    const damaged = wire.browser();
    change(damaged, { puts: whole });
    if (value === undefined) change(damaged, { deletes: [name] });
    else change(damaged, { puts: new Map([[name, value]]) });
    const visit = enter(ann, { browser: damaged, isOnline: false });
    expect(visit.chat.state.rooms).toEqual([]);
    visit.device.isOnline = true;
    visit.device.wake();
    wire.advance(2_000);
    expect(visit.chat.state.rooms).toHaveLength(2);
    expect(visit.device.asked).toContain("/api/rooms");
    visit.chat.close();
  }
  const undamaged = wire.browser();
  change(undamaged, { puts: whole });
  const visit = enter(ann, { browser: undamaged, isOnline: false });
  expect(visit.chat.state.rooms).toHaveLength(2);
});

test("a leader that stood still cannot mix its records with those of the one that leads now", () => {
  const { server, wire, enter } = createScene();
  const browser = wire.browser();
  const old = enter(ann, { browser });
  const next = enter(ann, { browser });
  wire.advance(5_000);
  server.post(bob, lobby, "old's last");
  wire.flush();
  old.device.isFrozen = true;
  next.chat.post(lobby, "takes over");
  wire.advance(15_000);
  server.addRoom(design, "Design", [ann, bob]);
  wire.advance(5_000);
  const before = JSON.stringify([...records(browser)]);
  expect(before).toContain("Design");
  // Its timer rings before it hears that it leads no more.
  old.device.hide();
  wire.flush();
  expect(JSON.stringify([...records(browser)])).toBe(before);
  old.device.isFrozen = false;
  wire.advance(60_000);
  for (const tab of [old, next]) tab.device.crash();
  const after = enter(ann, { browser, isOnline: false });
  expect(after.chat.state.rooms.map(({ name }) => name)).toEqual([
    "Lobby",
    "Design",
  ]);
});
