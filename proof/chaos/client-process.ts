// One of the processes that clients run in: many devices with the shipped SDK,
// told by the runner what to do. It ends with the runner, whatever ends that.
import { readFileSync } from "node:fs";
import path from "node:path";
import { seededRandom } from "../../packages/server/src/testing/seeded-random.ts";
import { sharedClock } from "../history/clock.ts";
import { FileHistory } from "../history/history.ts";
import {
  tellerOf,
  type Device as Recorded,
} from "../history/recorded-device.ts";
import { Browser } from "./browser.ts";
import { Device } from "./device.ts";
import { FileStorage } from "./file-storage.ts";
import { live } from "./habits.ts";
import type { ClientPlan, Order, Told } from "./plan.ts";
import { Repeater } from "./repeater.ts";
import { speakSimply } from "./simple-speaker.ts";
import { Talk } from "./talk.ts";
import { Tally } from "./tally.ts";

const [, , planFile = ""] = process.argv;
const plan = JSON.parse(readFileSync(planFile, "utf8")) as ClientPlan;
const random = seededRandom(plan.seed + plan.life);
const now = sharedClock();
const history = new FileHistory(plan.history);
const tally = new Tally(history);
const browsers = new Map<string, Browser>();
const devices = plan.devices.map(start);
const talk = new Talk(devices, tally, { rate: plan.rate, random });
const flushing = setInterval(() => {
  history.flush();
}, 500);
const everybody = plan.people.map(({ me }) => me.id);
for (const device of devices) {
  live(device, () => talk.isOn, { random, everybody });
}
for (const { name, url } of plan.devices.slice(0, 2)) {
  speakSimply(url, `simple-${name}`, () => talk.isOn);
}

process.on("message", (order: Order) => {
  obey(order);
});
process.on("disconnect", () => {
  clearInterval(flushing);
  history.flush();
  process.exit(0);
});
tell({ is: "ready" });

function browserNamed(name: string): Browser {
  let browser = browsers.get(name);
  if (browser === undefined) {
    const file = path.join(plan.storageFolder, `${name}.ndjson`);
    browser = new Browser(new FileStorage(file));
    browsers.set(name, browser);
  }
  return browser;
}

function start(planned: (typeof plan.devices)[number]): Device {
  const person = plan.people[planned.person];
  if (person === undefined) throw new Error(`who is ${planned.name}?`);
  const browser = browserNamed(planned.browser);
  const recorded = recordedAs(planned.name, person.me.id);
  if (plan.killedAt !== null) {
    const { killedAt } = plan;
    tellerOf({ ...recorded, now: () => killedAt })({ k: "crash" });
  }
  const device = new Device(planned, person, browser, recorded);
  device.onMark = (stream, seq) => {
    tally.marks(person.me.id, stream, seq);
  };
  return device;
}

function recordedAs(name: string, person: string): Recorded {
  let connections = 0;
  return {
    ...{ history: tally, now, person, device: name },
    nextConnection: () => {
      connections += 1;
      return `${name}.${plan.life}.${connections}`;
    },
  };
}

function obey(order: Order): void {
  switch (order.do) {
    case "talk":
      talk.turn(order.isOn);
      break;
    case "wake":
      for (const device of devices) device.wake();
      break;
    case "unplug":
      deviceNamed(order.device)?.unplug();
      break;
    case "reload":
      deviceNamed(order.device)?.reload();
      break;
    case "seat":
      seat(order);
      break;
    case "repeat":
      repeat(order.forMs);
      break;
    case "status":
      tellStatus();
      break;
    case "look":
      for (const device of devices) device.look();
      history.flush();
      tell({ is: "looked" });
      break;
  }
}

function deviceNamed(name: string): Device | undefined {
  return devices.find((device) => device.name === name);
}

function seat({ person, cookie, seats }: Extract<Order, { do: "seat" }>): void {
  const somebody = plan.people[person];
  if (somebody !== undefined) somebody.cookie = cookie;
  for (const { before, planned } of seats) {
    const { name, browser } = planned;
    const { me } = somebody ?? { me: { id: "" } };
    deviceNamed(before)?.seat(
      planned,
      browserNamed(browser),
      recordedAs(name, me.id),
    );
  }
}

let repeats = 0;

function repeat(forMs: number): void {
  repeats += 1;
  const repeaters = devices
    .filter(() => random() < 0.5)
    .map((device) => {
      const { url } = plan.devices[
        Math.floor(random() * plan.devices.length)
      ] ?? { url: device.plan.url };
      const name = `${device.name}~${repeats}`;
      const recorded = recordedAs(name, device.person.me.id);
      return new Repeater(device, recorded, { url, random });
    });
  setTimeout(() => {
    for (const repeater of repeaters) repeater.stop();
  }, forMs);
}

function tellStatus(): void {
  tell({
    is: "status",
    ...{ acknowledged: tally.acknowledged, wrote: tally.wrote },
    ...{ reconnects: tally.welcomes, failed: tally.failed },
    rssBytes: process.memoryUsage.rss(),
    marking: tally.marking,
    devices: Object.fromEntries(
      devices.map((device) => [device.name, device.status()]),
    ),
  });
}

function tell(told: Told): void {
  process.send?.(told);
}
