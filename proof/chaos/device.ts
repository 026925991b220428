import type { Chat, Env, RoomState } from "../../packages/client/src/index.ts";
import { clientEnv } from "../../packages/server/src/testing/client-env.ts";
import { recordedChat, type RecordedChat } from "../history/recorded-chat.ts";
import {
  tellerOf,
  type Device as Recorded,
} from "../history/recorded-device.ts";
import { Tab, type Browser } from "./browser.ts";
import type { DeviceStatus, PlannedDevice, PlannedPerson } from "./plan.ts";
import { postTap } from "./post-tap.ts";

/** One client with the shipped SDK, which can be reloaded. */
export class Device {
  plan: PlannedDevice;
  readonly person: PlannedPerson;
  /** Called for each post that goes out, with the object itself. */
  onPost: (post: Record<string, unknown>) => void = () => undefined;
  /** Called for each mark that is moved. */
  onMark: (stream: string, seq: number) => void = () => undefined;
  #browser: Browser;
  #recorded: Recorded;
  #machine: Env;
  /** What was asked beside messages and has no answer yet. */
  readonly #doing = new Set<Promise<unknown>>();
  #tab: Tab;
  #client: RecordedChat;

  constructor(
    plan: PlannedDevice,
    person: PlannedPerson,
    browser: Browser,
    recorded: Recorded,
  ) {
    this.plan = plan;
    this.person = person;
    this.#browser = browser;
    this.#recorded = recorded;
    this.#machine = clientEnv(person.cookie);
    [this.#tab, this.#client] = this.#start();
  }

  get chat(): Chat {
    return this.#client.chat;
  }

  get name(): string {
    return this.plan.name;
  }

  post(stream: string, text: string): void {
    this.#client.post(stream, text);
  }

  discard(stream: string, cid: string): void {
    this.#client.discard(stream, cid);
  }

  /** Reads a room to its end. */
  read({ stream, head, read }: RoomState): void {
    if (head <= read) return;
    this.onMark(stream, head);
    this.chat.markRead(stream, head);
  }

  /** Something whose outcome the history tells, and nobody else needs. */
  does(asked: Promise<unknown>): void {
    this.#doing.add(asked);
    const isOver = (): void => void this.#doing.delete(asked);
    asked.then(isOver, isOver);
  }

  rooms(): readonly RoomState[] {
    return this.chat.state.rooms;
  }

  /** The page goes, and comes again over the same storage. */
  reload(): void {
    this.#tab.leave();
    this.#doing.clear();
    tellerOf(this.#recorded)({ k: "crash" });
    [this.#tab, this.#client] = this.#start();
  }

  /** Another session of the same person, in a browser that knows nothing of it. */
  seat(plan: PlannedDevice, browser: Browser, recorded: Recorded): void {
    this.#tab.leave();
    this.#doing.clear();
    tellerOf(this.#recorded)({ k: "crash" });
    this.plan = plan;
    this.#browser = browser;
    this.#recorded = recorded;
    this.#machine = clientEnv(this.person.cookie);
    [this.#tab, this.#client] = this.#start();
  }

  isIn(stream: string): boolean {
    return this.rooms().some((room) => room.stream === stream);
  }

  wake(): void {
    this.#tab.wake();
  }

  unplug(): void {
    this.#tab.unplug();
  }

  /** Writes down every screen as it stands, when nothing is on its way. */
  look(): void {
    this.#client.screen.look({ isQuiet: true });
  }

  status(): DeviceStatus {
    const { connection, rooms } = this.chat.state;
    const pending = rooms.flatMap(({ timeline }) => timeline.pending);
    return {
      isLive: connection.status === "live",
      pending: pending.filter(({ status }) => status.kind === "waiting").length,
      doing: this.#doing.size,
      heads: Object.fromEntries(
        rooms.map(({ stream, head }) => [stream, head]),
      ),
      reads: Object.fromEntries(
        rooms.map(({ stream, read }) => [
          `${this.person.me.id} ${stream}`,
          read,
        ]),
      ),
    };
  }

  #start(): [Tab, RecordedChat] {
    const tab = new Tab(this.#browser, this.#machine);
    const env = postTap(tab.env, (post) => {
      this.onPost(post);
    });
    const { me } = this.person;
    const { url } = this.plan;
    const client = recordedChat(
      { url, me, server: "Parley", env, keeps: true },
      this.#recorded,
    );
    return [tab, client];
  }
}
