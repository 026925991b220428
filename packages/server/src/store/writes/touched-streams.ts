import { inboxOf, placeStream } from "../stream-keys.ts";
import type { WriteInput, WriteName } from "./writes.ts";

type Touches = {
  [Name in WriteName]?: (input: WriteInput<Name>) => string[];
};

/**
 * The streams that each write appends to, as far as its input tells, and, of
 * what needs a right, the inbox of who asks: so it comes before or after a
 * change of what they may, which is told there, and not beside it. Those that
 * clean up after a guest, or tell what somebody is now, find theirs while they
 * run.
 */
const touches: Touches = {
  appendMessage: ({ stream }) => [stream],
  joinRoom: ({ stream, by }) => [stream, inboxOf(by)],
  leaveRoom: ({ stream, by }) => [stream, inboxOf(by)],
  // Who gives a room a name holds the place's log: of two who want one name at
  // the same moment one sees that the other has it.
  createRoom: ({ stream, by }) => [stream, inboxOf(by), placeStream],
  changeRoom: ({ stream, by }) => [stream, inboxOf(by), placeStream],
  inviteToRoom: ({ stream, by, people }) => [
    ...[stream, inboxOf(by)],
    ...people.map(inboxOf),
  ],
  removeFromRoom: ({ stream, by, person }) => [
    ...[stream, inboxOf(by), inboxOf(person), placeStream],
  ],
  changeMember: ({ stream, by }) => [stream, inboxOf(by), placeStream],
  openDirect: ({ stream, by, people }) => [
    ...[stream, inboxOf(by)],
    ...people.map(inboxOf),
  ],
  arrangeRoom: ({ by }) => [inboxOf(by)],
  deleteMessage: ({ stream, by }) => [stream, inboxOf(by), placeStream],
  setPreferences: ({ by }) => [inboxOf(by)],
  blockPerson: ({ by }) => [inboxOf(by)],
  signIn: ({ person }) => [inboxOf(person)],
  changePassword: ({ person }) => [inboxOf(person)],
  resetPassword: ({ person }) => [inboxOf(person)],
  endOtherSessions: ({ by }) => [inboxOf(by)],
  markRead: ({ person }) => [inboxOf(person)],
  addGuest: ({ lobby, rooms = [] }) => [lobby, ...rooms],
  addAccount: ({ lobby, rooms }) => [lobby, placeStream, ...rooms],
  addPerson: ({ lobby, rooms }) => [lobby, placeStream, ...rooms],
  acceptInvitation: ({ by, rooms }) => [inboxOf(by), ...rooms],
  changeDefault: () => [placeStream],
  changeSettings: () => [placeStream],
  makeInvitation: () => [placeStream],
  makeSetupLink: () => [placeStream],
  revokeInvitation: () => [placeStream],
};

/** The streams that this write appends to, the one that it is about first. */
export function touchedStreams(
  name: WriteName,
  input: unknown,
): readonly string[] {
  const touched = touches[name] as ((input: unknown) => string[]) | undefined;
  return touched?.(input) ?? [];
}
