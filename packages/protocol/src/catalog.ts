import type { z } from "zod";
import { arrangeRoom, roomArranged } from "./arranging.ts";
import { openDirect } from "./direct.ts";
import {
  changeMember,
  inviteToRoom,
  memberChanged,
  memberJoined,
  memberLeft,
  removeFromRoom,
} from "./membership.ts";
import {
  deleteMessage,
  messageDeleted,
  messagePosted,
  postMessage,
} from "./messages.ts";
import {
  blockPerson,
  meChanged,
  personBlocked,
  preferencesSet,
  setPreferences,
} from "./people.ts";
import { acted } from "./place.ts";
import { presence } from "./presence.ts";
import { markRead, readMarked } from "./reading.ts";
import {
  changeRoom,
  createRoom,
  joinRoom,
  leaveRoom,
  roomChanged,
  roomCreated,
  roomJoined,
  roomLeft,
} from "./rooms.ts";
import { sessionEnded } from "./session-end.ts";
import * as session from "./session.ts";
import type { simpleMessage } from "./simple.ts";
import { typing } from "./typing.ts";

/**
 * Everything that may be said on the wire. A new entry here breaks the compile
 * in two places that must handle it: the server's handlers and the client's
 * apply-event.
 */
export const questions = [
  session.hello,
  session.follow,
  session.history,
] as const;

export const commands = [
  session.unfollow,
  postMessage,
  deleteMessage,
  createRoom,
  joinRoom,
  leaveRoom,
  changeRoom,
  inviteToRoom,
  removeFromRoom,
  changeMember,
  openDirect,
  arrangeRoom,
  markRead,
  setPreferences,
  blockPerson,
] as const;

export const answers = [
  session.welcome,
  session.live,
  session.reset,
  session.gone,
  session.ready,
  session.events,
  session.ok,
  session.error,
] as const;

export const events = [
  messagePosted,
  messageDeleted,
  roomCreated,
  roomChanged,
  memberJoined,
  memberLeft,
  memberChanged,
  roomJoined,
  roomLeft,
  roomArranged,
  readMarked,
  meChanged,
  preferencesSet,
  personBlocked,
  sessionEnded,
  acted,
] as const;

export const signals = [
  session.ping,
  session.pong,
  session.bye,
  typing,
  presence,
] as const;

export { handshake } from "./session.ts";
export { person, me, preferences, ranks, username } from "./people.ts";
export { acts, domain, placeSettings } from "./place.ts";
export { presenceStates } from "./presence.ts";
export { room, roomName, topic } from "./rooms.ts";
export { messageText } from "./messages.ts";
export { simpleExample, simpleMessage } from "./simple.ts";
export { at, cid, personId, roomId, seq, sessionId, streamId } from "./ids.ts";

type Commands = (typeof commands)[number];
type Questions = (typeof questions)[number];
type Named<Definition, Name> = Extract<Definition, { name: Name }>;

export type CommandName = Commands["name"];
export type QuestionName = Questions["name"];
/** A command as the client writes it, without type and id. */
export type CommandParams<Name extends CommandName> = z.input<
  Named<Commands, Name>["params"]
>;
/** The same after the schema: what a handler gets. */
export type CheckedParams<Name extends CommandName | QuestionName> = z.output<
  Named<Commands | Questions, Name>["params"]
>;
export type QuestionParams<Name extends QuestionName> = z.input<
  Named<Questions, Name>["params"]
>;
/** What `ok` carries for this command, without type and id. */
export type CommandResult<Name extends CommandName> = Omit<
  z.output<Named<Commands, Name>["result"]>,
  "type" | "id"
>;

export type Answer = z.output<(typeof answers)[number]["frame"]>;
export type AnswerOf<Name extends Answer["type"]> = Extract<
  Answer,
  { type: Name }
>;
export type Event = z.output<(typeof events)[number]["frame"]>;
export type EventName = Event["type"];
export type EventOf<Name extends EventName> = Extract<Event, { type: Name }>;
/** What an event says beyond stream, seq, at, by and cid. */
export type EventData<Name extends EventName> = z.output<
  Named<(typeof events)[number], Name>["data"]
>;
export type Signal = z.output<(typeof signals)[number]["frame"]>;
export type Handshake = z.output<typeof session.handshake>;
export type { Me, Person, Preferences, Rank } from "./people.ts";
export type { Act, JoinMode, PlaceSettings } from "./place.ts";
export type { PresenceState } from "./presence.ts";
export type { RoomKind } from "./rooms.ts";
export type RoomSummary = EventData<"room.joined">["room"];
export type SimpleMessage = z.output<typeof simpleMessage>;
