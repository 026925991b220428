import { expect, test } from "bun:test";
import { forgetPerson } from "./forget-person.ts";
import { ann, bob, createScene, lobby } from "./testing/scene.ts";
import type { Browser } from "./testing/wire.ts";

// Nothing of a person stays on a device that they have left.

const url = "https://chat.example";

function everything({ storage }: Browser): string[] {
  let keys: string[] = [];
  storage.contents.load("", (all) => (keys = [...(all?.keys() ?? [])]));
  return keys;
}

const endings = {
  "401 after a session's end": ({ server }) => {
    server.isSignedIn = false;
    server.close(4003);
  },
  "401 after a close": ({ server }) => {
    server.isSignedIn = false;
    server.close(4001);
  },
} satisfies Record<string, (scene: ReturnType<typeof createScene>) => void>;

for (const [how, end] of Object.entries(endings)) {
  test(`[T60] ${how} empties the device`, () => {
    const scene = createScene();
    const { server, wire, enter } = scene;
    const browser = wire.browser();
    const visit = enter(ann, { browser });
    server.misses = () => true;
    visit.chat.post(lobby, "not confirmed");
    wire.advance(2_000);
    expect(everything(browser)).toHaveLength(6);
    end(scene);
    wire.advance(60_000);
    expect(visit.chat.state.connection).toMatchObject({ reason: "signed-out" });
    expect(everything(browser)).toEqual([]);
    expect(visit.pending()).toEqual([]);
  });
}

test("[T60] a session that ended while nobody was there leaves nothing when the page is opened again", () => {
  const { server, wire, enter } = createScene();
  const browser = wire.browser();
  const before = enter(ann, { browser });
  wire.advance(2_000);
  before.device.isOnline = false;
  before.device.cut();
  before.chat.post(lobby, "never to be sent");
  wire.advance(2_000);
  before.device.crash();
  server.isSignedIn = false;
  const { accept } = server;
  // As the server does with a session that it does not know.
  server.accept = (end, person) => {
    end.close(4001);
    return accept({ ...end, send: () => undefined }, person);
  };
  const after = enter(ann, { browser });
  wire.advance(2_000);
  expect(after.chat.state.connection).toMatchObject({ reason: "signed-out" });
  expect(everything(browser)).toEqual([]);
});

test("[T60] signing out in one tab stops the others at once, whatever they are doing, and they write nothing after it", () => {
  const { server, wire, enter } = createScene();
  const browser = wire.browser();
  const tabs = ["live", "waiting", "frozen"].map(() => enter(ann, { browser }));
  const [, waiting, frozen] = tabs;
  wire.advance(2_000);
  if (!waiting || !frozen) throw new Error("There are three.");
  waiting.device.isOnline = false;
  waiting.device.cut(1001);
  waiting.chat.post(lobby, "waits");
  wire.advance(100);
  frozen.device.isFrozen = true;
  forgetPerson({ url, person: ann }, wire.device(ann, browser).env);
  wire.flush();
  expect(waiting.chat.state.connection).toMatchObject({ status: "stopped" });
  expect(everything(browser)).toEqual([]);
  // It has not heard of it yet, and is written in.
  frozen.chat.post(lobby, "too late");
  frozen.device.hide();
  wire.advance(20_000);
  frozen.device.isFrozen = false;
  waiting.device.isOnline = true;
  wire.advance(60_000);
  for (const { chat } of tabs) {
    expect(chat.state.connection).toMatchObject({
      status: "stopped",
      reason: "signed-out",
    });
  }
  expect(everything(browser)).toEqual([]);
  // The tab that leads had sent the one that the queue of all had.
  expect(server.messages(lobby).map(({ text }) => text)).toEqual(["waits"]);
});

test("[A-3] whoever signs in next on this browser sees and sends nothing of the one before", () => {
  const { server, wire, enter } = createScene();
  const browser = wire.browser();
  const first = enter(ann, { browser });
  first.chat.open(lobby);
  server.post(bob, lobby, "before");
  wire.advance(2_000);
  first.device.isOnline = false;
  first.device.cut(1001);
  first.chat.post(lobby, "by ann");
  wire.advance(2_000);
  first.device.crash();
  const second = enter(bob, { browser, isOnline: false });
  expect(second.chat.state.rooms).toEqual([]);
  second.device.isOnline = true;
  second.device.wake();
  wire.advance(20_000);
  second.chat.post(lobby, "by bob");
  wire.flush();
  expect(second.pending()).toEqual([]);
  expect(server.messages(lobby).map(({ text }) => text)).toEqual([
    "before",
    "by bob",
  ]);
  // The socket turned out to be another person's: what was kept goes.
  forgetPerson({ url, person: ann }, second.device.env);
  wire.flush();
  expect(everything(browser).join()).not.toContain(ann);
  expect(second.chat.state.connection.status).toBe("live");
});

test("a client that is not asked to keeps nothing on its device", () => {
  const { wire, visit } = createScene();
  const browser = wire.browser();
  const { chat } = visit(ann, wire.device(ann, browser), false);
  chat.post(lobby, "hello");
  wire.advance(20_000);
  expect(everything(browser)).toEqual([]);
  expect(chat.state.isKept).toBe(false);
});
