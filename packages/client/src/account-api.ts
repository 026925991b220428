import type {
  JoinMode,
  MakersOfRooms,
  Me,
  PlaceSettings,
  Role,
} from "@parley/protocol";
import { browserEnv, type Env } from "./env.ts";
import {
  get,
  isSignedOut,
  patch,
  post,
  remove,
  request,
  type Fetched,
  type Place,
} from "./http.ts";

// Coming in, being somebody, and going. Each throws ParleyError when it is
// refused, or NetworkError.

/** What a page asks first. */
export interface ServerInfo {
  /** The place's name. */
  name: string;
  joinMode: JoinMode;
  language: PlaceSettings["language"];
  /** Whether it has an owner. */
  isClaimed: boolean;
  /** Code points that a password has at least. */
  passwordLength: number;
  roomsBy: MakersOfRooms;
  /** Who is signed in here. */
  me: Me | null;
}

/** Whoever comes in: a guest, or, with an invitation that says so, an account. */
export interface Newcomer {
  email: string;
  name: string;
  /** The token of an invitation. */
  invitation?: string;
  username?: string;
  password?: string;
}

/** What an invitation is for, before one takes it. */
export interface InvitationLook {
  /** Who invites. */
  by: string;
  role: Role;
  /** Whether its rooms are all that one will see. */
  bound: boolean;
  rooms: readonly string[];
  expiresAt: number | null;
  /** Whether one has to choose a user name and a password. */
  needsAccount: boolean;
}

/** What the first owner decides. */
export interface PlaceSetup {
  /** From the link that the server has printed. */
  code: string;
  place: Pick<PlaceSettings, "name" | "joinMode" | "domains" | "language">;
  email: string;
  name: string;
  username: string;
  password: string;
}

/** Somebody signed in, on some device. */
export interface SessionEntry {
  id: string;
  /** What the device calls itself; may be empty. */
  agent: string;
  createdAt: number;
  usedAt: number;
  /** The one that asks. */
  current: boolean;
}

export function serverInfo(
  url: string,
  env: Env = browserEnv(),
): Promise<ServerInfo> {
  return get({ url, env }, "/api/server");
}

/** Joins under this name. */
export function joinServer(
  url: string,
  who: Newcomer,
  env: Env = browserEnv(),
): Promise<Me> {
  return meAfter(post({ url, env }, "/api/join", who));
}

export function lookAtInvitation(
  url: string,
  token: string,
  env: Env = browserEnv(),
): Promise<InvitationLook> {
  return post({ url, env }, "/api/invitations/look", { token });
}

/** Into its rooms as who one is here already; their streams. */
export async function acceptInvitation(
  url: string,
  token: string,
  env: Env = browserEnv(),
): Promise<readonly string[]> {
  const place = { url, env };
  const answer: { rooms: readonly string[] } = await post(
    place,
    "/api/invitations/accept",
    { token },
  );
  return answer.rooms;
}

/** Makes whoever holds the link the owner. */
export function setUpPlace(
  url: string,
  setup: PlaceSetup,
  env: Env = browserEnv(),
): Promise<Me> {
  return meAfter(post({ url, env }, "/api/setup", setup));
}

/** Makes a guest a member, who keeps all that they have. */
export function claimAccount(
  url: string,
  account: { email: string; name?: string; username: string; password: string },
  env: Env = browserEnv(),
): Promise<Me> {
  return meAfter(post({ url, env }, "/api/account", account));
}

/** `login` is the user name or the address. */
export function signIn(
  url: string,
  who: { login: string; password: string },
  env: Env = browserEnv(),
): Promise<Me> {
  return meAfter(post({ url, env }, "/api/sign-in", who));
}

/** Answers `sign_in_again`: for a while one may do again what it stood before. */
export async function confirmPassword(
  url: string,
  password: string,
  env: Env = browserEnv(),
): Promise<void> {
  await post({ url, env }, "/api/confirm", { password });
}

/** What is not given stays. */
export function changeMe(
  url: string,
  changes: { name?: string; username?: string; email?: string },
  env: Env = browserEnv(),
): Promise<Me> {
  return meAfter(patch({ url, env }, "/api/me", changes));
}

/** Ends all other sessions. */
export async function changePassword(
  url: string,
  passwords: { current: string; password: string },
  env: Env = browserEnv(),
): Promise<void> {
  await post({ url, env }, "/api/password", passwords);
}

/** Chooses a password by a link; ends all sessions but the new one. */
export function resetPassword(
  url: string,
  reset: { token: string; password: string },
  env: Env = browserEnv(),
): Promise<Me> {
  return meAfter(post({ url, env }, "/api/reset", reset));
}

export async function listSessions(
  url: string,
  env: Env = browserEnv(),
): Promise<readonly SessionEntry[]> {
  const place = { url, env };
  return (await get<{ sessions: SessionEntry[] }>(place, "/api/sessions"))
    .sessions;
}

export async function endSession(
  url: string,
  id: string,
  env: Env = browserEnv(),
): Promise<void> {
  await remove({ url, env }, `/api/sessions/${encodeURIComponent(id)}`);
}

export async function endOtherSessions(
  url: string,
  env: Env = browserEnv(),
): Promise<void> {
  await post({ url, env }, "/api/sessions/end-others", {});
}

/** Ends the session on the server; its open connections close with 4003. */
export async function leaveServer(
  url: string,
  env: Env = browserEnv(),
): Promise<void> {
  await post({ url, env }, "/api/leave", {});
}

/** Who is signed in here, or null. */
export async function whoAmI(
  url: string,
  env: Env = browserEnv(),
): Promise<Me | null> {
  try {
    return await meAfter(get({ url, env }, "/api/me"));
  } catch (error) {
    if (isSignedOut(error)) return null;
    throw error;
  }
}

export function fetchMe(
  place: Place,
  done: (fetched: Fetched<{ me: Me }>) => void,
): void {
  request(place, { path: "/api/me" }, done);
}

async function meAfter(asked: Promise<{ me: Me }>): Promise<Me> {
  return (await asked).me;
}
