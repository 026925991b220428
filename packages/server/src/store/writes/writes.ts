import { addGuest } from "./add-guest.ts";
import type { AppendedMessage, MessageToAppend } from "./append-messages.ts";
import { createRoom } from "./create-room.ts";
import { endSession, touchSession } from "./end-session.ts";
import { joinRoom } from "./join-room.ts";
import { endLeases, renewLeases } from "./leases.ts";
import { leaveRoom } from "./leave-room.ts";
import { markRead } from "./mark-read.ts";
import { sweepGuests } from "./sweep-guests.ts";

/**
 * The write functions: each runs inside a transaction and decides there, from
 * what is stored, whether it may. Posts are not among them, because those of
 * one commit are written together (append-messages.ts).
 */
export const writeFunctions = {
  addGuest,
  createRoom,
  endLeases,
  endSession,
  joinRoom,
  leaveRoom,
  markRead,
  renewLeases,
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
