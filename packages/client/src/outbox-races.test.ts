import { expect, test } from "bun:test";
import { mine } from "./testing/outbox-of.ts";
import {
  ann,
  bob,
  createScene,
  design,
  lobby,
  type Scene,
  type Visit,
} from "./testing/scene.ts";

// What two tabs, a server and a storage do to one queue at the same moment.

function refuses({ server }: Scene, isRefusing: boolean) {
  server.refuse = ({ command }) =>
    isRefusing && command["type"] === "message.post"
      ? { code: "too_long" }
      : null;
}

function failures({ room }: Visit): string[] {
  return room().timeline.pending.map(({ status }) => status.kind);
}

test("[D-3] a failed message that is retried in two tabs at the same moment is stored once", () => {
  const scene = createScene();
  const { wire, enter } = scene;
  const browser = wire.browser();
  const tabs = [1, 2].map(() => enter(ann, { browser }));
  refuses(scene, true);
  const cid = tabs[0]?.chat.post(lobby, "twice pressed") ?? "";
  wire.flush();
  refuses(scene, false);
  for (const { chat } of tabs) chat.retry(lobby, cid);
  wire.advance(30_000);
  expect(mine(scene)).toEqual(["twice pressed"]);
  for (const tab of tabs) expect(tab.pending()).toEqual([]);
});

test("[D-3] a tab that did not hear of a retry, and retries as well, doubles nothing", () => {
  const scene = createScene();
  const { wire, enter } = scene;
  const browser = wire.browser();
  const tabs = [1, 2].map(() => enter(ann, { browser }));
  const [awake, asleep] = tabs;
  refuses(scene, true);
  const cid = awake?.chat.post(lobby, "once") ?? "";
  wire.flush();
  refuses(scene, false);
  if (asleep) asleep.device.isFrozen = true;
  awake?.chat.retry(lobby, cid);
  wire.advance(60_000);
  expect(mine(scene)).toEqual(["once"]);
  // What a person does first may come before what the tab has yet to hear.
  asleep?.chat.retry(lobby, cid);
  if (asleep) asleep.device.isFrozen = false;
  wire.advance(60_000);
  expect(mine(scene)).toEqual(["once"]);
  for (const tab of tabs) expect(tab.pending()).toEqual([]);
});

test("[D-4] a failed message stays failed when a tab that could not keep it is asked for what it wrote", () => {
  const scene = createScene();
  const { wire, enter } = scene;
  const browser = wire.browser();
  const leader = enter(ann, { browser });
  const follower = enter(ann, { browser });
  browser.storage.state = "full";
  refuses(scene, true);
  follower.chat.post(lobby, "refused for good");
  wire.flush();
  refuses(scene, false);
  const third = enter(ann, { browser });
  wire.advance(60_000);
  expect(mine(scene)).toEqual([]);
  for (const tab of [leader, follower, third]) {
    expect(failures(tab)).toEqual(["failed"]);
  }
  browser.storage.state = "fine";
  wire.advance(30_000);
  for (const { device } of [leader, follower, third]) device.crash();
  const later = enter(ann, { browser });
  wire.advance(30_000);
  expect(failures(later)).toEqual(["failed"]);
  expect(mine(scene)).toEqual([]);
});

test("[V-1] news of a message that comes after its event does not show it twice", () => {
  const scene = createScene();
  const { wire, enter, visit } = scene;
  const browser = wire.browser();
  const device = wire.device(ann, browser);
  const late: (() => void)[] = [];
  const { channel } = device.env;
  device.env.channel = (name, heard) =>
    channel(name, (message) => late.push(() => heard(message)));
  const quick = enter(ann, { browser });
  const slow = visit(ann, device, true);
  slow.chat.open(lobby);
  wire.flush();
  quick.chat.post(lobby, "said once");
  wire.flush();
  for (const hear of late.splice(0)) hear();
  expect(slow.texts()).toEqual(["said once"]);
  expect(slow.pending()).toEqual([]);
});

test("[L-2] a tab that was told that a message is stored while it still read the storage does not wait for it", () => {
  const scene = createScene();
  const { wire, enter, visit } = scene;
  const browser = wire.browser();
  const leader = enter(ann, { browser });
  wire.advance(1_000);
  leader.device.isReading = false;
  leader.chat.post(lobby, "stored meanwhile");
  wire.flush();
  const device = wire.device(ann, browser);
  const { storage } = device.env;
  const late: (() => void)[] = [];
  device.env.storage = {
    ...storage,
    load: (prefix, done) =>
      storage.load(prefix, (records) => late.push(() => done(records))),
  };
  const slow = visit(ann, device, true);
  wire.flush();
  leader.device.isReading = true;
  wire.advance(1_000);
  expect(leader.pending()).toEqual([]);
  expect(late.length).toBeGreaterThan(0);
  for (const read of late.splice(0)) read();
  wire.flush();
  expect(mine(scene)).toEqual(["stored meanwhile"]);
  expect(slow.pending()).toEqual([]);
});

test("[D-1] a list of rooms of another log takes no acknowledged message for stored", () => {
  const scene = createScene();
  const { server, wire, enter } = scene;
  const visit = enter(ann);
  server.misses = (event) => event.type === "message.posted";
  visit.chat.post(lobby, "acknowledged, and not in the backup");
  wire.flush();
  expect(visit.pending()).toHaveLength(1);
  // The inbox is reset; before the list of rooms comes, the server goes down.
  visit.device.isReading = false;
  const head = server.events("inbox", ann).length;
  const reset = { type: "reset", id: 1, stream: "inbox", reason: "far", head };
  server.say({ ...reset, events: [], people: [] }, ann);
  visit.device.isReading = true;
  const { answer } = server;
  server.answer = () => ({ status: 0, text: "" });
  wire.flush();
  visit.device.isOnline = false;
  visit.device.cut();
  // It comes back as it was before, and somebody else goes on.
  server.epoch = "e2";
  const log = server.events(lobby, ann) as unknown[];
  log.pop();
  server.post(bob, lobby, "of the new log");
  server.misses = () => false;
  server.answer = answer;
  visit.device.isOnline = true;
  visit.device.wake();
  wire.advance(30_000);
  // Nothing is there that answers it: it has to be sent again.
  expect(visit.written("message.post")).toHaveLength(2);
});

test("whoever writes in the moment after signing out is not met with an error", () => {
  const { server, wire, visit } = createScene();
  const device = wire.device(ann, wire.browser());
  const { channel } = device.env;
  device.env.channel = (name, heard) => {
    const opened = channel(name, heard);
    let isClosed = false;
    return {
      tell(message) {
        // As a browser does.
        if (isClosed) throw new DOMException("It is closed.");
        opened.tell(message);
      },
      close() {
        isClosed = true;
        opened.close();
      },
    };
  };
  const { chat } = visit(ann, device, true);
  server.isSignedIn = false;
  server.close(4003);
  wire.flush();
  expect(chat.state.connection.status).toBe("stopped");
  expect(() => chat.post(lobby, "too late")).not.toThrow();
});

test("[V-5] a message that was refused because its room was left is shown again after joining anew", () => {
  const scene = createScene();
  const { server, wire, enter } = scene;
  server.addRoom(design, "Design", [ann, bob]);
  const browser = wire.browser();
  const visit = enter(ann, { browser });
  visit.device.isOnline = false;
  visit.device.cut(1001);
  visit.chat.post(design, "to a room that is left");
  wire.flush();
  server.leave(ann, design);
  visit.device.isOnline = true;
  visit.device.wake();
  wire.advance(2_000);
  expect(visit.chat.state.rooms.map(({ stream }) => stream)).toEqual([lobby]);
  server.join(ann, design);
  wire.advance(2_000);
  expect(visit.pending(design)).toEqual(["to a room that is left"]);
  visit.device.crash();
  const after = enter(ann, { browser });
  wire.advance(2_000);
  const [row] = after.room(design).timeline.pending;
  expect(row?.status.kind).toBe("failed");
  after.chat.retry(design, row?.cid ?? "");
  wire.flush();
  expect(mine(scene, design)).toEqual(["to a room that is left"]);
  expect(after.pending(design)).toEqual([]);
});
