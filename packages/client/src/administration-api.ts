import type {
  Act,
  Person,
  PlaceSettings,
  Role,
  RoomKind,
} from "@parley/protocol";
import type { SessionEntry } from "./account-api.ts";
import { browserEnv, type Env } from "./env.ts";
import { get, patch, post, queryOf, remove, type Place } from "./http.ts";

/** A person as administrators see them. */
export interface PersonEntry extends Person {
  role: Role;
  email: string;
  bound: boolean;
  createdAt: number;
  lastSeenAt: number | null;
  /** Whether they can sign in by themselves. */
  hasAccount: boolean;
}

/** The token of a link that is shown once. */
export interface LinkToken {
  token: string;
  expiresAt: number;
}

export interface InvitationEntry {
  id: string;
  role: Role;
  bound: boolean;
  rooms: readonly { stream: string; name: string }[];
  note: string;
  /** Null: any number. */
  usesLeft: number | null;
  used: number;
  createdAt: number;
  expiresAt: number | null;
  revokedAt: number | null;
  /** Who made it. */
  by: string;
}

export interface InvitationWish {
  role: Role;
  bound: boolean;
  /** Streams. */
  rooms: readonly string[];
  /** Null: any number. */
  uses: number | null;
  /** Null: never. */
  expiresInHours: number | null;
  note: string;
}

/** A room as administrators see it: never what is said in it. */
export interface RoomEntry {
  stream: string;
  name: string;
  kind: RoomKind;
  topic: string;
  members: number;
  archived: boolean;
  readOnly: boolean;
  /** Whether newcomers are let into it. */
  isDefault: boolean;
  createdAt: number;
}

/** Something of this machine that may speak to another one. */
export interface OutboundEntry {
  what: string;
  host: string;
  on: boolean;
  why: string;
}

/** What somebody did who runs the place. */
export interface ActEntry {
  seq: number;
  at: number;
  by: string;
  act: Act;
  person?: string;
  room?: string;
  detail?: Readonly<Record<string, string | number | boolean>>;
}

/** What those who run a place can ask and do; changes need a fresh sign-in. */
export interface Administration {
  /** In the order of their ids; `after` is the last id of the page before. */
  people(which?: {
    query?: string;
    after?: string;
    limit?: number;
  }): Promise<{ people: readonly PersonEntry[]; count: number }>;
  /** Makes an account; by the link its person chooses a password. */
  addPerson(who: {
    email: string;
    name: string;
    username: string;
    role: Role;
  }): Promise<{ person: PersonEntry } & LinkToken>;
  setRole(person: string, role: Role): Promise<PersonEntry>;
  suspend(person: string, suspended: boolean): Promise<PersonEntry>;
  /** For who has forgotten their password. */
  resetLink(person: string): Promise<LinkToken>;
  /** Ends all their sessions; answers how many there were. */
  signOut(person: string): Promise<number>;
  sessionsOf(person: string): Promise<readonly SessionEntry[]>;

  invitations(): Promise<{
    invitations: readonly InvitationEntry[];
    people: readonly Person[];
  }>;
  invite(
    wish: InvitationWish,
  ): Promise<{ invitation: InvitationEntry; token: string }>;
  revokeInvitation(id: string): Promise<void>;

  rooms(query?: string): Promise<readonly RoomEntry[]>;
  changeRoom(
    stream: string,
    changes: { archived?: boolean; isDefault?: boolean },
  ): Promise<void>;

  settings(): Promise<PlaceSettings>;
  /** What is not given stays. */
  changeSettings(changes: Partial<PlaceSettings>): Promise<PlaceSettings>;
  /** What leaves this machine. */
  outbound(): Promise<readonly OutboundEntry[]>;
  /** Who did what, the newest first. */
  log(which?: { before?: number; limit?: number }): Promise<{
    acts: readonly ActEntry[];
    head: number;
    people: readonly Person[];
  }>;
}

export function administration(
  url: string,
  env: Env = browserEnv(),
): Administration {
  const place: Place = { url, env };
  const ofPerson = (id: string) =>
    `/api/admin/people/${encodeURIComponent(id)}`;
  return {
    people: (which = {}) => get(place, `/api/admin/people${queryOf(which)}`),
    addPerson: (who) => post(place, "/api/admin/people", who),
    setRole: (id, role) => personAfter(patch(place, ofPerson(id), { role })),
    suspend: (id, suspended) =>
      personAfter(post(place, `${ofPerson(id)}/suspend`, { suspended })),
    resetLink: (id) => post(place, `${ofPerson(id)}/reset-link`, {}),
    async signOut(id) {
      const path = `${ofPerson(id)}/sign-out`;
      return (await post<{ ended: number }>(place, path, {})).ended;
    },
    async sessionsOf(id) {
      const path = `${ofPerson(id)}/sessions`;
      return (await get<{ sessions: SessionEntry[] }>(place, path)).sessions;
    },
    invitations: () => get(place, "/api/invitations"),
    invite: (wish) => post(place, "/api/invitations", wish),
    async revokeInvitation(id) {
      await remove(place, `/api/invitations/${encodeURIComponent(id)}`);
    },
    async rooms(query) {
      const path = `/api/admin/rooms${queryOf({ query })}`;
      return (await get<{ rooms: RoomEntry[] }>(place, path)).rooms;
    },
    async changeRoom(stream, changes) {
      await patch(place, `/api/admin/rooms/${stream}`, changes);
    },
    settings: () => settingsAfter(get(place, "/api/admin/settings")),
    changeSettings: (changes) =>
      settingsAfter(patch(place, "/api/admin/settings", changes)),
    async outbound() {
      const path = "/api/admin/outbound";
      return (await get<{ items: OutboundEntry[] }>(place, path)).items;
    },
    log: (which = {}) => get(place, `/api/admin/log${queryOf(which)}`),
  };
}

async function personAfter(
  asked: Promise<{ person: PersonEntry }>,
): Promise<PersonEntry> {
  return (await asked).person;
}

async function settingsAfter(
  asked: Promise<{ settings: PlaceSettings }>,
): Promise<PlaceSettings> {
  return (await asked).settings;
}
