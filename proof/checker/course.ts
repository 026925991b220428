import type {
  Acknowledged,
  ClientRecord,
  HistoryRecord,
  Received,
  Resumed,
  Sent,
  Shown,
} from "../history/record.ts";
import type { Counts } from "./check-history.ts";
import { Devices, type Connection, type Device } from "./devices.ts";
import type { Judgement } from "./judgement.ts";
import { AcknowledgedNumbers } from "./rules/acknowledged-numbers.ts";
import { Deletions } from "./rules/deletions.ts";
import { Heads } from "./rules/heads.ts";
import { Leaks } from "./rules/leaks.ts";
import { Liveness } from "./rules/liveness.ts";
import { Marks } from "./rules/marks.ts";
import { Pages } from "./rules/pages.ts";
import { Posts } from "./rules/posts.ts";
import { Resumes } from "./rules/resumes.ts";
import { Screens } from "./rules/screens.ts";
import { Slices } from "./rules/slices.ts";
import { Trouble } from "./rules/trouble.ts";
import { UnsentRows } from "./rules/unsent-rows.ts";

/** Goes through a history once, and shows each record to the rules that it concerns. */
export class Course {
  readonly devices = new Devices();
  readonly #judgement: Judgement;
  readonly #acknowledged = new AcknowledgedNumbers();
  readonly #trouble = new Trouble();
  readonly #posts: Posts;
  readonly #resumes: Resumes;
  readonly #slices: Slices;
  readonly #leaks: Leaks;
  readonly #deletions: Deletions;
  readonly #heads: Heads;
  readonly #pages: Pages;
  readonly #screens: Screens;
  readonly #unsentRows: UnsentRows;
  readonly #marks: Marks;
  readonly #liveness: Liveness;
  readonly #counts: Counts = {
    ...{ records: 0, devices: 0, posts: 0, acknowledged: 0, unknown: 0 },
    ...{ deletions: 0, removals: 0 },
    ...{ received: 0, connections: 0, reconnects: 0 },
    resumes: { live: 0, reset: 0, gone: 0 },
    ...{ pages: 0, shown: 0, quietLooks: 0, crashes: 0 },
    ...{ faults: {}, equalAfterMs: [], violations: {} },
  };
  #hasBegun = false;
  #lastAt = 0;

  constructor(judgement: Judgement) {
    this.#judgement = judgement;
    this.#posts = new Posts(judgement, this.#acknowledged);
    this.#resumes = new Resumes(judgement);
    this.#slices = new Slices((cid) => this.#posts.textOf(cid));
    this.#leaks = new Leaks(judgement, this.#trouble);
    this.#deletions = new Deletions(judgement, this.#trouble);
    this.#heads = new Heads(judgement, this.#acknowledged);
    this.#pages = new Pages(judgement, this.#acknowledged, this.#slices);
    this.#screens = new Screens(judgement, this.#slices);
    this.#unsentRows = new UnsentRows(judgement);
    this.#marks = new Marks(judgement);
    this.#liveness = new Liveness(judgement, this.#trouble);
  }

  take(record: HistoryRecord): void {
    this.#counts.records += 1;
    this.#lastAt = record.t;
    this.#resumes.passed(record.t);
    this.#liveness.passed(record.t);
    if (record.k === "fault") this.#trouble.fault(record);
    else if (record.k === "server") this.#liveness.server(record);
    else if (record.k === "phase") {
      this.#hasBegun ||= record.is === "begun";
      this.#liveness.phase(record);
    } else this.#takeOfClient(record, this.devices.get(record.c, record.p));
  }

  #takeOfClient(record: ClientRecord, device: Device): void {
    switch (record.k) {
      case "wrote":
        this.#posts.wrote(record);
        this.#unsentRows.wrote(device, record);
        break;
      case "sent":
        this.#sentPost(device.connection(record.conn), record);
        break;
      case "ok":
        this.#acknowledgedPost(device, record);
        break;
      case "error":
        this.#posts.refused(record);
        device.connection(record.conn).unanswered.delete(record.cid);
        break;
      case "failed":
        this.#posts.failed(record.cid);
        break;
      case "discarded":
        this.#posts.discarded(record);
        this.#unsentRows.discarded(record.cid);
        break;
      case "boot":
        if (!device.isBooted) device.isLate = this.#hasBegun;
        device.isBooted = true;
        this.#ended(device, record.t);
        device.isUp = true;
        this.#screens.booted(device);
        this.#unsentRows.booted(device);
        break;
      case "crash":
        this.#counts.crashes += 1;
        this.#posts.crashed(record);
        this.#heads.crashed(device);
        this.#ended(device, record.t);
        break;
      case "conn":
        this.#counts.connections += 1;
        device.connection(record.conn).openedAt = record.t;
        break;
      case "close":
        device.connection(record.conn).closedAt = record.t;
        device.connections.delete(record.conn);
        break;
      case "welcome":
        this.#welcomed(device, record.conn, record);
        break;
      case "resume":
        this.#resumed(device.connection(record.conn), record);
        break;
      case "unfollow":
        this.#resumes.loosened(
          device.connection(record.conn).following(record.stream),
        );
        break;
      case "recv":
        this.#received(device.connection(record.conn), record);
        break;
      case "shown":
        this.#counts.shown += 1;
        if (record.quiet) this.#counts.quietLooks += 1;
        this.#shown(device, record);
        break;
      case "page":
        this.#counts.pages += 1;
        if (!this.#pages.isOfLog(device, record)) break;
        this.#pages.read(device, record);
        this.#deletions.paged(record);
        break;
      case "deleted": {
        const { epoch } = device.connection(record.conn);
        if (this.#judgement.isOfLog(epoch)) this.#deletions.deleted(record);
        break;
      }
      case "marked":
        if (this.#judgement.isOfLog(device.epoch)) this.#marks.marked(record);
        break;
      case "session-ended":
        this.devices.get(record.device, record.p).endedAt = record.t;
        break;
      case "joined":
      case "left":
        break;
    }
  }

  #welcomed(
    device: Device,
    conn: string,
    { t, c, epoch }: { t: number; c: string; epoch: string },
  ): void {
    if (device.welcomes > 0) this.#counts.reconnects += 1;
    device.welcomes += 1;
    device.welcomed(conn, epoch, t);
    const { log, options, findings } = this.#judgement;
    if (epoch === log.epoch || options.wasRestored === true) return;
    const words = `${c} was welcomed to the epoch ${epoch}, and the log's is ${log.epoch}`;
    findings.add({ rule: "S-1", t, words, c });
  }

  #acknowledgedPost(device: Device, record: Acknowledged): void {
    const connection = device.connection(record.conn);
    // It proves that the number exists, but not that every node has heard of it:
    // the screen shows the row as sent, and its event may still come (O-3).
    this.#posts.ok(record, this.#judgement.isOfLog(connection.epoch));
    connection.unanswered.delete(record.cid);
  }

  #sentPost(connection: Connection, record: Sent): void {
    this.#posts.sent(record, this.#judgement.isOfLog(connection.epoch));
    this.#liveness.sent(connection, record);
  }

  #shown(device: Device, record: Shown): void {
    const { log, options } = this.#judgement;
    const { wasRestored = false } = options;
    // After a restore the old rows stand there until the stream begins anew.
    const isOfLog =
      !wasRestored || device.stream(record.stream).shownEpoch === log.epoch;
    if (wasRestored && isOfLog) {
      for (const cid of record.pending) this.#posts.pending(cid);
    }
    this.#screens.shown(device, record, isOfLog);
    if (isOfLog) this.#unsentRows.shown(device, record);
    // Another of their tabs may have told of it first.
    if (record.quiet) for (const cid of record.failed) this.#posts.failed(cid);
  }

  #resumed(connection: Connection, record: Resumed): void {
    const { resumes } = this.#counts;
    if (record.got === "gone") resumes.gone += 1;
    else if ("live" in record.got) resumes.live += 1;
    else resumes.reset += 1;
    this.#heads.resumed(connection, record);
    this.#leaks.resumed(connection, record);
    this.#resumes.resumed(connection, record);
  }

  #received(connection: Connection, record: Received): void {
    const { device, epoch } = connection;
    const { stream, from, to, d, since } = record;
    this.#counts.received += to - from + 1;
    if (this.#judgement.isOfLog(epoch)) {
      const stored = this.#judgement.log.streams.get(stream);
      const other = (): void => {
        const words = `${from} to ${to} of ${stream} came, and the log has something else there`;
        this.#judgement.unstored("D-7", since, device, words);
      };
      if (stored === undefined || to > stored.head) other();
      else {
        const slice = { from, to, without: record.deleted };
        const wanted = stored.digestOfEvents(from, to);
        this.#slices.compare({ stored, slice, d }, wanted, other);
      }
      this.#deletions.received(connection, record);
      const heardRemoval = this.#leaks.received(connection, record, stored);
      this.#resumes.received(connection, record);
      if (heardRemoval) this.#resumes.loosened(connection.following(stream));
      this.#heads.seen(device, stream, to, record.t);
    } else this.#resumes.received(connection, record);
  }

  /** All its connections are gone, however they went. */
  #ended(device: Device, t: number): void {
    device.isUp = false;
    for (const connection of device.connections.values()) {
      connection.closedAt = t;
    }
    device.connections.clear();
  }

  end(): Counts {
    const t = this.#lastAt;
    this.#resumes.end(t);
    this.#liveness.end(t);
    this.#posts.end(this.devices);
    this.#unsentRows.end();
    if (this.#counts.quietLooks > 0) this.#screens.end(this.devices, t);
    this.#marks.end(this.devices, t);
    this.#slices.end();
    this.#deletions.end(this.devices);
    this.#judgement.end();
    const counts = this.#counts;
    counts.devices = this.devices.all.size;
    counts.posts = this.#posts.size;
    counts.deletions = this.#deletions.count;
    counts.removals = this.#judgement.log.removalCount();
    counts.acknowledged = this.#posts.acknowledgedCount;
    counts.unknown = this.#posts.unknownCount();
    counts.faults = Object.fromEntries(this.#trouble.kinds);
    counts.equalAfterMs = this.#liveness.equalAfterMs;
    counts.violations = Object.fromEntries(this.#judgement.findings.counts);
    return counts;
  }
}
