import type { Shown } from "../history/record.ts";

/** What one connection has been told of one stream. */
export interface Following {
  /**
   * asked: nothing was answered yet; live: numbers go on from the cursor; loose:
   * not followed any more, but what was on its way still comes.
   */
  state: "asked" | "live" | "loose";
  /** The last number that came. */
  cursor: number;
  /** The first that came since it was asked for; 0 if none did. */
  first: number;
  /** The cursor that the client named last. */
  have: number;
  /** What came of the time while they were out of the room, if they were. */
  outside: { from: number; t: number } | undefined;
}

export class Connection {
  readonly device: Device;
  readonly name: string;
  epoch: string | undefined;
  openedAt = -Infinity;
  closedAt = Infinity;
  /** Posts that were sent and not answered yet. */
  readonly unanswered = new Set<string>();
  readonly streams = new Map<string, Following>();

  constructor(device: Device, name: string) {
    this.device = device;
    this.name = name;
  }

  following(stream: string): Following {
    let found = this.streams.get(stream);
    if (found === undefined) {
      found = {
        state: "asked",
        cursor: 0,
        first: 0,
        have: 0,
        outside: undefined,
      };
      this.streams.set(stream, found);
    }
    return found;
  }
}

/** What a device knew and showed of one stream, over all its lives. */
export class DeviceStream {
  /** The highest number it has heard of, and when it did. */
  seen = 0;
  seenAt = -Infinity;
  /** The epoch of its cursor. */
  epoch: string | undefined;
  /** The epoch of what is shown; what was stored may be of an earlier one. */
  shownEpoch: string | undefined;
  /** Where what was shown ended, in this life and epoch. */
  shownTo = 0;
  shownHead = 0;
  /** The last look when all was quiet. */
  quiet: Shown | undefined;
}

export class Device {
  readonly c: string;
  readonly person: string;
  epoch: string | undefined;
  /** When it was welcomed to this epoch. */
  epochAt = -Infinity;
  readonly #epochs = new Map<string, string>();
  isBooted = false;
  /** It began when the run had begun already. */
  isLate = false;
  /** It runs, as far as anybody knows. */
  isUp = false;
  welcomes = 0;
  /** When its session was ended. */
  endedAt = Infinity;
  readonly connections = new Map<string, Connection>();
  readonly streams = new Map<string, DeviceStream>();

  constructor(c: string, person: string) {
    this.c = c;
    this.person = person;
  }

  connection(name: string): Connection {
    let found = this.connections.get(name);
    if (found === undefined) {
      found = new Connection(this, name);
      this.connections.set(name, found);
    }
    return found;
  }

  welcomed(conn: string, epoch: string, t: number): void {
    this.connection(conn).epoch = epoch;
    if (this.epoch !== epoch) this.epochAt = t;
    this.epoch = epoch;
    if (!this.#epochs.has(epoch)) this.#epochs.set(epoch, conn);
  }

  /** Whether it knew of this epoch before this connection told it. */
  knewBefore(conn: string, epoch: string): boolean {
    const first = this.#epochs.get(epoch);
    return first !== undefined && first !== conn;
  }

  stream(name: string): DeviceStream {
    let found = this.streams.get(name);
    if (found === undefined) {
      found = new DeviceStream();
      this.streams.set(name, found);
    }
    return found;
  }
}

/** Everybody's devices, as the history tells of them. */
export class Devices {
  readonly all = new Map<string, Device>();

  get(c: string, person: string): Device {
    let found = this.all.get(c);
    if (found === undefined) {
      found = new Device(c, person);
      this.all.set(c, found);
    }
    return found;
  }
}
