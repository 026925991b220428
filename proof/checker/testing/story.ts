import { deletedAmong } from "../../history/deleted-among.ts";
import {
  addDigest,
  eventDigest,
  messageDigest,
  textDigest,
} from "../../history/digest.ts";
import type {
  ClientRecord,
  FinalEvent,
  FinalLog,
  HistoryRecord,
} from "../../history/record.ts";

type Kind = ClientRecord["k"];
type Of<K extends Kind> = Extract<ClientRecord, { k: K }>;

/**
 * Makes a run by hand, step by step: its records and the log that it leaves.
 * What is told to it is sound; tests then change something.
 */
export class Story {
  t = 1_000;
  readonly records: HistoryRecord[] = [];
  readonly log: FinalLog = { epoch: "e1", streams: new Map(), marks: [] };
  #made = 0;
  /** What deleted messages said. */
  readonly #said = new Map<FinalEvent, string | null>();

  /** Time goes by. */
  wait(ms: number): void {
    this.t += ms;
  }

  tell<K extends Kind>(
    c: string,
    record: Omit<Of<K>, "t" | "p" | "c"> & { k: K },
  ): void {
    this.t += 1;
    const p = c.slice(0, -1);
    this.records.push({ t: this.t, p, c, ...record } as unknown as Of<K>);
  }

  events(stream: string): FinalEvent[] {
    const known = this.log.streams.get(stream);
    if (known !== undefined) return known;
    const made: FinalEvent[] = [];
    this.log.streams.set(stream, made);
    return made;
  }

  head(stream: string): number {
    return this.events(stream).at(-1)?.seq ?? 0;
  }

  /** Puts an event into the log. */
  store(
    stream: string,
    event: Partial<FinalEvent> & { type: string; by: string },
  ): number {
    const seq = this.head(stream) + 1;
    const rest = { cid: null, text: null, person: null };
    this.events(stream).push({ seq, at: this.t, ...rest, ...event });
    return seq;
  }

  join(stream: string, person: string): number {
    return this.store(stream, { type: "member.joined", by: person, person });
  }

  leave(stream: string, person: string): number {
    return this.store(stream, { type: "member.left", by: person, person });
  }

  connect(c: string, conn: string, epoch = "e1"): void {
    this.tell(c, { k: "conn", conn });
    this.tell(c, { k: "welcome", conn, epoch, node: null });
  }

  /** Replays what is missing and goes live. */
  resume(c: string, conn: string, stream: string, have: number): void {
    const head = this.head(stream);
    if (head > have) this.receive(c, conn, stream, have + 1, head);
    const got = { live: head };
    this.tell(c, { k: "resume", conn, stream, have, asked: this.t - 2, got });
  }

  reset(c: string, conn: string, stream: string, have: number | null): void {
    const got = { reset: this.head(stream) };
    this.tell(c, { k: "resume", conn, stream, have, asked: this.t, got });
  }

  receive(
    c: string,
    conn: string,
    stream: string,
    from: number,
    to = from,
  ): void {
    const events = this.#between(stream, from, to);
    this.tell(c, {
      ...{ k: "recv", conn, stream, from, to, since: this.t },
      d: events.map(eventDigest).reduce(addDigest, 0),
      ...deletedAmong(events),
    });
  }

  /** Deletes a message: its text is gone from the log. Returns the event's number. */
  delete(c: string, conn: string, stream: string, message: number): number {
    const found = this.events(stream).find(({ seq }) => seq === message);
    if (found === undefined) throw new Error(`there is no ${message}`);
    this.#said.set(found, found.text);
    Object.assign(found, { text: "", deleted: true });
    const by = c.slice(0, -1);
    const seq = this.store(stream, { type: "message.deleted", by, message });
    this.tell(c, { k: "deleted", conn, stream, message });
    return seq;
  }

  /** Does something as if nothing had been deleted yet. */
  asBefore(happen: () => void): void {
    const said = [...this.#said];
    for (const [event, text] of said) {
      event.text = text;
      delete event.deleted;
    }
    happen();
    for (const [event] of said) {
      Object.assign(event, { text: "", deleted: true });
    }
  }

  /** Written and sent, not more; returns its cid. */
  write(c: string, conn: string, stream: string, text: string): string {
    this.#made += 1;
    const cid = `cid-${this.#made}`;
    this.tell(c, { k: "wrote", stream, cid, h: textDigest(text) });
    this.tell(c, { k: "sent", conn, stream, cid });
    return cid;
  }

  /** Stored by the server; returns its number. */
  keep(c: string, stream: string, cid: string, text: string): number {
    const by = c.slice(0, -1);
    return this.store(stream, { type: "message.posted", by, cid, text });
  }

  ok(c: string, conn: string, stream: string, cid: string, seq: number): void {
    this.tell(c, { k: "ok", conn, stream, cid, seq, repeated: false });
  }

  /** All of it; returns its number. */
  post(c: string, conn: string, stream: string, text: string): number {
    const cid = this.write(c, conn, stream, text);
    const seq = this.keep(c, stream, cid, text);
    this.ok(c, conn, stream, cid, seq);
    return seq;
  }

  /** Looks at the rows from a number to the head. */
  show(
    c: string,
    stream: string,
    { from = 1, read = 0, quiet = false } = {},
  ): void {
    const to = this.head(stream);
    const rows = this.#messages(stream, from, to);
    const unread = rows.filter(
      ({ seq, by, deleted }) => seq > read && by !== c.slice(0, -1) && !deleted,
    ).length;
    this.tell(c, {
      ...{ k: "shown", stream, from, to, rows: rows.length },
      d: rows.map(messageDigest).reduce(addDigest, 0),
      ...deletedAmong(rows),
      ...{ pending: [], failed: [], read, unread, head: to, quiet },
    });
  }

  /** Fetches a page that ends at the head. */
  page(c: string, stream: string, from = 1): void {
    const to = this.head(stream);
    const rows = this.#messages(stream, from, to);
    this.tell(c, {
      ...{ k: "page", stream, asked: this.t, from, to, rows: rows.length },
      d: rows.map(messageDigest).reduce(addDigest, 0),
      ...deletedAmong(rows),
      ...{ head: to, newest: true },
    });
  }

  happen(
    record: HistoryRecord extends infer R
      ? R extends { k: "fault" | "server" | "phase" }
        ? Omit<R, "t">
        : never
      : never,
  ): void {
    this.t += 1;
    this.records.push({ t: this.t, ...record });
  }

  #between(stream: string, from: number, to: number): FinalEvent[] {
    return this.events(stream).filter(({ seq }) => seq >= from && seq <= to);
  }

  #messages(stream: string, from: number, to: number): FinalEvent[] {
    return this.#between(stream, from, to).filter(
      ({ type }) => type === "message.posted",
    );
  }
}

/** Three people talk in a room; everything is as it should be. */
export function soundStory(): Story {
  const story = new Story();
  story.store("room", { type: "room.created", by: "ann" });
  for (const person of ["ann", "ben", "cat"]) {
    story.store(`inbox:${person}`, { type: "room.joined", by: person });
    story.join("room", person);
  }
  for (const c of ["ann1", "ben1", "cat1"]) {
    story.tell(c, { k: "boot" });
    story.connect(c, `${c}/1`);
    story.resume(c, `${c}/1`, `inbox:${c.slice(0, -1)}`, 0);
    story.resume(c, `${c}/1`, "room", 4);
  }
  for (const [c, text] of [
    ["ann1", "one"],
    ["ben1", "two"],
    ["ann1", "three"],
    ["cat1", "four"],
    ["ann1", "five"],
    ["ben1", "six"],
  ] as const) {
    const seq = story.post(c, `${c}/1`, "room", text);
    for (const to of ["ann1", "ben1", "cat1"]) {
      story.receive(to, `${to}/1`, "room", seq);
      story.show(to, "room");
    }
    story.wait(300);
  }
  story.tell("ann1", { k: "marked", stream: "room", seq: 8 });
  story.page("cat1", "room");
  return story;
}

/** A line cut and mended, then the end: everybody looks when all is quiet. */
export function endQuietly(story: Story): void {
  story.happen({ k: "phase", is: "healed" });
  story.happen({ k: "phase", is: "equal" });
  for (const c of ["ann1", "ben1", "cat1"]) {
    const read = c === "ann1" ? 8 : 0;
    story.show(c, "room", { read, quiet: true });
    story.log.marks.push({ stream: "room", person: c.slice(0, -1), read });
  }
  story.happen({ k: "phase", is: "over" });
}
