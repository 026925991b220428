import { acceptInvitation } from "./accept-invitation.ts";
import { addAccount } from "./add-account.ts";
import { addGuest } from "./add-guest.ts";
import { addPerson } from "./add-person.ts";
import type { AppendedMessage, MessageToAppend } from "./append-messages.ts";
import { arrangeRoom } from "./arrange-room.ts";
import { blockPerson } from "./block-person.ts";
import { changeDefault } from "./change-default.ts";
import { changeMe } from "./change-me.ts";
import { changeMember } from "./change-member.ts";
import { changePassword, resetPassword } from "./change-password.ts";
import { changeRoom } from "./change-room.ts";
import { changeSettings } from "./change-settings.ts";
import { claimAccount } from "./claim-account.ts";
import { claimPlace } from "./claim-place.ts";
import { createRoom } from "./create-room.ts";
import { deleteMessage } from "./delete-message.ts";
import { endOtherSessions, endOwnSession } from "./end-own-session.ts";
import { endSession, touchSession } from "./end-session.ts";
import { makeInvitation, revokeInvitation } from "./invitations.ts";
import { inviteToRoom } from "./invite-to-room.ts";
import { joinRoom } from "./join-room.ts";
import { endLeases, renewLeases } from "./leases.ts";
import { leaveRoom } from "./leave-room.ts";
import { makeResetLink, makeSetupLink } from "./links.ts";
import { markRead } from "./mark-read.ts";
import { openDirect } from "./open-direct.ts";
import { removeFromRoom } from "./remove-from-room.ts";
import { setPreferences } from "./set-preferences.ts";
import { setRole } from "./set-role.ts";
import { signOutPerson } from "./sign-out-person.ts";
import { confirmSession, signIn } from "./sign-in.ts";
import { suspendPerson } from "./suspend-person.ts";
import { sweepGuests } from "./sweep-guests.ts";

/**
 * The write functions: each runs inside a transaction and decides there, from
 * what is stored, whether it may. Posts are not among them, because those of
 * one commit are written together (append-messages.ts).
 */
export const writeFunctions = {
  acceptInvitation,
  addAccount,
  addGuest,
  addPerson,
  arrangeRoom,
  blockPerson,
  changeDefault,
  changeMe,
  changeMember,
  changePassword,
  changeRoom,
  changeSettings,
  claimAccount,
  claimPlace,
  confirmSession,
  createRoom,
  deleteMessage,
  endLeases,
  endOtherSessions,
  endOwnSession,
  endSession,
  inviteToRoom,
  joinRoom,
  leaveRoom,
  makeInvitation,
  makeResetLink,
  makeSetupLink,
  markRead,
  openDirect,
  removeFromRoom,
  renewLeases,
  resetPassword,
  revokeInvitation,
  setPreferences,
  setRole,
  signIn,
  signOutPerson,
  suspendPerson,
  sweepGuests,
  touchSession,
} as const;

type WriteFunctions = typeof writeFunctions;

export type WriteName = keyof WriteFunctions | "appendMessage";

export type WriteInput<Name extends WriteName> =
  Name extends keyof WriteFunctions
    ? Parameters<WriteFunctions[Name]>[1]
    : MessageToAppend;

export type WriteResult<Name extends WriteName> =
  Name extends keyof WriteFunctions
    ? Awaited<ReturnType<WriteFunctions[Name]>>
    : AppendedMessage;
