import { writeFileSync } from "node:fs";
import path from "node:path";
import type { ClientPlan, Order, PlannedDevice, Seat, Told } from "./plan.ts";

const script = path.join(import.meta.dir, "client-process.ts");

type Status = Extract<Told, { is: "status" }>;

/** One process full of clients, seen from the runner. */
export class ClientGroup {
  readonly name: string;
  readonly #folder: string;
  readonly #plan: Omit<ClientPlan, "life" | "killedAt" | "history">;
  #child: Bun.Subprocess | undefined;
  #life = 0;
  #killedAt: number | null = null;
  #waiting = new Map<Told["is"], (told: Told) => void>();
  #isTalking = false;
  /** What earlier lives had counted. */
  readonly #before = { acknowledged: 0, wrote: 0, reconnects: 0, failed: 0 };
  #last: Status | undefined;
  /** Exits that nobody had asked for. */
  readonly unexpected: string[] = [];

  constructor(
    name: string,
    folder: string,
    plan: Omit<ClientPlan, "life" | "killedAt" | "history">,
  ) {
    this.name = name;
    this.#folder = folder;
    this.#plan = plan;
  }

  get devices(): readonly string[] {
    return this.#plan.devices.map(({ name }) => name);
  }

  devicesOf(person: number): PlannedDevice[] {
    return this.#plan.devices.filter((device) => device.person === person);
  }

  /** Also for its next life. */
  seat(person: number, cookie: string, seats: Seat[]): void {
    const found = new Map(
      seats.map(({ before, planned }) => [before, planned]),
    );
    this.#plan.devices = this.#plan.devices.map(
      (device) => found.get(device.name) ?? device,
    );
    this.tell({ do: "seat", person, cookie, seats });
  }

  get isRunning(): boolean {
    return this.#child !== undefined;
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  /** Resolves when its clients have begun. */
  async start(): Promise<void> {
    this.#life += 1;
    const life = `${this.name}.${this.#life}`;
    const plan: ClientPlan = {
      ...this.#plan,
      ...{ life: this.#life, killedAt: this.#killedAt },
      history: path.join(this.#folder, `${life}.ndjson`),
    };
    const file = path.join(this.#folder, `${this.name}.plan.json`);
    writeFileSync(file, JSON.stringify(plan));
    const ready = this.#next("ready");
    const child = Bun.spawn(
      [
        ...["setpriv", "--pdeathsig", "KILL"],
        ...[process.execPath, script, file],
      ],
      {
        stdio: ["ignore", "inherit", "inherit"],
        ipc: (told: Told) => {
          if (told.is === "status") this.#last = told;
          this.#waiting.get(told.is)?.(told);
        },
      },
    );
    this.#child = child;
    void child.exited.then((code) => {
      if (this.#child !== child) return;
      this.#child = undefined;
      this.unexpected.push(`${this.name} exited with ${code}`);
    });
    await ready;
    this.tell({ do: "talk", isOn: this.#isTalking });
  }

  tell(order: Order): void {
    if (order.do === "talk") this.#isTalking = order.isOn;
    this.#child?.send(order);
  }

  /** How its devices are; undefined when it does not say so in time. */
  async status(): Promise<Status | undefined> {
    const told = await this.#ask({ do: "status" }, "status");
    return told?.is === "status" ? told : undefined;
  }

  async look(): Promise<boolean> {
    return (await this.#ask({ do: "look" }, "looked")) !== undefined;
  }

  /** What all its lives have counted. */
  counts(): Record<"acknowledged" | "wrote" | "reconnects" | "failed", number> {
    const {
      acknowledged = 0,
      wrote = 0,
      reconnects = 0,
      failed = 0,
    } = this.#last ?? {};
    const before = this.#before;
    return {
      acknowledged: before.acknowledged + acknowledged,
      wrote: before.wrote + wrote,
      reconnects: before.reconnects + reconnects,
      failed: before.failed + failed,
    };
  }

  signal(name: NodeJS.Signals): void {
    this.#child?.kill(name);
  }

  /** kill -9; `start` begins its next life over the same storage. */
  async kill(now: () => number): Promise<void> {
    await this.status();
    const child = this.#child;
    this.#child = undefined;
    child?.kill("SIGKILL");
    await child?.exited;
    this.#killedAt = now();
    Object.assign(this.#before, this.counts());
    this.#last = undefined;
  }

  /** Lets it finish what it writes. */
  async end(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    child?.disconnect();
    await child?.exited;
  }

  async #ask(order: Order, answer: Told["is"]): Promise<Told | undefined> {
    if (this.#child === undefined) return undefined;
    const next = this.#next(answer);
    this.tell(order);
    const answered = await Promise.race([next, Bun.sleep(10_000)]);
    return answered ?? undefined;
  }

  #next(is: Told["is"]): Promise<Told> {
    return new Promise((resolve) => {
      this.#waiting.set(is, (told) => {
        this.#waiting.delete(is);
        resolve(told);
      });
    });
  }
}
