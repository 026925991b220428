import { joinServer, leaveServer, serverInfo } from "@parley/client";
import type { Me } from "@parley/protocol";
import { onScopeDispose, readonly, shallowRef, type Ref } from "vue";

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

/** The session of this browser with the server that the page came from. */
export function useSession(): SessionVerbs {
  const { origin } = location;
  const session = shallowRef<Session>({ status: "asking" });
  let timer: ReturnType<typeof setTimeout> | undefined;
  let server = "";

  const ask = async (): Promise<void> => {
    try {
      const { name, me } = await serverInfo(origin);
      server = name;
      session.value =
        me === null
          ? { status: "joining", server }
          : { status: "chatting", server, me };
    } catch {
      session.value = { status: "unreachable" };
      timer = setTimeout(() => void ask(), askAgainMs);
    }
  };
  void ask();
  onScopeDispose(() => clearTimeout(timer));

  const ended = (): void => {
    session.value = { status: "joining", server };
  };
  return {
    session: readonly(session),
    ended,
    join: async (who) => {
      const me = await joinServer(origin, who);
      session.value = { status: "chatting", server, me };
    },
    leave: async () => {
      await leaveServer(origin);
      ended();
    },
  };
}
