import type { Connection } from "../connection.ts";
import type { Reads } from "../store.ts";
import { credentialFor, resetLink, secretOf, sessionsOf } from "./accounts.ts";
import { choices } from "./choices.ts";
import {
  peopleOfPlace,
  personCalled,
  roomsOfPlace,
  standingInPlace,
} from "./administration.ts";
import { eventsAfter, eventsOf, heads } from "./events.ts";
import { invitationInForce } from "./invitations-in-force.ts";
import { invitations } from "./invitations.ts";
import { memberCounts, memberIds, membersOf } from "./member-ids.ts";
import { messages } from "./messages.ts";
import { blockedBy, own } from "./own.ts";
import { peopleSeenBy, searchPeople } from "./people-found.ts";
import { members, memberships, memberSince, people } from "./people.ts";
import { hasSetupLink, place } from "./place.ts";
import { directory, rooms } from "./rooms.ts";
import { email, sessions } from "./sessions.ts";
import { speakers } from "./speakers.ts";
import { standings } from "./standings.ts";

/** All questions, bound to one connection. */
export function readsOn(connection: Connection): Reads {
  const { db } = connection;
  return {
    sessions: (tokenHashes) => sessions(connection, tokenHashes),
    heads: (streams) => heads(connection, streams),
    memberships: (ids) => memberships(connection, ids),
    credentialFor: (login) => credentialFor(db, login),
    secretOf: (person) => secretOf(db, person),
    sessionsOf: (of) => sessionsOf(db, of),
    resetLink: (link) => resetLink(db, link),
    choices: (ids) => choices(connection, ids),
    memberCounts: (streams) => memberCounts(connection, streams),
    membersOf: (streams) => membersOf(connection, streams),
    memberIds: (stream, page) => memberIds(db, stream, page),
    memberSince: (person, stream) => memberSince(db, person, stream),
    isMember: async (person, stream) =>
      (await memberSince(db, person, stream)) !== undefined,
    eventsAfter: (stream, range) => eventsAfter(db, stream, range),
    eventsOf: (ranges) => eventsOf(connection, ranges),
    standings: (asked) => standings(connection, asked),
    speakers: (asked) => speakers(connection, asked),
    messages: (stream, page) => messages(connection, stream, page),
    rooms: (person) => rooms(db, person),
    room: async (person, stream, upTo) =>
      (await rooms(db, person, { stream, upTo }))[0],
    directory: (person, query) => directory(db, person, query),
    people: (ids) => people(db, ids),
    own: (person) => own(db, person),
    blockedBy: (person) => blockedBy(db, person),
    peopleSeenBy: (person, ids) => peopleSeenBy(db, person, ids),
    searchPeople: (query) => searchPeople(db, query),
    members: (stream, page) => members(db, stream, page),
    email: (person) => email(db, person),
    place: () => place(db),
    standingInPlace: (person) => standingInPlace(db, person),
    hasSetupLink: (link) => hasSetupLink(db, link),
    invitationInForce: (link) => invitationInForce(db, link),
    invitations: (of) => invitations(db, of),
    peopleOfPlace: (question) => peopleOfPlace(db, question),
    personCalled: (word) => personCalled(db, word),
    roomsOfPlace: (query) => roomsOfPlace(db, query),
  };
}
