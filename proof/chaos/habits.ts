import { churn, type Whim } from "./churn.ts";
import type { Device } from "./device.ts";

/** What a person does beside writing, every few seconds. */
const restMsMax = 3_000;

/**
 * Opens rooms, reads, scrolls back, throws away what failed; who is restless
 * also comes and goes, makes rooms, and says a word in each.
 */
export function live(device: Device, isAwake: () => boolean, whim: Whim): void {
  const { random } = whim;
  const restMs = (0.2 + random()) * restMsMax;
  setTimeout(() => {
    if (isAwake()) act(device, whim);
    live(device, isAwake, whim);
  }, restMs);
}

function act(device: Device, whim: Whim): void {
  const { chat } = device;
  const { random } = whim;
  const rooms = device.rooms();
  const room = rooms[Math.floor(random() * rooms.length)];
  if (room === undefined) return;
  const { stream, timeline, kind } = room;
  for (const { cid, status } of timeline.pending) {
    if (status.kind === "failed") device.discard(stream, cid);
  }
  chat.open(stream);
  if (random() < 0.5) device.read(room);
  if (random() < 0.3) chat.typing(stream);
  if (random() < 0.2) device.does(chat.loadOlder(stream));
  churn(device, room, whim);
  if (kind === "lobby") {
    if (random() < 0.2) device.post(stream, `hello all ${random()}`);
  } else if (device.plan.isRestless) {
    roam(device, stream, random);
  }
}

function roam(device: Device, stream: string, random: () => number): void {
  const { chat } = device;
  const what = random();
  if (what < 0.3) device.does(chat.leaveRoom(stream));
  else if (what < 0.4) {
    const name = `Corner ${crypto.randomUUID()}`;
    device.does(chat.createRoom({ name }));
  } else if (what < 0.7) device.post(stream, `a word ${random()}`);
  device.does(joinSome(device, random));
}

async function joinSome(device: Device, random: () => number): Promise<void> {
  const { chat } = device;
  const rooms = await chat.directory("");
  const others = rooms.filter(({ joined }) => !joined);
  const one = others[Math.floor(random() * others.length)];
  if (one !== undefined) await chat.joinRoom(one.stream);
}
