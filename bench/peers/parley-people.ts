import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ConnectOptions } from "../../packages/client/src/index.ts";

export interface Rooms {
  epoch: string;
  inbox: number;
  rooms: { stream: string; kind: string; head: number }[];
}

/** Joins in flight; more would only wait in the server's queue. */
const joinsAtOnce = 32;

/**
 * Lets people join and keeps a cookie for each connection in the folder.
 * Returns how the generator speaks for them, given the server's port: each with
 * a cookie of their own, following inbox and lobby from where they are now.
 */
export async function joinPeople(
  port: number,
  { people, different = people }: { people: number; different?: number },
  folder: string,
): Promise<(port: number) => string[]> {
  const origin = `http://127.0.0.1:${port}`;
  const cookies: string[] = [];
  let next = 0;
  async function joinSome(): Promise<void> {
    while (next < different) {
      const person = next;
      next += 1;
      cookies[person] = (await joinPerson(origin, person)).cookie;
    }
  }
  await Promise.all(Array.from({ length: joinsAtOnce }, joinSome));
  const file = join(folder, "cookies.txt");
  const lines = Array.from(
    { length: people },
    (_, n) => cookies[n % different],
  );
  await writeFile(file, `${lines.join("\n")}\n`);
  const rooms = await readRooms(origin, cookies[0] ?? "");
  return (now) => parleyWire(now, file, rooms);
}

/** Somebody who was let in, with the cookie that says who they are. */
export interface Joined {
  me: ConnectOptions["me"];
  cookie: string;
}

/** Lets somebody in. */
export async function joinPerson(
  origin: string,
  person: number,
): Promise<Joined> {
  const response = await fetch(`${origin}/api/join`, {
    method: "POST",
    headers: { "content-type": "application/json", origin },
    body: JSON.stringify({
      email: `p${person}@example.org`,
      name: `Person ${person}`,
    }),
  });
  const cookie = response.headers.get("set-cookie")?.split(";")[0];
  if (!response.ok || cookie === undefined) {
    throw new Error(
      `Person ${person} could not join: ${response.status} ${await response.text()}`,
    );
  }
  const { me } = (await response.json()) as Pick<Joined, "me">;
  return { me, cookie };
}

export async function readRooms(
  origin: string,
  cookie: string,
): Promise<Rooms> {
  const response = await fetch(`${origin}/api/rooms`, { headers: { cookie } });
  if (!response.ok) throw new Error(`GET /api/rooms: ${response.status}`);
  return (await response.json()) as Rooms;
}

/** How the generator talks parley.v1. */
function parleyWire(port: number, cookies: string, rooms: Rooms): string[] {
  const lobby = rooms.rooms.find((room) => room.kind === "lobby");
  if (lobby === undefined) throw new Error("There is no lobby.");
  const hello = {
    type: "hello",
    id: 1,
    client: "bench/1",
    epoch: rooms.epoch,
    // Everybody's inbox is the same so far: they have joined the lobby.
    cursors: { inbox: rooms.inbox, [lobby.stream]: lobby.head },
  };
  return [
    ...["--port", String(port), "--path", "/ws", "--protocol", "parley.v1"],
    ...["--origin", `http://127.0.0.1:${port}`, "--cookies", cookies],
    ...["--hello", JSON.stringify(hello), "--ready", '"type":"ready"'],
    ...["--ping", '{"type":"ping"}', "--pong", '{"type":"pong"}'],
    "--post",
    `{"type":"message.post","id":{id},"stream":"${lobby.stream}","cid":"{cid}","text":"{body}"}`,
    ...["--answer", '"type":"ok","id":', "--refusal", '"type":"error"'],
  ];
}
