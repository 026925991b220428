import type { FrameObject, Me } from "@parley/protocol";
import { askWho } from "./ask-who.ts";
import {
  cursorOf,
  emptyModel,
  withoutRoom,
  withPending,
} from "./chat-model.ts";
import { createChatState } from "./chat-state.ts";
import type { Chat } from "./chat.ts";
import { createConnection, type Connection } from "./connection.ts";
import { browserEnv, type Env } from "./env.ts";
import { createFeed } from "./feed.ts";
import { createFollowing } from "./following.ts";
import { createFrameLog } from "./frame-log.ts";
import type { Place } from "./http.ts";
import { helloFrom } from "./hello.ts";
import { createListeners } from "./listeners.ts";
import { createLiveModel } from "./live-model.ts";
import { createNews } from "./news.ts";
import { createOutbox } from "./outbox.ts";
import { createOnDevice, type Kept } from "./on-device.ts";
import { createPages } from "./pages.ts";
import { createPeople } from "./people.ts";
import { withPeople } from "./people-facts.ts";
import { createPresence } from "./presence.ts";
import { createReading } from "./reading.ts";
import { createReceiver } from "./receive.ts";
import { createRequests } from "./requests.ts";
import { createRoomList } from "./room-list.ts";
import { socketUrl } from "./socket-url.ts";
import type { ChatState } from "./state.ts";
import { createTyping } from "./typing.ts";
import { createVerbs } from "./verbs.ts";

export interface ConnectOptions {
  /** The server's origin, such as `location.origin`. */
  url: string;
  /** Who is signed in there. */
  me: Me;
  /** The place's name. */
  server: string;
  /** The machine; a browser's when not given. */
  env?: Env;
  /**
   * Keeps on the device what is not sent yet and what is known, and shares both
   * with the person's other tabs; otherwise all goes with the page.
   */
  keeps?: boolean;
  /**
   * Calls back when this browser is not about to get another session: until
   * then, the server cannot tell who is asking. At once when not given.
   */
  settled?: (go: () => void) => void;
}

/**
 * One person's chat on one device: connects, stays connected, and catches up.
 * Here the parts meet; each of them has one subject and a file of its own.
 */
export function connectChat(options: ConnectOptions): Chat {
  const { url, me, server, env = browserEnv(), keeps = false } = options;
  const settled = options.settled ?? ((go: () => void) => go());
  const place: Place = { url, env };
  const listeners = createListeners(env);
  const wireListeners = createListeners(env);
  const log = createFrameLog({
    env,
    url: socketUrl(url),
    changed: () => wireListeners.tell(),
  });

  const drawState = createChatState(server);
  let drawn: ChatState | null = null;
  function changed() {
    drawn = null;
    listeners.tell();
  }

  const model = createLiveModel(emptyModel(me), () => {
    device.changed();
    changed();
  });
  let isKept = keeps;
  const device = createOnDevice({
    env,
    url,
    keeps,
    person: me.id,
    empty: emptyModel(me),
    // Between a lost inbox and the new list of rooms one may be missing.
    snapshot: () =>
      roomList.isCurrent() && people.isCurrent()
        ? { model: model.now(), marks: reading.unconfirmed() }
        : null,
    restored,
    ready: () => connection.start(),
    outbox: () => outbox,
    wiped: () => connection.happen("signed-out"),
    kept(isNow) {
      if (!keeps || isKept === isNow) return;
      isKept = isNow;
      changed();
    },
  });
  const requests = createRequests({ env, write });
  const { ask } = requests;
  const people = createPeople({ place, model });
  const typing = createTyping({ env, model, write });
  const presence = createPresence({ env, model, write, changed });
  const reading = createReading({ env, model, ask });
  const outbox = createOutbox({
    env,
    store: device.outboxStore,
    ask,
    leads: () => device.leads(),
    needed: (isNeeded) => device.needed(isNeeded),
    tell: (news) => device.tell(news),
    cursor: (stream) => cursorOf(model.now(), stream),
    changed: showPending,
  });
  const pages = createPages({
    place,
    model,
    loaded(_stream, page, asOf) {
      model.change((now) => withPeople(now, page.people, asOf));
      news.rowsCame(page.messages);
    },
  });
  const roomList = createRoomList({
    place,
    model,
    listed(rooms) {
      isFresh = false;
      news.listed(rooms);
    },
    signedOut: () => connection.happen("signed-out"),
    otherLog,
  });
  const feed = createFeed({
    model,
    ask,
    follow: (stream) => following.follow(stream),
    applied: (event) => news.applied(event),
    garbled: () => connection.happen("garbled"),
  });
  const following = createFollowing({
    env,
    model,
    ask,
    level(stream, head) {
      feed.level(stream, head);
      presence.followed(stream);
    },
    reset(answer) {
      news.reset(answer);
      presence.followed(answer.stream);
    },
    gone(stream) {
      model.change((now) => withoutRoom(now, stream));
    },
  });
  const news = createNews({
    ...{ model, typing, presence, reading, outbox },
    ...{ people, pages, roomList, feed, following, showPending },
  });
  const connection: Connection = createConnection({
    env,
    url: socketUrl(url),
    log,
    load: (done) => roomList.load(done),
    askWho: (done) => settled(() => askWho(place, me.id, done)),
    hello,
    isOurLog: (epoch) => epoch === model.now().epoch,
    isOurs: (id) => id === me.id,
    greeted(now) {
      model.change((known) => ({
        ...known,
        time: { greeted: now, latest: now },
      }));
    },
    forgetCursors() {
      isFresh = false;
      roomList.forget();
      otherLog();
    },
    received: createReceiver({ requests, following, feed, typing, presence }),
    live() {
      presence.open();
      goOn();
    },
    down(blamed) {
      outbox.close();
      reading.close();
      presence.down();
      following.down();
      feed.down();
      people.down();
      roomList.down();
      requests.lose(blamed);
    },
    changed() {
      const state = connection.state();
      const isSignedOut =
        state.status === "stopped" && state.reason === "signed-out";
      if (isSignedOut) forgetPerson();
      changed();
    },
  });
  /** Nothing has come from the server in this page. */
  let isFresh = true;

  function goOn() {
    outbox.open();
    reading.open();
    people.retry();
    pages.refresh();
  }

  function write(object: FrameObject): boolean {
    return connection.write(object);
  }

  function hello(): FrameObject {
    const frame = helloFrom(model.now());
    following.greeted(Object.keys(frame.cursors));
    return frame;
  }

  /** What counts in the numbers of a log that is no more. */
  function otherLog() {
    pages.forget();
    outbox.forgotten();
    reading.forgotten();
  }

  /** What an earlier page has kept; the server's word is newer, if it came. */
  function restored({ items, snapshot }: Kept) {
    if (snapshot !== null && isFresh) {
      const { openRoom } = model.now();
      model.change(() => ({ ...snapshot.model, openRoom }));
      roomList.restored();
      reading.restore(snapshot.marks);
    }
    outbox.restored(items);
    for (const { stream, timeline } of model.now().rooms.values()) {
      showPending(stream);
      news.rowsCame(timeline.messages);
    }
    pages.refresh();
  }

  /** Signed out, wherever that was done: nothing of it stays on the device. */
  function forgetPerson() {
    outbox.wipe();
    device.wipe();
  }

  function showPending(stream: string) {
    const pending = outbox.pending(stream);
    model.change((now) => withPending(now, stream, pending));
  }

  outbox.restoring();
  device.start();

  // What failed a moment ago may go now: whoever is told so does not wait (L-2).
  const stopWaking = env.onWake(() => {
    if (connection.state().status === "live") goOn();
  });

  return {
    get state() {
      drawn ??= drawState(
        model.now(),
        connection.state(),
        presence.people(),
        isKept,
      );
      return drawn;
    },
    get wire() {
      return log.report();
    },
    subscribe: (listener) => listeners.add(listener),
    subscribeWire: (listener) => wireListeners.add(listener),
    ...createVerbs({
      place,
      requests,
      outbox,
      pages,
      reading,
      typing,
      presence,
    }),
    reconnectNow: () => connection.urge(),
    close() {
      stopWaking();
      typing.close();
      presence.close();
      connection.shut();
      device.close();
    },
  };
}
