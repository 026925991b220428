import { newCid, newPersonId } from "../identifiers.ts";
import {
  openPostgresStore,
  type PostgresStoreOptions,
} from "../store/postgres/postgres-store.ts";
import type { CommittedEvent, Store } from "../store/store.ts";

/** A store on PostgreSQL with what it has told, and somebody in its lobby. */
export interface WatchedStore extends AsyncDisposable {
  store: Store;
  published: CommittedEvent[];
  moved: Map<string, number>;
  warnings: string[];
  /** Whether the database is there, at each change. */
  connections: boolean[];
  /** Says something in the lobby; the same cid is the same thing. */
  post: (
    text: string,
    cid?: string,
  ) => ReturnType<Store["write"]> &
    Promise<{ seq: number; repeated?: boolean | undefined }>;
}

/** Opens it; `person` is somebody who is in the lobby already. */
export async function watchStore(
  url: string,
  {
    connections = 3,
    person,
  }: Partial<Pick<PostgresStoreOptions, "connections">> & {
    person?: string;
  } = {},
): Promise<WatchedStore> {
  const published: CommittedEvent[] = [];
  const moved = new Map<string, number>();
  const warnings: string[] = [];
  const changes: boolean[] = [];
  const store = await openPostgresStore({
    url,
    connections,
    lobbyName: "Lobby",
    onCommit: (events) => published.push(...events),
    onMoved: (heads) => {
      for (const [stream, head] of heads) moved.set(stream, head);
    },
    onDeliveryFailed: (error: unknown) => {
      throw error;
    },
    onWarning: (sentence) => warnings.push(sentence),
    onConnection: (isThere) => changes.push(isThere),
  });
  const by = person ?? (await newGuest(store));
  return {
    store,
    published,
    moved,
    warnings,
    connections: changes,
    post: (text, cid = newCid(Date.now())) =>
      store.write("appendMessage", { stream: store.lobby, by, cid, text }),
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  };
}

async function newGuest(store: Store): Promise<string> {
  const { id } = await store.write("addGuest", {
    ...{ id: newPersonId(), name: "Ann", email: "ann@example.org" },
    ...{ lobby: store.lobby, origin: "page" },
    session: { tokenHash: newCid(Date.now()), expiresAt: 1e15 },
  });
  return id;
}

/** The texts of the lobby in the order of their numbers, read from the log. */
export async function textsOf({ reads, lobby }: Store): Promise<string[]> {
  const range = { after: 0, upTo: 1e9, max: 1e6 };
  const events = await reads.eventsAfter(lobby, range);
  return events.flatMap(({ event }) =>
    event.type === "message.posted" ? [event.text] : [],
  );
}
