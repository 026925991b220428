import { describe, expect, test } from "bun:test";
import { ann, createScene, lobby, type Visit } from "./testing/scene.ts";
import { seededRandom } from "./testing/wire.ts";

// Three tabs of one browser that post, retry and discard while they freeze, go
// offline and crash, and while the server refuses for good.

describe("[D-3] [V-5] whatever tabs retry and discard, each message ends once in the log, failed, or discarded", () => {
  for (let first = 0; first < 300; first += 50) {
    test(`seeds ${first} to ${first + 49}`, () => {
      for (let seed = first; seed < first + 50; seed += 1) run(seed);
    });
  }
});

function run(seed: number) {
  const { server, wire, enter } = createScene(seed);
  const random = seededRandom(seed);
  const browser = wire.browser();
  const chance = (share: number) => random() < share;
  const tabs: Visit[] = [];
  const written: string[] = [];
  const discarded = new Set<string>();
  let isRefusing = false;
  // What is stored is answered as before, and what was refused stays refused.
  const refused = new Set<unknown>();
  const isStored = (cid: unknown) =>
    server.messages(lobby).some((message) => message.cid === cid);
  server.refuse = ({ command: { type, cid } }) => {
    if (type !== "message.post" || isStored(cid)) return null;
    if (isRefusing) refused.add(cid);
    return refused.has(cid) ? { code: "too_long" } : null;
  };
  const pick = (): Visit => {
    const index = Math.floor(random() * 3);
    const tab = tabs[index] ?? enter(ann, { browser });
    tabs[index] = tab;
    return tab;
  };
  for (let step = 0; step < 80; step += 1) {
    const tab = pick();
    const { chat, device } = tab;
    if (chance(0.1)) isRefusing = !isRefusing;
    const failed = failedOf(tab);
    const one = failed[Math.floor(random() * failed.length)];
    if (device.isFrozen) device.isFrozen = chance(0.7);
    else if (chance(0.3)) {
      written.push(`m${step}`);
      chat.post(lobby, `m${step}`);
    } else if (one && chance(0.6)) {
      if (chance(0.7)) chat.retry(lobby, one.cid);
      else {
        discarded.add(one.text);
        chat.discard(lobby, one.cid);
      }
    } else if (chance(0.2)) device.isFrozen = true;
    else if (chance(0.25)) {
      device.isOnline = !device.isOnline;
      if (device.isOnline) device.wake();
      else device.cut(1001);
    } else if (chance(0.1)) {
      device.crash();
      tabs.splice(tabs.indexOf(tab), 1, enter(ann, { browser }));
    }
    if (chance(0.5)) wire.advance(Math.floor(random() * 8_000));
  }
  isRefusing = false;
  for (const { device } of tabs) {
    device.isFrozen = false;
    device.isOnline = true;
    device.wake();
  }
  wire.advance(120_000);
  const stored = server.messages(lobby).map(({ text }) => text);
  const doubled = stored.filter((text, at) => stored.indexOf(text) !== at);
  expect({ seed, doubled }).toEqual({ seed, doubled: [] });
  for (const tab of tabs) {
    const waiting = tab
      .room()
      .timeline.pending.filter(({ status }) => status.kind === "waiting");
    expect({ seed, waiting }).toEqual({ seed, waiting: [] });
    const failed = failedOf(tab).map(({ text }) => text);
    const lost = written.filter(
      (text) =>
        !stored.includes(text) &&
        !failed.includes(text) &&
        !discarded.has(text),
    );
    expect({ seed, lost }).toEqual({ seed, lost: [] });
    const both = failed.filter((text) => stored.includes(text));
    expect({ seed, both }).toEqual({ seed, both: [] });
  }
}

function failedOf(visit: Visit) {
  const room = visit.chat.state.rooms.find(({ stream }) => stream === lobby);
  const pending = room?.timeline.pending ?? [];
  return pending.filter(({ status }) => status.kind === "failed");
}
