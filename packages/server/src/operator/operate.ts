import { ParleyError } from "@parley/protocol";
import { addPerson } from "../commands/add-person.ts";
import { administerRoom } from "../commands/administer-room.ts";
import { makeInvitation } from "../commands/make-invitation.ts";
import { makeResetLink, makeSetupLink } from "../commands/make-links.ts";
import { founder } from "../store/founder.ts";
import type {
  AdministeredPerson,
  AdministeredRoom,
} from "../store/place-reads.ts";
import type { Store } from "../store/store.ts";
import { nameKey } from "../store/writes/rooms.ts";
import { OperatorError } from "./operator-error.ts";
import type { OperatorRequest } from "./requests.ts";

/** As many people as one list at a terminal shows. */
const peopleMax = 1_000;

/** What an operator is told. Links are complete: they know where the page is. */
export type OperatorAnswer =
  | { told: "people"; people: AdministeredPerson[]; count: number }
  | { told: "person"; person: AdministeredPerson }
  | {
      told: "link";
      link: string;
      expiresAt: number | null;
      person?: AdministeredPerson;
    }
  | { told: "ended"; ended: number; person: AdministeredPerson }
  | { told: "rooms"; rooms: AdministeredRoom[] }
  | { told: "room"; room: AdministeredRoom };

/**
 * Does what an operator asks, who needs no session: they have the data. In the
 * log of the place it stands as done by the server itself.
 */
export async function operate(
  { store, url }: { store: Store; url: string },
  request: OperatorRequest,
): Promise<OperatorAnswer> {
  const by = founder;
  const context = { store };
  const { reads } = store;
  switch (request.ask) {
    case "user.list": {
      const { query } = request;
      const found = await reads.peopleOfPlace({
        ...{ query, byEmail: true, limit: peopleMax },
      });
      return { told: "people", ...found };
    }
    case "user.add": {
      const { email, name, username, role } = request;
      const { defaults: rooms } = await reads.place();
      const added = await addPerson(context, by, {
        ...{ email, name, username, role, rooms },
      });
      return {
        ...{ told: "link", person: await personOf(store, added.me.id) },
        ...{ link: `${url}/reset#${added.token}`, expiresAt: added.expiresAt },
      };
    }
    case "user.role": {
      const person = await findPerson(store, request.who);
      await store.write("setRole", { by, person, role: request.role });
      return { told: "person", person: await personOf(store, person) };
    }
    case "user.reset-link": {
      const person = await findPerson(store, request.who);
      const { token, expiresAt } = await makeResetLink(context, by, person);
      return {
        ...{ told: "link", person: await personOf(store, person) },
        ...{ link: `${url}/reset#${token}`, expiresAt },
      };
    }
    case "user.suspend": {
      const { suspended } = request;
      const person = await findPerson(store, request.who);
      await store.write("suspendPerson", { by, person, suspended });
      return { told: "person", person: await personOf(store, person) };
    }
    case "user.sign-out": {
      const person = await findPerson(store, request.who);
      const { ended } = await store.write("signOutPerson", { by, person });
      return { told: "ended", ended, person: await personOf(store, person) };
    }
    case "invite": {
      const { role, bound, uses, expiresInHours, note } = request;
      const rooms = await findRooms(store, request.rooms);
      const { invitation, token } = await makeInvitation(context, by, {
        ...{ role, bound, uses, expiresInHours, note },
        rooms: rooms.map(({ stream }) => stream),
      });
      const { expiresAt } = invitation;
      return { told: "link", link: `${url}/invite#${token}`, expiresAt };
    }
    case "room.list":
      return { told: "rooms", rooms: await reads.roomsOfPlace(request.query) };
    case "room.archive": {
      const { archived } = request;
      return changeRoom(store, request.room, { archived });
    }
    case "room.default": {
      const { isDefault } = request;
      return changeRoom(store, request.room, { isDefault });
    }
    case "setup-link": {
      const made = await makeSetupLink(context);
      if (made === undefined) {
        throw new OperatorError(
          "This place has an owner already. For a new password of theirs: parley user reset-link.",
        );
      }
      const { token, expiresAt } = made;
      return { told: "link", link: `${url}/setup#${token}`, expiresAt };
    }
  }
}

async function findPerson({ reads }: Store, word: string): Promise<string> {
  const id = await reads.personCalled(word);
  if (id !== undefined) return id;
  throw new OperatorError(
    `Nobody has the user name or id "${word}". See parley user list.`,
  );
}

async function personOf(
  { reads }: Store,
  id: string,
): Promise<AdministeredPerson> {
  const { people } = await reads.peopleOfPlace({
    ...{ query: "", byEmail: true, ids: [id], limit: 1 },
  });
  const [person] = people;
  if (person === undefined) throw new ParleyError("not_found");
  return person;
}

async function changeRoom(
  store: Store,
  word: string,
  changes: { archived?: boolean; isDefault?: boolean },
): Promise<OperatorAnswer> {
  const [found] = await findRooms(store, [word]);
  const { stream = "" } = found ?? {};
  await administerRoom({ store }, founder, { stream, ...changes });
  const [room] = await findRooms(store, [stream]);
  if (room === undefined) throw new ParleyError("not_found");
  return { told: "room", room };
}

/** Each by its id or its name, as it is written in a list of rooms. */
async function findRooms(
  { reads }: Store,
  words: readonly string[],
): Promise<AdministeredRoom[]> {
  const rooms: AdministeredRoom[] = [];
  for (const word of words) {
    const found = await reads.roomsOfPlace(word);
    const [first, second] = found.filter(
      ({ stream, name }) => stream === word || nameKey(name) === nameKey(word),
    );
    if (first === undefined) {
      throw new OperatorError(
        `There is no room with the name or id "${word}". See parley room list.`,
      );
    }
    if (second !== undefined) {
      throw new OperatorError(
        `Several rooms are called "${word}". Say which by its id: see parley room list.`,
      );
    }
    rooms.push(first);
  }
  return rooms;
}
