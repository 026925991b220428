import type { Connection } from "../connection.ts";
import type { Reads } from "../store.ts";
import { eventsAfter, eventsOf, heads } from "./events.ts";
import { messages } from "./messages.ts";
import { members, memberships, memberSince, people } from "./people.ts";
import { directory, rooms } from "./rooms.ts";
import { email, sessions } from "./sessions.ts";
import { standings } from "./standings.ts";

/** All questions, bound to one connection. */
export function readsOn(connection: Connection): Reads {
  const { db } = connection;
  return {
    sessions: (tokenHashes) => sessions(connection, tokenHashes),
    heads: (streams) => heads(connection, streams),
    memberships: (ids) => memberships(connection, ids),
    memberSince: (person, stream) => memberSince(db, person, stream),
    isMember: async (person, stream) =>
      (await memberSince(db, person, stream)) !== undefined,
    eventsAfter: (stream, range) => eventsAfter(db, stream, range),
    eventsOf: (ranges) => eventsOf(connection, ranges),
    standings: (asked) => standings(connection, asked),
    messages: (stream, page) => messages(connection, stream, page),
    rooms: (person) => rooms(db, person),
    room: async (person, stream, upTo) =>
      (await rooms(db, person, { stream, upTo }))[0],
    directory: (person, query) => directory(db, person, query),
    people: (ids) => people(db, ids),
    members: (stream, page) => members(db, stream, page),
    email: (person) => email(db, person),
  };
}
