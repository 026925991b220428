import { deletedAmong } from "./deleted-among.ts";
import { addDigest, messageDigest } from "./digest.ts";
import { ReceivedRuns, type ReceivedEvent } from "./received-runs.ts";
import type { Device, Told } from "./recorded-device.ts";

/** What was asked under an id, until it is answered. */
type Question =
  | { kind: "post"; stream: string; cid: string }
  | { kind: "follow"; stream: string; have: number | null; asked: number }
  | { kind: "history"; stream: string; asked: number }
  | { kind: "move"; what: "joined" | "left"; stream: string; asked: number }
  | { kind: "mark"; stream: string }
  | { kind: "delete"; stream: string; message: number };

/** One connection, as both sides used it. */
export class RecordedWire {
  readonly #device: Device;
  readonly #tell: (told: Told) => void;
  readonly #conn: string;
  readonly #questions = new Map<number, Question>();
  /** The cursors that hello named, until each is answered. */
  #greeted = new Map<string, Extract<Question, { kind: "follow" }>>();
  #helloId = 0;
  /** The epoch in which this client counts, as hello named it. */
  #epoch: string | null = null;
  readonly #runs: ReceivedRuns;

  constructor(device: Device, tell: (told: Told) => void) {
    this.#device = device;
    this.#tell = tell;
    this.#conn = device.nextConnection();
    this.#runs = new ReceivedRuns((run) => {
      tell({ k: "recv", conn: this.#conn, ...run });
    });
  }

  opened(): void {
    this.#tell({ k: "conn", conn: this.#conn });
  }

  ended(code: number, by: "client" | "server"): void {
    this.#runs.end(this.#device.now());
    this.#tell({ k: "close", conn: this.#conn, code, by });
  }

  sent(text: string): void {
    for (const object of objectsIn(text)) this.#asked(object);
  }

  received(text: string): void {
    for (const object of objectsIn(text)) this.#heard(object);
  }

  #asked(object: Record<string, unknown>): void {
    const id = Number(object["id"]);
    const asked = this.#device.now();
    const stream = this.#streamOf(object["stream"]);
    switch (object["type"]) {
      case "hello":
        this.#helloId = id;
        this.#epoch = (object["epoch"] as string | null | undefined) ?? null;
        this.#greeted = new Map(
          Object.entries(object["cursors"] as Record<string, number | null>)
            .map(([name, have]) => [this.#streamOf(name), have] as const)
            .map(([name, have]) => [
              name,
              { kind: "follow", stream: name, have, asked },
            ]),
        );
        break;
      case "message.post": {
        const cid = String(object["cid"]);
        this.#questions.set(id, { kind: "post", stream, cid });
        this.#tell({ k: "sent", conn: this.#conn, stream, cid });
        break;
      }
      case "follow": {
        const have = object["cursor"] as number | null;
        this.#questions.set(id, { kind: "follow", stream, have, asked });
        break;
      }
      case "unfollow":
        this.#runs.end(asked, stream);
        this.#tell({ k: "unfollow", conn: this.#conn, stream });
        break;
      case "history":
        this.#questions.set(id, { kind: "history", stream, asked });
        break;
      case "room.join":
      case "room.leave": {
        const what = object["type"] === "room.join" ? "joined" : "left";
        this.#questions.set(id, { kind: "move", what, stream, asked });
        break;
      }
      case "read.mark":
        this.#questions.set(id, { kind: "mark", stream });
        break;
      case "message.delete": {
        const message = Number(object["message"]);
        this.#questions.set(id, { kind: "delete", stream, message });
        break;
      }
    }
  }

  #heard(object: Record<string, unknown>): void {
    if ("id" in object) this.#answered(object);
    else if ("seq" in object) {
      const event = object as unknown as ReceivedEvent;
      const stream = this.#streamOf(event.stream);
      this.#runs.add({ ...event, stream }, this.#device.now());
    }
  }

  #answered(object: Record<string, unknown>): void {
    const conn = this.#conn;
    const id = Number(object["id"]);
    const stream = this.#streamOf(object["stream"]);
    switch (object["type"]) {
      case "welcome": {
        const { epoch, node } = object as { epoch: string; node?: string };
        this.#tell({ k: "welcome", conn, epoch, node: node ?? null });
        return;
      }
      case "live":
        for (const [name, head] of Object.entries(
          object["heads"] as Record<string, number>,
        )) {
          this.#resumed(id, this.#streamOf(name), { live: head });
        }
        return;
      case "reset":
        this.#tellOfReset(id, stream, object);
        this.#resumed(id, stream, { reset: Number(object["head"]) });
        return;
      case "gone":
        this.#resumed(id, stream, "gone");
        return;
    }
    const question = this.#questions.get(id);
    if (question === undefined) return;
    this.#questions.delete(id);
    if (object["type"] === "error") this.#refused(question, object);
    else this.#granted(question, object);
  }

  #asking(id: number, stream: string): Question | undefined {
    return id === this.#helloId
      ? this.#greeted.get(stream)
      : this.#questions.get(id);
  }

  #tellOfReset(
    id: number,
    stream: string,
    object: Record<string, unknown>,
  ): void {
    const question = this.#asking(id, stream);
    if (question?.kind !== "follow") return;
    this.#tellOfEvents(stream, question.asked, object["events"]);
  }

  #tellOfEvents(stream: string, asked: number, told: unknown): void {
    const events = (told ?? []) as ReceivedEvent[];
    const messages = events.filter(({ type }) => type === "message.posted");
    const [first, last] = [events[0], events.at(-1)];
    if (first === undefined || last === undefined) return;
    this.#tell({
      ...{ k: "page", stream, asked, from: first.seq, to: last.seq },
      ...{ head: null, newest: false, rows: messages.length },
      d: messages.map(messageDigest).reduce(addDigest, 0),
      ...deletedAmong(messages),
    });
  }

  #resumed(
    id: number,
    stream: string,
    got: { live: number } | { reset: number } | "gone",
  ): void {
    const asked = this.#asking(id, stream);
    if (asked?.kind !== "follow") return;
    if (id === this.#helloId) this.#greeted.delete(stream);
    else this.#questions.delete(id);
    // What was replayed for it stands before its answer.
    this.#runs.end(this.#device.now(), stream);
    const { have, asked: at } = asked;
    this.#tell({
      ...{ k: "resume", conn: this.#conn, stream, have, of: this.#epoch },
      ...{ asked: at, got },
    });
  }

  #refused(question: Question, object: Record<string, unknown>): void {
    if (question.kind !== "post") return;
    this.#tell({
      ...{ k: "error", conn: this.#conn, cid: question.cid },
      code: String(object["code"]),
      retryable: object["retryable"] === true,
    });
  }

  #granted(question: Question, object: Record<string, unknown>): void {
    const conn = this.#conn;
    switch (question.kind) {
      case "post":
        this.#tell({
          ...{ k: "ok", conn, stream: question.stream, cid: question.cid },
          seq: Number(object["seq"]),
          repeated: object["repeated"] === true,
        });
        break;
      case "move": {
        const { what, stream, asked } = question;
        const moved = what === "joined" ? object["stream"] : stream;
        this.#tell({ k: what, stream: String(moved), asked });
        break;
      }
      case "mark": {
        const { stream } = question;
        this.#tell({ k: "marked", stream, seq: Number(object["read"]) });
        break;
      }
      case "history":
        this.#tellOfEvents(question.stream, question.asked, object["events"]);
        break;
      case "delete": {
        const { stream, message } = question;
        this.#tell({ k: "deleted", conn, stream, message });
        break;
      }
      case "follow":
        break;
    }
  }

  #streamOf(name: unknown): string {
    return name === "inbox" ? `inbox:${this.#device.person}` : String(name);
  }
}

function objectsIn(text: string): Record<string, unknown>[] {
  return [JSON.parse(text) as object].flat() as Record<string, unknown>[];
}
