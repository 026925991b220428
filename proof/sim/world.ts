import { readConfig, type Config } from "../../packages/server/src/config.ts";
import { MemoryHistory } from "../history/history.ts";
import { SimBrowser } from "./browser.ts";
import { BusNetwork } from "./bus.ts";
import type { SimDatabase } from "./database.ts";
import { SimDevice, type Seat } from "./device.ts";
import { Person } from "./habits.ts";
import { SimNetwork } from "./network.ts";
import { silence, SimNode } from "./node.ts";
import type { Plan } from "./plan.ts";
import type { Random } from "./random.ts";
import type { StoreTrouble } from "./store.ts";
import { Owner, type VirtualTime } from "./virtual-time.ts";
import type { Wire } from "./wire.ts";

const configs = new Map<number, Config>();

/** The shipped settings, but for the rates that a run of a minute must not meet. */
function configFor(replayEvents: number): Config {
  let config = configs.get(replayEvents);
  if (config === undefined) {
    config = readConfig({
      PARLEY_LIMITS: "off",
      PARLEY_SIMPLE_WIRE: "off",
      PARLEY_CONNECTIONS_MAX: "1000",
      PARLEY_REPLAY_EVENTS: String(replayEvents),
    });
    configs.set(replayEvents, config);
  }
  return config;
}

/** A name that no earlier restore had: filled up at the front, or the 10th is called as the 1st. */
function epochOfRestore(count: number): string {
  return `again${String(count).padStart(3, "0")}`;
}

/** Everything of one run: nodes, network, devices, and the people at them. */
export class World {
  readonly time: VirtualTime;
  readonly random: Random;
  readonly database: SimDatabase;
  readonly history = new MemoryHistory();
  readonly plan: Plan;
  /** Whatever is nobody's process: chance itself. */
  readonly fate = new Owner("fate");
  readonly storeTrouble: StoreTrouble = { kind: "none", unanswered: 0.5 };
  readonly network: SimNetwork;
  readonly buses: BusNetwork | undefined;
  readonly nodes: SimNode[] = [];
  readonly devices: SimDevice[] = [];
  readonly browsers: SimBrowser[] = [];
  readonly people: Person[] = [];
  readonly #databaseClock = new Owner("database");
  /** See `queuesMs`. */
  #queuesMs = 0;
  #texts = 0;
  #hasBackup = false;
  #restores = 0;

  constructor(
    time: VirtualTime,
    random: Random,
    database: SimDatabase,
    plan: Plan,
  ) {
    this.time = time;
    this.random = random;
    this.database = database;
    this.plan = plan;
    this.network = new SimNetwork(time, random.fork(), () => this.nodes);
    this.buses =
      plan.nodes > 1
        ? new BusNetwork(time, random.fork(), this.network.owner)
        : undefined;
    for (let n = 1; n <= plan.nodes; n += 1) this.#addNode(`n${n}`);
    for (let n = 0; n < plan.devices; n += 1) this.#addDevice(n);
    for (let n = 0; n < plan.tabs; n += 1) this.#addTab(n);
  }

  begin(): void {
    this.record("begun");
    for (const node of this.nodes) node.start();
    for (const [n, device] of this.devices.entries()) {
      // The first ones are there at once, the others come by and by; but the
      // latest before all is made well: who is not there yet, is behind then.
      const ms = n < 2 ? 5 : this.random.wait(1_500);
      const until = this.plan.activeMs;
      this.time.after(Math.min(ms, until), () => device.boot(), this.fate);
    }
    this.time.run(this.fate, () => {
      for (const person of this.people) person.begin();
    });
  }

  record(is: "begun" | "healed" | "equal" | "over"): void {
    this.history.record({ t: this.time.now, k: "phase", is });
  }

  /** Whether every screen has everything, and nothing is on its way. */
  isEqual(): boolean {
    const states = this.devices
      .filter(({ isSignedOut }) => !isSignedOut)
      .map(({ person, recorded }) => ({ person, state: recorded?.chat.state }));
    const areLive = states.every(
      ({ state }) => state?.connection.status === "live",
    );
    if (!areLive) return false;
    const heads = this.database.heads();
    const members = this.database.members();
    return states.every(({ person, state }) => {
      const rooms = members.get(person.id) ?? new Set();
      return (
        state !== undefined &&
        state.rooms.length === rooms.size &&
        state.rooms.every(
          ({ stream, head, timeline: { pending, status } }) =>
            rooms.has(stream) &&
            heads.get(stream) === head &&
            status !== "loading" &&
            pending.every((one) => one.status.kind === "failed"),
        )
      );
    });
  }

  /**
   * The first time it keeps a copy of the database; then that takes the place
   * of everything since, with a new epoch. Answers which nodes it took down.
   */
  restoreBackup(): { nodes: SimNode[]; wires: Wire[] } | undefined {
    const { database } = this;
    if (!this.#hasBackup) {
      database.save("backup");
      this.#hasBackup = true;
      return undefined;
    }
    const nodes = this.nodes.filter(({ owner }) => owner?.isDead === false);
    const wires = nodes.flatMap((node) => this.killNode(node, false));
    database.restore("backup");
    // What a log that is gone has acknowledged, no page sends again.
    this.network.sentPosts.length = 0;
    this.#restores += 1;
    database.renewEpoch(epochOfRestore(this.#restores));
    return { nodes, wires };
  }

  /** What waited to be sent when all was made well again takes so long by itself. */
  get queuesMs(): number {
    return this.#queuesMs;
  }

  get wasRestored(): boolean {
    return this.#restores > 0;
  }

  killNode(node: SimNode, isSilent: boolean): Wire[] {
    const { owner } = node;
    if (owner === undefined) return [];
    const wires = [...this.network.wires];
    node.kill();
    this.network.serverDied(owner, isSilent);
    return wires.filter(({ server }) => server === owner);
  }

  /**
   * Sends a post again that some page has sent, over a connection of its own:
   * as another tab does that does not know of the first. Answers whose it was.
   */
  repeatCommand(): string | undefined {
    const { network, random, time } = this;
    // In the lobby only: elsewhere its author may have left and come back since,
    // and what was refused in between would be stored after all.
    const { lobby } = this.database.founded;
    const posts = network.sentPosts.filter(({ text }) => text.includes(lobby));
    if (posts.length === 0) return undefined;
    const { place, text } = random.pick(posts);
    const hello = JSON.stringify({ type: "hello", id: 1, cursors: {} });
    const peer = new Owner("repeater");
    const again = { ...place, tab: peer };
    const socket = network.openSocket(again, "parley.v1", {
      opened: () => {
        socket.send(hello);
        // Its id must not be the one of hello.
        socket.send(text.replace(/"id":\d+/, '"id":2'));
        time.after(random.spread(10, 3_000), () => {
          socket.close(1000);
        });
      },
      received: () => undefined,
      closed: () => undefined,
    });
    return place.tab.name;
  }

  /** Everything is made well again, and everybody is told. */
  heal(): void {
    const { network, time } = this;
    network.heal();
    this.storeTrouble.kind = "none";
    // A start takes a while; what is refused meanwhile still counts as a fault.
    const until = time.now + 2_000;
    time.pass(time.now + 300);
    while (!this.nodes.every(({ isUp }) => isUp) && time.now < until) {
      time.pass(time.now + 20);
    }
    this.record("healed");
    this.#queuesMs = Math.max(0, ...this.devices.map(queueMs));
    for (const browser of this.browsers) browser.wake();
    for (const device of this.devices) {
      if (this.#isAskedForPatience(device)) {
        device.act(({ chat }) => {
          chat.reconnectNow();
        });
      }
    }
  }

  /** Its server was full, or it was too slow: then only a person cuts the wait short. */
  #isAskedForPatience({ name }: SimDevice): boolean {
    const last = this.history.records.findLast(
      (record) => record.k === "close" && record.c === name,
    );
    return last?.k === "close" && last.code >= 4_100 && last.code < 4_200;
  }

  /** A last look at every screen. */
  look(): void {
    for (const device of this.devices) {
      if (device.isSignedOut) continue;
      device.act(({ screen }) => {
        screen.look({ isQuiet: true });
      });
    }
  }

  #addNode(name: string): void {
    const { time, history, database, buses, plan } = this;
    this.nodes.push(
      new SimNode({
        ...{ name, time, history, database, buses, log: silence },
        random: this.random.fork(),
        config: configFor(plan.replayEvents),
        databaseWall: () => {
          const before = time.owner;
          time.owner = this.#databaseClock;
          const wall = time.wall();
          time.owner = before;
          return wall;
        },
        trouble: this.storeTrouble,
        weight: plan.weight,
      }),
    );
  }

  #addDevice(n: number): void {
    const { plan, random, time } = this;
    const { people } = this.database.beginning;
    const persons = plan.devices - plan.seconds;
    const person = people[n % persons];
    const token = person?.tokens[n < persons ? 0 : 1];
    if (person === undefined || token === undefined) throw new Error("nobody");
    const name = `d${n}`;
    const browser = new SimBrowser(name, time, random.fork(), plan);
    const weather = {
      latencyMs: random.spread(0.2, plan.latencyMs),
      jitterMs: random.spread(0.1, plan.latencyMs),
    };
    this.browsers.push(browser);
    this.#add({ name, person, token, browser, weather });
  }

  /** A second tab in the browser of somebody who is there already. */
  #addTab(n: number): void {
    const first = this.devices[n];
    if (first === undefined) throw new Error("nobody");
    this.#add({ ...first.seat, name: `${first.name}+` });
  }

  #add(seat: Seat): void {
    const { time, network, history, plan, random } = this;
    const device = new SimDevice({
      ...{ ...seat, time, network, history },
      random: random.fork(),
      keeps: plan.keeps,
    });
    this.devices.push(device);
    this.people.push(
      new Person({
        ...{ device, time, random: random.fork() },
        ...{ habits: plan.habits, meanMs: plan.meanMs },
        number: () => (this.#texts += 1),
      }),
    );
  }

  /** All tabs of a device. */
  tabsOf(browser: SimBrowser): SimDevice[] {
    return this.devices.filter((device) => device.browser === browser);
  }
}

/**
 * Its messages of one room go one after the other (O-2), a round trip each;
 * those of another room go beside them.
 */
function queueMs({ recorded, seat }: SimDevice): number {
  const lines = (recorded?.chat.state.rooms ?? []).map(
    ({ timeline: { pending } }) =>
      pending.filter(({ status }) => status.kind === "waiting").length,
  );
  const { latencyMs, jitterMs } = seat.weather;
  return Math.max(0, ...lines) * 2 * (latencyMs + jitterMs);
}
