import { limits } from "../../../packages/protocol/src/index.ts";
import type { Shown } from "../../history/record.ts";
import type { Device, DeviceStream, Devices } from "../devices.ts";
import type { Judgement } from "../judgement.ts";
import type { StoredStream } from "../stored-stream.ts";
import type { Slices } from "./slices.ts";

/** What stands on the screens: V-1 to V-4, O-3 and U-1. */
export class Screens {
  readonly #judgement: Judgement;
  readonly #slices: Slices;

  constructor(judgement: Judgement, slices: Slices) {
    this.#judgement = judgement;
    this.#slices = slices;
  }

  shown(device: Device, record: Shown, isOfLog: boolean): void {
    if (record.flaw !== undefined) this.#tellFlaw(record, record.flaw);
    if (!isOfLog) return;
    const known = device.stream(record.stream);
    const stored = this.#judgement.log.streams.get(record.stream);
    this.#judgeSlice(device, record, record, stored);
    for (const older of record.older ?? []) {
      this.#judgeSlice(device, record, older, stored);
    }
    this.#judgeStaying(record, known);
    if (record.quiet) known.quiet = record;
  }

  /** Another life begins from what was stored, which may be less. */
  booted(device: Device): void {
    for (const known of device.streams.values()) {
      known.shownTo = 0;
      known.shownHead = 0;
      known.shownEpoch = undefined;
      known.quiet = undefined;
    }
  }

  /** Every device that runs shows every room of its person. */
  end(devices: Devices, t: number): void {
    const { streams } = this.#judgement.log;
    const rooms = new Map<string, string[]>();
    for (const stored of streams.values()) {
      if (stored.owner !== undefined) continue;
      for (const person of stored.members()) {
        const known = rooms.get(person);
        if (known) known.push(stored.name);
        else rooms.set(person, [stored.name]);
      }
    }
    for (const device of devices.all.values()) {
      const { isUp, isBooted, endedAt, person, c } = device;
      if (!isUp || !isBooted || endedAt < Infinity) continue;
      for (const stream of rooms.get(person) ?? []) {
        const quiet = device.streams.get(stream)?.quiet;
        if (quiet !== undefined) this.#judgeQuiet(quiet, streams.get(stream));
        else {
          const words = `${c} does not show ${stream}, in which ${person} is`;
          this.#judgement.findings.add({ rule: "V-4", t, words, stream, c });
        }
      }
    }
  }

  #judgeSlice(
    device: Device,
    record: Shown,
    slice: { from: number; to: number; rows: number; d: number },
    stored: StoredStream | undefined,
  ): void {
    const { from, to, rows, d } = slice;
    const { t, stream } = record;
    const wanted = stored?.countMessages(from, to) ?? 0;
    const head = stored?.head ?? 0;
    if (to > head) {
      const words = `${stream} is shown up to ${to}, and the log goes to ${head}`;
      this.#judgement.unstored("V-2", t, device, words);
    } else if (wanted !== rows) {
      const words = `${stream} is shown from ${from} to ${to} with ${rows} rows, and the log has ${wanted} there`;
      this.#judgement.unstored("V-2", t, device, words);
    } else if (stored !== undefined) {
      const other = (): void => {
        const words = `${stream} is shown from ${from} to ${to} with other rows than the log has there`;
        this.#judgement.unstored("V-2", t, device, words);
      };
      const digest = stored.digestOfMessages(from, to);
      const part = { from, to, without: record.deleted };
      this.#slices.compare({ stored, slice: part, d }, digest, other);
    }
  }

  #judgeStaying(record: Shown, known: DeviceStream): void {
    const { stream, to, head } = record;
    if (to < known.shownTo) {
      const words = `${stream} was shown up to ${known.shownTo}, and now up to ${to}`;
      this.#tell("V-3", record, words);
    }
    if (head < known.shownHead) {
      const words = `${stream} was shown at ${known.shownHead}, and now at ${head}`;
      this.#tell("O-3", record, words);
    }
    known.shownTo = to;
    known.shownHead = head;
  }

  #judgeQuiet(record: Shown, stored: StoredStream | undefined): void {
    const { p, c, stream, to, pending, read, unread } = record;
    const head = stored?.head ?? 0;
    if (to < head) {
      const words = `${c} shows ${stream} up to ${to}, and the log goes to ${head}`;
      this.#tell("V-4", record, words);
    }
    const [cid] = pending;
    if (cid !== undefined) {
      const words = `${pending.length} rows of ${stream} still wait on ${c}, such as ${cid}`;
      this.#tell("L-2", record, words);
    }
    const max = limits.unreadCount;
    const wanted = stored?.countOfOthers(p, read, max) ?? 0;
    if (unread !== wanted) {
      const words = `${unread} unread in ${stream} above ${read}, and the log has ${wanted}`;
      this.#tell("U-1", record, words);
    }
  }

  /** The recorder says which promise it breaks: "[V-1] …". */
  #tellFlaw(record: Shown, flaw: string): void {
    const [, rule = "V-2", words = flaw] = /^\[(\S+)\] (.*)$/.exec(flaw) ?? [];
    this.#tell(rule, record, `${record.stream}: ${words}`);
  }

  #tell(rule: string, { t, stream, c }: Shown, words: string): void {
    this.#judgement.findings.add({ rule, t, words, stream, c });
  }
}
