import { ask, type Answer } from "../../bench/cluster/ask.ts";
import { joinPerson, readRooms } from "../../bench/peers/parley-people.ts";
import type { FaultProxy } from "../../packages/server/src/testing/fault-proxy.ts";
import { becomeOwner, claimAccount } from "./administration.ts";
import type { PlannedDevice, PlannedPerson } from "./plan.ts";

/** How big a run is. */
export interface Size {
  /** Who talks steadily. */
  people: number;
  roomsPerPerson: number;
  membersPerRoom: number;
  /** Who comes and goes. */
  restless: number;
}

export interface Settled {
  people: PlannedPerson[];
  lobby: string;
}

/**
 * Lets everybody in, makes the rooms and brings people into theirs. The first
 * becomes the owner; about half of the others have an account.
 */
export async function settle(
  ports: readonly number[],
  size: Size,
  code: string,
): Promise<Settled> {
  const { people: steady, roomsPerPerson, membersPerRoom, restless } = size;
  const portOf = (n: number) => ports[n % ports.length] ?? 0;
  const people: PlannedPerson[] = [];
  for (let person = 0; person < steady + restless; person += 1) {
    const origin = `http://127.0.0.1:${portOf(person)}`;
    const joined = await joinPerson(origin, person);
    const somebody = { ...joined, rooms: [], hasAccount: false };
    people.push(somebody);
    if (person === 0) await becomeOwner(origin, somebody, code);
    else if (person % 2 === 0 || person >= steady) {
      await claimAccount(origin, somebody);
    }
  }
  const rooms = Math.ceil((steady * roomsPerPerson) / membersPerRoom);
  const seats = Array.from({ length: rooms * membersPerRoom }, (_, n) => n);
  await Promise.all(
    Array.from({ length: rooms }, async (_, room) => {
      const members = seats
        .slice(room * membersPerRoom, (room + 1) * membersPerRoom)
        .map((seat) => seatOf(seat, steady));
      await makeRoom([...new Set(members)]);
    }),
  );
  const origin = `http://127.0.0.1:${portOf(0)}`;
  const { rooms: known } = await readRooms(origin, people[0]?.cookie ?? "");
  const lobby = known.find(({ kind }) => kind === "lobby");
  return { people, lobby: lobby?.stream ?? "" };

  async function makeRoom(members: readonly number[]): Promise<void> {
    let stream = "";
    for (const member of members) {
      const person = people[member];
      if (person === undefined) continue;
      const cid = Bun.randomUUIDv7();
      const command =
        stream === ""
          ? { type: "room.create", cid, name: `Room ${cid}` }
          : { type: "room.join", cid, stream };
      const answer = await askPatiently(
        ...[portOf(member), person.cookie, command],
      );
      if (stream === "") stream = String(answer["stream"]);
      person.rooms.push(stream);
    }
  }
}

/** On a busy machine a database may be slow with all these rooms at once. */
async function askPatiently(
  port: number,
  cookie: string,
  command: object,
): Promise<Answer> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await ask(port, cookie, command);
    } catch (error) {
      const isRetryable = String(error).includes('"retryable":true');
      if (!isRetryable || tries === 20) throw error;
      await Bun.sleep(500);
    }
  }
}

/** Neighbours in one room are not neighbours in the next. */
function seatOf(seat: number, people: number): number {
  const round = Math.floor(seat / people);
  return (seat * (1 + 2 * (round % 3)) + round) % people;
}

/**
 * A device for everybody; some have a second one, in a browser of its own or as
 * a second tab of the first.
 */
export function devicesFor(people: readonly PlannedPerson[]): PlannedDevice[] {
  return people.flatMap(({ rooms }, person) => {
    const isRestless = rooms.length === 0;
    const first = `p${person}`;
    const device = (name: string, browser: string): PlannedDevice => {
      return { ...{ name, person, browser, isRestless }, url: "" };
    };
    const all = [device(first, first)];
    if (person % 6 === 1) all.push(device(`${first}b`, `${first}b`));
    if (person % 6 === 4) all.push(device(`${first}t`, first));
    return all;
  });
}

/** Who goes which way. */
export type Ways = ReadonlyMap<string, FaultProxy>;
