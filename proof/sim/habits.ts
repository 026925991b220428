import { holesOf, type Chat, type RoomState } from "@parley/client";
import type { RecordedChat } from "../history/recorded-chat.ts";
import type { SimDevice } from "./device.ts";
import type { Random } from "./random.ts";
import type { VirtualTime } from "./virtual-time.ts";

/** What somebody does how often; only proportions count. */
export interface Habits {
  post: number;
  burst: number;
  open: number;
  read: number;
  older: number;
  typing: number;
  join: number;
  leave: number;
  create: number;
  /** Lets somebody else in, takes somebody out, makes somebody a moderator or no longer. */
  invite: number;
  remove: number;
  appoint: number;
  /** Makes a room private, public, for announcements, archived, or none of them. */
  change: number;
  direct: number;
  /** Deletes a message: one's own, or another's, which only some may. */
  delete: number;
  mend: number;
}

export const usualHabits: Habits = {
  ...{ post: 10, burst: 1, open: 3, read: 4, older: 1.5, typing: 1 },
  ...{ join: 0.6, leave: 0.5, create: 0.15, mend: 1 },
  ...{ invite: 0.5, remove: 0.4, appoint: 0.1, change: 0.2, direct: 0.2 },
  delete: 1,
};

/** People who come and go while others write: whoever has left hears nothing more. */
export const restlessHabits: Habits = {
  ...usualHabits,
  ...{ post: 16, join: 6, leave: 6, open: 1, read: 1, older: 0.5 },
  ...{ invite: 6, remove: 5, change: 1, delete: 2 },
};

/** What everybody says now and then, in just the same words. */
const commonplaces = ["ok.", "+1"];

/** Whatever a server might trip over, besides plain words. */
const oddities = ["👩‍👩‍👧 e\u0301", "  two spaces  ", "\"'\\</script>", "ﷺ ‮abc"];

/** Somebody at a device, who does one thing after the other. */
export class Person {
  readonly #device: SimDevice;
  readonly #time: VirtualTime;
  readonly #random: Random;
  readonly #meanMs: number;
  readonly #deeds: (keyof Habits)[] = [];
  readonly #weights: number[] = [];
  /** Numbers every text of the run. */
  readonly #number: () => number;
  #isDone = false;

  constructor(parts: {
    device: SimDevice;
    time: VirtualTime;
    random: Random;
    habits: Habits;
    /** Between two deeds, on average. */
    meanMs: number;
    number: () => number;
  }) {
    this.#device = parts.device;
    this.#time = parts.time;
    this.#random = parts.random;
    this.#meanMs = parts.meanMs;
    this.#number = parts.number;
    let sum = 0;
    for (const [deed, weight] of Object.entries(parts.habits)) {
      sum += weight as number;
      this.#deeds.push(deed as keyof Habits);
      this.#weights.push(sum);
    }
  }

  begin(): void {
    this.#time.after(this.#random.wait(this.#meanMs), () => {
      // Whoever is signed out sees the page on which one joins.
      if (this.#isDone || this.#device.isSignedOut) return;
      this.#device.act((recorded) => {
        this.#do(recorded);
      });
      this.begin();
    });
  }

  rest(): void {
    this.#isDone = true;
  }

  #do(recorded: RecordedChat): void {
    const { chat } = recorded;
    const { rooms } = chat.state;
    const at = this.#random.share() * (this.#weights.at(-1) ?? 0);
    const deed = this.#deeds[this.#weights.findIndex((end) => at < end)];
    if (deed === "join") {
      this.#join(chat);
      return;
    }
    const room = rooms.length > 0 ? this.#random.pick(rooms) : undefined;
    if (room === undefined || deed === undefined) return;
    switch (deed) {
      case "post":
        this.#post(recorded, room);
        break;
      case "burst":
        for (let n = this.#random.whole(2, 7); n > 0; n -= 1) {
          this.#post(recorded, room);
        }
        break;
      case "open":
        chat.open(room.stream);
        break;
      case "read":
        chat.markRead(room.stream, this.#random.whole(room.read, room.head));
        break;
      case "older":
        this.#lookBack(chat, room);
        break;
      case "typing":
        chat.typing(room.stream);
        break;
      case "leave":
        if (room.kind !== "lobby") {
          this.#ask(chat.leaveRoom(room.stream));
        }
        break;
      case "create":
        this.#create(chat);
        break;
      case "invite":
        this.#ask(chat.inviteToRoom(room.stream, [this.#somebody(chat)]));
        break;
      case "remove":
        this.#ask(chat.removeFromRoom(room.stream, this.#somebody(chat)));
        break;
      case "appoint":
        this.#ask(
          chat.changeMember(
            ...[room.stream, this.#somebody(chat)],
            this.#random.chance(0.7),
          ),
        );
        break;
      case "change":
        this.#change(chat, room);
        break;
      case "direct":
        this.#ask(chat.openDirect([this.#somebody(chat)]));
        break;
      case "delete":
        this.#delete(chat, room);
        break;
      case "mend":
        this.#mend(recorded, room);
        break;
    }
  }

  #post(recorded: RecordedChat, { stream }: RoomState): void {
    const random = this.#random;
    if (random.chance(0.2)) {
      recorded.post(stream, random.pick(commonplaces));
      return;
    }
    const end = random.chance(0.1)
      ? random.pick(oddities)
      : "word ".repeat(random.whole(0, 6));
    recorded.post(stream, `${this.#number()} ${end}.`);
  }

  #create(chat: Chat): void {
    const name = `New ${this.#number()}`;
    const kind = this.#random.chance(0.4) ? "private" : "public";
    this.#ask(chat.createRoom({ name, kind }));
  }

  /** Anybody whom they know; they may be in the room or not. */
  #somebody({ state }: Chat): string {
    return this.#random.pick([...state.people.keys()]);
  }

  /** What is closed is opened again sooner than anything is closed. */
  #change(chat: Chat, { stream, kind, archived, readOnly }: RoomState): void {
    const random = this.#random;
    const changes = archived
      ? { archived: false }
      : readOnly
        ? { readOnly: false }
        : random.pick([
            { kind: kind === "private" ? "public" : "private" } as const,
            { topic: `about ${this.#number()}` },
            { readOnly: true },
            { archived: true },
          ]);
    this.#ask(chat.changeRoom(stream, changes));
  }

  #join(chat: Chat): void {
    const asked = chat.directory("").then((found) => {
      const others = found.filter(({ joined }) => !joined);
      return others.length > 0
        ? chat.joinRoom(this.#random.pick(others).stream)
        : undefined;
    });
    this.#ask(asked);
  }

  #lookBack(chat: Chat, { stream, timeline }: RoomState): void {
    const [hole] = holesOf(timeline);
    this.#ask(
      hole !== undefined && this.#random.chance(0.5)
        ? chat.fillHole(
            stream,
            hole,
            this.#random.pick(["after", "upTo"] as const),
          )
        : chat.loadOlder(stream),
    );
  }

  /** Mostly something new, and mostly one's own: who may not, is told so. */
  #delete(chat: Chat, { stream, timeline }: RoomState): void {
    const random = this.#random;
    const isOwnOnly = random.chance(0.7);
    const { id } = chat.state.me;
    const found = timeline.messages
      .filter(({ by, deleted }) => !deleted && (!isOwnOnly || by === id))
      .slice(random.chance(0.7) ? -5 : 0);
    if (found.length === 0) return;
    this.#ask(chat.deleteMessage(stream, random.pick(found).seq));
  }

  #mend(recorded: RecordedChat, { stream, timeline }: RoomState): void {
    const failed = timeline.pending.filter(
      ({ status }) => status.kind === "failed",
    );
    if (failed.length === 0) return;
    const { cid } = this.#random.pick(failed);
    if (this.#random.chance(0.5)) recorded.retry(stream, cid);
    else recorded.discard(stream, cid);
  }

  /** People shrug when something does not work. */
  #ask(asked: Promise<unknown>): void {
    asked.catch(() => undefined);
  }
}
