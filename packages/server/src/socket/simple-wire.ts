import {
  closeCodes,
  errors,
  ParleyError,
  parseFrame,
  type ErrorCode,
  type Event,
  type SimpleMessage,
} from "@parley/protocol";
import { simpleMessage } from "@parley/protocol/catalog";
import { joinAsGuest } from "../commands/join-as-guest.ts";
import { postMessage } from "../commands/post-message.ts";
import { newCid } from "../identifiers.ts";
import type { CommittedEvent } from "../store/store.ts";
import { simpleWireTopic } from "../rooms/topics.ts";
import { CommandQueue } from "./command-queue.ts";
import { FloodGuard } from "./flood-guard.ts";
import { codeOfObjection } from "../limits/schema-objection.ts";
import { leaseMs, newLease } from "./lease.ts";
import type { Socket, Ws } from "./socket.ts";
import type { SocketSurroundings } from "./surroundings.ts";

/** Names that one connection may speak under. */
const guestsMax = 8;

/** Somebody this connection speaks as. */
interface Guest {
  /** Their id, once they are in. */
  id: Promise<string>;
  lease: string;
}

/**
 * The tutorial's protocol for a client that offers no subprotocol: an adapter
 * over the same commands. Each name that a connection speaks under is a guest
 * of its own, in the lobby until the connection ends. What it says is stored
 * and shown to everybody; what it hears is the lobby.
 */
export class SimpleConnection implements Socket {
  readonly speaksParley = false;
  readonly isGreeted = true;
  heardAt: number;
  readonly #surroundings: SocketSurroundings;
  readonly #address: string;
  readonly #queue = new CommandQueue();
  readonly #guests = new Map<string, Guest>();
  #ws: Ws | undefined;
  #flood: FloodGuard | undefined;

  constructor(surroundings: SocketSurroundings, address: string) {
    this.#surroundings = surroundings;
    this.#address = address;
    this.heardAt = surroundings.clock.seconds;
  }

  opened(ws: Ws): Promise<void> {
    this.#ws = ws;
    ws.subscribe(simpleWireTopic);
    return Promise.resolve();
  }

  receive(data: string | Buffer): void {
    this.heardAt = this.#surroundings.clock.seconds;
    if (this.#ws === undefined) return;
    if (this.#guard().object(performance.now()) !== "fine") {
      this.close(closeCodes.tooFast, "rate_limited");
      return;
    }
    if (typeof data !== "string") {
      this.#misuse("bad_frame");
      return;
    }
    const message = this.#read(data);
    if (message === undefined) return;
    const start = (): Promise<void> => this.#post(message);
    // Once the guest is known, posts need not wait for each other's commits.
    const isPipelined = this.#guests.has(guestKey(message));
    if (!this.#queue.add({ start, isPipelined })) {
      this.close(closeCodes.tooFast, "rate_limited");
    }
  }

  heardControl(): void {
    this.heardAt = this.#surroundings.clock.seconds;
    if (this.#guard().control(performance.now()) === "abuse") {
      this.close(closeCodes.tooFast, "rate_limited");
    }
  }

  drained(): void {
    // Nothing waits for room here: there is no replay.
  }

  holdSignals(): void {
    // There are none on this wire.
  }

  releaseSignals(): void {
    // As above.
  }

  closed(): void {
    this.#ws = undefined;
    void this.#leave();
  }

  /** What keeps its guests in the lobby while it lives (renew-leases.ts). */
  get leases(): string[] {
    return Array.from(this.#guests.values(), ({ lease }) => lease);
  }

  get pendingCommands(): number {
    return this.#queue.size;
  }

  close(
    { code, sentence }: (typeof closeCodes)[keyof typeof closeCodes],
    reason: string = sentence,
  ): void {
    this.#ws?.close(code, reason);
  }

  terminate(): void {
    this.#ws?.terminate();
  }

  #read(data: string): SimpleMessage | undefined {
    const frame = parseFrame(data);
    const object = frame.status === "fine" ? frame.objects[0] : undefined;
    if (frame.status === "refused") {
      this.#misuse(frame.code);
    } else if (frame.objects.length !== 1 || data.trimStart()[0] === "[") {
      this.#misuse("bad_frame");
    } else {
      const parsed = simpleMessage.safeParse(object);
      if (parsed.success) return parsed.data;
      this.#misuse(codeOfObjection(parsed.error, object));
    }
    return undefined;
  }

  async #post(message: SimpleMessage): Promise<void> {
    try {
      const guest = this.#guest(message);
      const isSaid = await this.#say(message.message, await guest.id);
      if (isSaid) return;
      // Their lease ran out because the store could not be reached for so
      // long, and another node took them out. They come in again, once for all
      // messages that found it so.
      const key = guestKey(message);
      if (this.#guests.get(key) === guest) this.#guests.delete(key);
      const again = await this.#guest(message).id;
      if (!(await this.#say(message.message, again))) {
        throw new ParleyError("not_found");
      }
    } catch (error) {
      this.#refuse(error);
    }
  }

  /** False when this person is not in the lobby any more. */
  async #say(text: string, by: string): Promise<boolean> {
    const { commands } = this.#surroundings;
    const stream = commands.store.lobby;
    // A repeat cannot be told from a second message here: each is one.
    const cid = newCid(Date.now());
    try {
      await postMessage(commands, by, { stream, cid, text });
      return true;
    } catch (error) {
      if (error instanceof ParleyError && error.code === "not_found") {
        return false;
      }
      throw error;
    }
  }

  #guest(message: SimpleMessage): Guest {
    const key = guestKey(message);
    let guest = this.#guests.get(key);
    if (guest === undefined) {
      if (this.#guests.size >= guestsMax) throw new ParleyError("rate_limited");
      const lease = newLease();
      const joined = joinAsGuest(this.#surroundings.commands, {
        name: message.username,
        email: message.email,
        address: this.#address,
        origin: "simple-wire",
        lease: { tokenHash: lease, forMs: leaseMs },
      });
      guest = { id: joined.then(({ id }) => id), lease };
      this.#guests.set(key, guest);
    }
    return guest;
  }

  /**
   * The end of the connection: what was said before it is still said, since a
   * client here cannot know what was taken; then its guests leave.
   */
  async #leave(): Promise<void> {
    await this.#queue.idle();
    const tokenHashes = this.leases;
    if (tokenHashes.length === 0) return;
    const { commands, log } = this.#surroundings;
    try {
      await commands.store.write("endLeases", { tokenHashes });
    } catch (error) {
      log.warn(
        { err: error },
        "guests of the simple wire stay in the lobby until their lease is over",
      );
    }
  }

  /** This wire has no answers: a refusal is a close, with the reason in words. */
  #refuse(error: unknown): void {
    this.#queue.stop();
    if (!(error instanceof ParleyError)) {
      this.#surroundings.log.error({ err: error }, "a simple message failed");
      this.close(closeCodes.restarting, errors.internal.message);
    } else if (error.code === "rate_limited") {
      this.close(closeCodes.tooFast, "rate_limited");
    } else if (error.retryable) {
      this.close(closeCodes.overCapacity, error.code);
    } else {
      this.#misuse(error.code);
    }
  }

  #misuse(code: ErrorCode): void {
    // A close reason has room for 123 bytes (RFC 6455 §5.5).
    const reason = `${code}: ${errors[code].message}`;
    this.close(closeCodes.misuse, reason.slice(0, 120));
  }

  #guard(): FloodGuard {
    this.#flood ??= new FloodGuard(
      this.#surroundings.config,
      performance.now(),
    );
    return this.#flood;
  }
}

function guestKey({ email, username }: SimpleMessage): string {
  return `${username}\n${email}`;
}

/**
 * A message of the lobby in the tutorial's words, or undefined for any other
 * event. The address is an alias made of the author's id: it tells two people
 * of one name apart and identifies nobody (RFC 2606 reserves `.invalid`). As
 * html, the two texts can go into a page as they are, which is what the
 * tutorial's client does with them.
 */
export function toSimpleMessage(
  { event, author }: { event: Event; author: CommittedEvent["author"] },
  form: "html" | "text",
): string | undefined {
  if (event.type !== "message.posted") return undefined;
  const written = form === "html" ? escapeHtml : (text: string) => text;
  return JSON.stringify({
    email: `${event.by}@parley.invalid`,
    username: written(author),
    message: written(event.text),
  });
}

function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;");
}
