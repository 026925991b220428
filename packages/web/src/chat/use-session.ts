import {
  forgetPerson,
  joinServer,
  leaveServer,
  serverInfo,
} from "@parley/client";
import type { Me } from "@parley/protocol";
import { onScopeDispose, readonly, shallowRef, type Ref } from "vue";
import { forgetSession, keepSession, readSession } from "./kept-session.ts";

/** Who is here: nobody known yet, nobody, or somebody. */
export type Session =
  | { status: "asking" }
  /** The server did not answer; it is being asked again. */
  | { status: "unreachable" }
  | { status: "joining"; server: string }
  | { status: "chatting"; server: string; me: Me };

/** So often is a server asked that does not answer. */
const askAgainMs = 3_000;

interface SessionVerbs {
  session: Readonly<Ref<Session>>;
  /** Throws what the server answers when it does not let one in. */
  join: (who: { email: string; name: string }) => Promise<void>;
  leave: () => Promise<void>;
  /** The session has ended elsewhere: back to the door. */
  ended: () => void;
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
    kept === undefined ? { status: "asking" } : { status: "chatting", ...kept },
  );
  let timer: ReturnType<typeof setTimeout> | undefined;
  let server = kept?.server ?? "";

  const ask = async (): Promise<void> => {
    const asked = session.value;
    try {
      const { name, me } = await serverInfo(origin);
      server = name;
      // Somebody has joined or left meanwhile: the answer is older than that.
      if (session.value === asked) take(me);
    } catch {
      // In the chat, the connection says so, and finds out who is signed in.
      if (session.value.status === "chatting") return;
      session.value = { status: "unreachable" };
      timer = setTimeout(() => void ask(), askAgainMs);
    }
  };

  const take = (me: Me | null): void => {
    const before = session.value;
    const isSame = before.status === "chatting" && before.me.id === me?.id;
    if (before.status === "chatting" && !isSame) forget(before.me.id);
    if (me === null) {
      session.value = { status: "joining", server };
      return;
    }
    keepSession({ server, me });
    // The same person's chat goes on; another name shows with the next page.
    if (!isSame) session.value = { status: "chatting", server, me };
  };

  const forget = (person: string): void => {
    forgetPerson({ url: origin, person });
    forgetSession(person);
  };

  const ended = (): void => {
    if (session.value.status === "chatting") forget(session.value.me.id);
    session.value = { status: "joining", server };
  };

  void ask();
  onScopeDispose(() => clearTimeout(timer));
  return {
    session: readonly(session),
    ended,
    join: async (who) => {
      take(await joinServer(origin, who));
    },
    leave: async () => {
      await leaveServer(origin);
      ended();
    },
  };
}
