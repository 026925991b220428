import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { joinPerson, readRooms } from "../peers/parley-people.ts";
import { ask } from "./ask.ts";

/** Joins in flight; more would only wait in the servers' queues. */
const joinsAtOnce = 32;

/**
 * Lets one person in for each connection, with the generator's rule for who is
 * where (load/options.h): dealt out to the nodes in turn, and each node's to
 * the rooms in turn. Without `rooms` everybody is in the lobby.
 */
export async function joinOnAllNodes(
  ports: readonly number[],
  { people, rooms = 0 }: { people: number; rooms?: number },
  folder: string,
): Promise<string[]> {
  const port = (person: number) => ports[person % ports.length] ?? 0;
  const joined = await each(people, (person) =>
    joinPerson(`http://127.0.0.1:${port(person)}`, person),
  );
  const cookies = joined.map(({ cookie }) => cookie);
  const cookie = (person: number) => cookies[person] ?? "";
  const streams =
    rooms === 0
      ? [await lobbyOf(port(0), cookie(0))]
      : await each(rooms, async (room) => {
          const maker = room * ports.length;
          const name = `Room ${room} ${Bun.randomUUIDv7()}`;
          const made = await ask(port(maker), cookie(maker), {
            ...{ type: "room.create", cid: Bun.randomUUIDv7(), name },
          });
          return String(made["stream"]);
        });
  if (rooms > 0) {
    await each(people, (person) =>
      ask(port(person), cookie(person), {
        type: "room.join",
        cid: Bun.randomUUIDv7(),
        stream: streams[Math.floor(person / ports.length) % rooms],
      }),
    );
  }
  const file = join(folder, "cookies.txt");
  await writeFile(file, `${cookies.join("\n")}\n`);
  return [
    ...ports.flatMap((one) => ["--port", String(one)]),
    ...streams.flatMap((stream) => ["--room", stream]),
    ...["--path", "/ws", "--protocol", "parley.v1", "--cookies", file],
    ...["--hello", hello({ "{room}": null }), "--deaf-hello", hello({})],
    ...["--ready", '"type":"ready"'],
    ...["--ping", '{"type":"ping"}', "--pong", '{"type":"pong"}'],
    "--post",
    '{"type":"message.post","id":{id},"stream":"{room}","cid":"{cid}","text":"{body}"}',
    ...["--answer", '"type":"ok","id":', "--refusal", '"type":"error"'],
    ...["--connections", String(people)],
  ];
}

function hello(cursors: Record<string, null>): string {
  return JSON.stringify({ type: "hello", id: 1, client: "bench/1", cursors });
}

async function lobbyOf(port: number, cookie: string): Promise<string> {
  const { rooms } = await readRooms(`http://127.0.0.1:${port}`, cookie);
  const lobby = rooms.find(({ kind }) => kind === "lobby");
  if (lobby === undefined) throw new Error("There is no lobby.");
  return lobby.stream;
}

/** Does it for 0 … count - 1, several at a time. */
async function each<Result>(
  count: number,
  act: (index: number) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  let next = 0;
  async function some(): Promise<void> {
    while (next < count) {
      const index = next;
      next += 1;
      results[index] = await act(index);
    }
  }
  await Promise.all(Array.from({ length: joinsAtOnce }, some));
  return results;
}
