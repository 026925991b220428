import {
  commands,
  questions,
  type CheckedParams,
  type CommandName,
  type CommandResult,
  type QuestionName,
} from "@parley/protocol/catalog";
import type { CommandContext } from "../commands/context.ts";
import { arrangeRoom } from "../commands/arrange-room.ts";
import { blockPerson } from "../commands/block-person.ts";
import { changeMember } from "../commands/change-member.ts";
import { changeRoom } from "../commands/change-room.ts";
import { createRoom } from "../commands/create-room.ts";
import { deleteMessage } from "../commands/delete-message.ts";
import { inviteToRoom } from "../commands/invite-to-room.ts";
import { joinRoom } from "../commands/join-room.ts";
import { leaveRoom } from "../commands/leave-room.ts";
import { markRead } from "../commands/mark-read.ts";
import { openDirect } from "../commands/open-direct.ts";
import { postMessage } from "../commands/post-message.ts";
import { removeFromRoom } from "../commands/remove-from-room.ts";
import { setPreferences } from "../commands/set-preferences.ts";
import type { Connection } from "./connection.ts";
import { follow, hello, history, unfollow } from "./streams.ts";

interface Handler<Params, Result> {
  /** Answers with the result, or, for a question, has answered by itself. */
  run: (connection: Connection, params: Params, id: number) => Promise<Result>;
  /** Whether the connection's next command may start before this one has ended. */
  isPipelined: boolean;
}

type Handlers = {
  [Name in CommandName]: Handler<CheckedParams<Name>, CommandResult<Name>>;
} & {
  [Name in QuestionName]: Handler<CheckedParams<Name>, undefined>;
};

/** A command that makes an event: it enters the store's queue before it returns. */
function write<Params, Result>(
  command: (
    context: CommandContext,
    person: string,
    params: Params,
  ) => Promise<Result>,
): Handler<Params, Result> {
  return {
    isPipelined: true,
    run: async (connection, params) =>
      command(connection.surroundings.commands, connection.person, params),
  };
}

/** Every command's name and what does it; the compiler misses the one that is not here. */
export const handlers = {
  hello: { run: hello, isPipelined: false },
  follow: { run: follow, isPipelined: false },
  unfollow: { run: unfollow, isPipelined: false },
  history: { run: history, isPipelined: false },
  "message.post": write(postMessage),
  "message.delete": write(deleteMessage),
  "room.create": write(createRoom),
  "room.join": write(joinRoom),
  "room.leave": write(leaveRoom),
  "room.change": write(changeRoom),
  "room.invite": write(inviteToRoom),
  "room.remove": write(removeFromRoom),
  "room.arrange": write(arrangeRoom),
  "member.change": write(changeMember),
  "direct.open": write(openDirect),
  "read.mark": write(markRead),
  "preferences.set": write(setPreferences),
  "person.block": write(blockPerson),
} satisfies Handlers;

/** The schema of each command's parameters, by its name. */
export const schemas = new Map(
  [...commands, ...questions].map(({ name, params }) => [
    name as string,
    params,
  ]),
);

export function isCommandName(name: string): name is keyof typeof handlers {
  return Object.hasOwn(handlers, name);
}
