import type { Me, Person, RoomSummary } from "@parley/protocol";
import type { DirectoryEntry } from "./chat.ts";
import { browserEnv, type Env } from "./env.ts";
import { errorFrom, NetworkError, type Failure } from "./errors.ts";
import type { Run } from "./state.ts";

/** A server, seen over HTTP: its origin, and the machine to reach it from. */
export interface Place {
  url: string;
  env: Env;
}

/** What came of a request. Callbacks, not promises: the core never waits. */
export type Fetched<Value> =
  { status: "fine"; value: Value } | { status: "failed"; error: Failure };

/** One's own rooms, and the position of each stream, to follow them from. */
export interface RoomsAnswer {
  epoch: string;
  inbox: number;
  rooms: readonly RoomSummary[];
}

/** Messages with the range of numbers that they cover completely. */
export interface PageAnswer extends Run {
  head: number;
  people: readonly Person[];
}

export interface MembersAnswer {
  members: readonly Person[];
  count: number;
}

/** A person waits for this; whoever is slower is as good as away. */
const answerMsMax = 15_000;

/** Joins under this name. Throws ParleyError when refused, or NetworkError. */
export async function joinServer(
  url: string,
  who: { email: string; name: string },
  env: Env = browserEnv(),
): Promise<Me> {
  const { me } = await post<{ me: Me }>({ url, env }, "/api/join", who);
  return me;
}

/** Who is signed in here, or null. */
export async function whoAmI(
  url: string,
  env: Env = browserEnv(),
): Promise<Me | null> {
  try {
    return (await get<{ me: Me }>({ url, env }, "/api/me")).me;
  } catch (error) {
    if (isSignedOut(error)) return null;
    throw error;
  }
}

/** What a page asks first: the place's name, and who is signed in here, or null. */
export function serverInfo(
  url: string,
  env: Env = browserEnv(),
): Promise<{ name: string; me: Me | null }> {
  return get({ url, env }, "/api/server");
}

/** Ends the session on the server; its open connections close with 4003. */
export async function leaveServer(
  url: string,
  env: Env = browserEnv(),
): Promise<void> {
  await post({ url, env }, "/api/leave", {});
}

/** True for the answer that only signing in again can change. */
export function isSignedOut(error: unknown): boolean {
  return (error as Partial<Failure>).code === "unauthenticated";
}

export function fetchMe(
  place: Place,
  done: (fetched: Fetched<{ me: Me }>) => void,
): void {
  request(place, "GET", "/api/me", undefined, done);
}

export function fetchRooms(
  place: Place,
  done: (fetched: Fetched<RoomsAnswer>) => void,
): void {
  request(place, "GET", "/api/rooms", undefined, done);
}

/** Which messages of a room: of those between the two, if they are given. */
export interface PageRequest {
  /** Only below this number. */
  before?: number;
  /** Only above this number, and the oldest of those instead of the newest. */
  after?: number;
  limit: number;
}

/** A page of a room's messages, ascending. */
export function fetchPage(
  place: Place,
  stream: string,
  which: PageRequest,
  done: (fetched: Fetched<PageAnswer>) => void,
): void {
  const query = new URLSearchParams(
    Object.entries(which).map(([name, value]) => [name, String(value)]),
  );
  const path = `/api/streams/${stream}/messages?${query.toString()}`;
  request(place, "GET", path, undefined, done);
}

export function fetchPeople(
  place: Place,
  ids: readonly string[],
  done: (fetched: Fetched<{ people: readonly Person[] }>) => void,
): void {
  request(place, "GET", `/api/people?ids=${ids.join(",")}`, undefined, done);
}

export function fetchMembers(
  place: Place,
  stream: string,
): Promise<MembersAnswer> {
  return get(place, `/api/streams/${stream}/members`);
}

export async function fetchDirectory(
  place: Place,
  query: string,
): Promise<readonly DirectoryEntry[]> {
  const path = `/api/directory?query=${encodeURIComponent(query)}`;
  return (await get<{ rooms: DirectoryEntry[] }>(place, path)).rooms;
}

function get<Value>(place: Place, path: string): Promise<Value> {
  return promised((done) => request(place, "GET", path, undefined, done));
}

function post<Value>(place: Place, path: string, body: object): Promise<Value> {
  return promised((done) => request(place, "POST", path, body, done));
}

function promised<Value>(
  ask: (done: (fetched: Fetched<Value>) => void) => void,
): Promise<Value> {
  return new Promise((resolve, reject) => {
    ask((fetched) => {
      if (fetched.status === "fine") resolve(fetched.value);
      else reject(fetched.error);
    });
  });
}

function request<Value>(
  { url, env }: Place,
  method: "GET" | "POST",
  path: string,
  body: object | undefined,
  done: (fetched: Fetched<Value>) => void,
): void {
  let isDone = false;
  const finish = (fetched: Fetched<Value>) => {
    if (isDone) return;
    isDone = true;
    env.clearTimer(timer);
    done(fetched);
  };
  const cancel = env.fetch(
    {
      method,
      url: new URL(path, url).href,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    },
    ({ status, text }) => finish(read<Value>(status, text)),
  );
  const timer = env.setTimer(answerMsMax, () => {
    finish({ status: "failed", error: new NetworkError() });
    cancel();
  });
}

function read<Value>(status: number, text: string): Fetched<Value> {
  const json = parse(text);
  if (status >= 200 && status < 300 && json !== undefined) {
    return { status: "fine", value: json as Value };
  }
  const refusal = (json as { error?: object } | null | undefined)?.error;
  // Without our own words it was a proxy or nobody that answered, not Parley.
  const error = refusal ? errorFrom(refusal) : new NetworkError();
  return { status: "failed", error };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
