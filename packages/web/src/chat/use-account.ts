import {
  changeMe,
  changePassword,
  claimAccount,
  confirmPassword,
  endOtherSessions,
  endSession,
  listSessions,
  serverInfo,
  type ServerInfo,
  type SessionEntry,
} from "@parley/client";
import { renewing } from "./renewal.ts";

/** A place where oneself is signed in. */
export type { SessionEntry } from "@parley/client";

interface AccountVerbs {
  /** A guest gets an account and stays who they are. */
  claim: (account: {
    email: string;
    name: string;
    username: string;
    password: string;
  }) => Promise<void>;
  change: (changes: {
    name?: string;
    username?: string;
    email?: string;
  }) => Promise<void>;
  changePassword: (passwords: {
    current: string;
    password: string;
  }) => Promise<void>;
  /** Shows that it is still oneself at the keyboard. */
  confirm: (password: string) => Promise<void>;
  sessions: () => Promise<readonly SessionEntry[]>;
  endSession: (id: string) => Promise<void>;
  endOtherSessions: () => Promise<void>;
  /** The least code points of a password, and how people join. */
  place: () => Promise<ServerInfo>;
}

/** One's account, over HTTP: what is new of oneself comes by the inbox. */
export function useAccount(): AccountVerbs {
  const { origin } = location;
  return {
    claim: async (account) => {
      await renewing(() => claimAccount(origin, account));
    },
    change: async (changes) => {
      await changeMe(origin, changes);
    },
    changePassword: async (passwords) => {
      await renewing(() => changePassword(origin, passwords));
    },
    confirm: async (password) => {
      await confirmPassword(origin, password);
    },
    sessions: () => listSessions(origin),
    endSession: async (id) => {
      await endSession(origin, id);
    },
    endOtherSessions: async () => {
      await endOtherSessions(origin);
    },
    place: () => serverInfo(origin),
  };
}
