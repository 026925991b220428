import type { Kysely } from "kysely";
import type { Schema } from "../schema.ts";
import type { Reads } from "../store.ts";
import { eventsAfter, heads } from "./events.ts";
import { messages } from "./messages.ts";
import { isMember, members, memberships, people } from "./people.ts";
import { directory, rooms } from "./rooms.ts";
import { email, session } from "./sessions.ts";

/** All questions, bound to one database. */
export function readsOn(db: Kysely<Schema>): Reads {
  return {
    session: (tokenHash) => session(db, tokenHash),
    heads: (streams) => heads(db, streams),
    memberships: (ids) => memberships(db, ids),
    isMember: (person, stream) => isMember(db, person, stream),
    eventsAfter: (stream, range) => eventsAfter(db, stream, range),
    messages: (stream, page) => messages(db, stream, page),
    rooms: (person) => rooms(db, person),
    room: async (person, stream) => (await rooms(db, person, stream))[0],
    directory: (person, query) => directory(db, person, query),
    people: (ids) => people(db, ids),
    members: (stream, page) => members(db, stream, page),
    email: (person) => email(db, person),
  };
}
