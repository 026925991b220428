import {
  forgetPerson,
  joinServer,
  leaveServer,
  resetPassword,
  serverInfo,
  setUpPlace,
  signIn,
  type Newcomer,
  type PlaceSetup,
  type ServerInfo,
} from "@parley/client";
import type { Me, PlaceSettings } from "@parley/protocol";
import { onScopeDispose, readonly, shallowRef, watch, type Ref } from "vue";
import { placeLanguage } from "../i18n/i18n.ts";
import { forgetSession, keepSession, readSession } from "./kept-session.ts";
import { renewed } from "./renewal.ts";
import { roomsBy } from "./rooms-by.ts";

/** What a place tells everybody about itself. */
export type PlaceInfo = Omit<ServerInfo, "me">;

/** Who comes in; with a user name it is an account. */
export type { Newcomer, PlaceSetup } from "@parley/client";

/** Who is here: nobody known yet, nobody, or somebody. */
export type Session =
  | { status: "asking" }
  /** The server did not answer; it is being asked again. */
  | { status: "unreachable" }
  | { status: "joining"; place: PlaceInfo }
  /** `visit` counts on when the same person goes on with another session. */
  | { status: "chatting"; server: string; me: Me; visit: number };

/** Between two sessions that end one after the other. */
const againMs = 1_000;
/** So often is a server asked that does not answer. */
const askAgainMs = 3_000;

export interface SessionVerbs {
  session: Readonly<Ref<Session>>;
  /** undefined until the server has answered. */
  place: Readonly<Ref<PlaceInfo | undefined>>;
  /** Throws what the server answers when it does not let one in. */
  join: (who: Newcomer) => Promise<void>;
  signIn: (who: { login: string; password: string }) => Promise<void>;
  setUp: (setup: PlaceSetup) => Promise<void>;
  reset: (choice: { token: string; password: string }) => Promise<void>;
  leave: () => Promise<void>;
  /**
   * The connection says that the session is over. True when it is so, and one
   * stands at the door; it may have been replaced by another.
   */
  ended: () => Promise<boolean>;
}

/**
 * The session of this browser with the server that the page came from. Whoever
 * was here before is in their chat at once, also without a network; the server
 * is asked all the same, and its word counts.
 */
export function useSession(): SessionVerbs {
  const { origin } = location;
  const kept = readSession();
  const session = shallowRef<Session>(
    kept === undefined
      ? { status: "asking" }
      : { status: "chatting", server: kept.server, me: kept.me, visit: 0 },
  );
  const place = shallowRef<PlaceInfo>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  speak(kept?.language);
  watch(place, (told) => {
    if (told !== undefined) roomsBy.value = told.roomsBy;
  });

  const ask = async (): Promise<void> => {
    const asked = session.value;
    clearTimeout(timer);
    try {
      const { me, ...told } = await serverInfo(origin);
      place.value = told;
      speak(told.language);
      // Somebody has joined or left meanwhile: the answer is older than that.
      if (session.value === asked) take(me);
    } catch {
      // In the chat, the connection says so, and finds out who is signed in.
      if (session.value !== asked || asked.status === "chatting") return;
      if (asked.status !== "joining") session.value = { status: "unreachable" };
      timer = setTimeout(() => void ask(), askAgainMs);
    }
  };

  const take = (me: Me | null, isRenewed = false): void => {
    const before = session.value;
    const isSame = before.status === "chatting" && before.me.id === me?.id;
    if (before.status === "chatting" && !isSame) forget(before.me.id);
    if (me === null) {
      atTheDoor();
      return;
    }
    const server =
      place.value?.name ?? (before.status === "chatting" ? before.server : "");
    const language = place.value?.language;
    keepSession({ server, me, ...(language && { language }) });
    // The same person's chat goes on; other pages show them as they are now.
    const visit = isSame ? before.visit + Number(isRenewed) : 0;
    session.value = { status: "chatting", server, me, visit };
  };

  const forget = (person: string): void => {
    forgetPerson({ url: origin, person });
    forgetSession(person);
  };

  const atTheDoor = (): void => {
    session.value =
      place.value === undefined
        ? { status: "asking" }
        : { status: "joining", place: place.value };
  };

  const gone = (person: string): void => {
    forget(person);
    atTheDoor();
  };

  const ended = async (): Promise<boolean> => {
    await renewed();
    const over = session.value;
    if (over.status !== "chatting") return false;
    // Should server and connection not agree, they are not asked all the time.
    if (over.visit > 0) await new Promise((go) => setTimeout(go, againMs));
    try {
      const { me, ...told } = await serverInfo(origin);
      place.value = told;
      if (session.value !== over) return false;
      take(me, true);
      return me === null;
    } catch {
      if (session.value !== over) return false;
      gone(over.me.id);
      // What the door looks like has to be asked for, if it never was.
      if (place.value === undefined) void ask();
      return true;
    }
  };

  void ask();
  onScopeDispose(() => clearTimeout(timer));
  return {
    session: readonly(session),
    place: readonly(place),
    ended,
    join: async (who) => take(await joinServer(origin, who)),
    signIn: async (who) => take(await signIn(origin, who)),
    setUp: async (setup) => {
      const me = await setUpPlace(origin, setup);
      if (place.value !== undefined) {
        const { name, joinMode, language } = setup.place;
        const told = { name, joinMode, language, isClaimed: true };
        place.value = { ...place.value, ...told };
      }
      take(me);
    },
    reset: async (choice) => take(await resetPassword(origin, choice)),
    leave: async () => {
      const left = session.value;
      await leaveServer(origin);
      if (left.status === "chatting") gone(left.me.id);
      // How people join may be another matter by now.
      void ask();
    },
  };
}

/** Lets the page speak what the place speaks, to who has not chosen. */
function speak(language: PlaceSettings["language"] | undefined): void {
  placeLanguage.value =
    language === undefined || language === "auto" ? undefined : language;
}
