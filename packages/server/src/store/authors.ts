import {
  mayInRoom,
  type ErrorCode,
  type Role,
  type RoomKind,
} from "@parley/protocol";
import { sql } from "kysely";
import { overRows } from "./prepared.ts";

/** Somebody in a room, with all that decides whether they may speak there. */
export interface Author {
  stream: string;
  person: string;
  name: string;
  role: Role;
  bound: number;
  suspended: number;
  kind: RoomKind;
  moderator: number;
  readOnly: number;
  archived: number;
  /** Somebody in this direct room takes nothing from them. */
  blocked: number;
}

/** Those of these who are in the room. */
export const findAuthors = overRows<Author>(
  ["text", "text"],
  (rows) => sql`
    with asked (stream, person) as (${rows})
    select members.stream, members.person, people.name, people.role,
      people.bound, rooms.kind, members.moderator, rooms.read_only as "readOnly",
      case when people.suspended_at is null then 0 else 1 end as suspended,
      case when rooms.archived_at is null then 0 else 1 end as archived,
      case when rooms.kind = 'direct' and exists (
        select 1 from members as others
        join blocks on blocks.person = others.person
          and blocks.blocked = members.person
        where others.stream = members.stream
      ) then 1 else 0 end as blocked
    from asked
    join members on members.stream = asked.stream and members.person = asked.person
    join people on people.id = members.person
    join rooms on rooms.stream = members.stream`,
);

/** Why somebody in a room may not speak there, or undefined. */
export function objectionTo(author: Author): ErrorCode | undefined {
  if (author.suspended === 1) return "unauthenticated";
  if (author.archived === 1) return "archived";
  if (author.blocked === 1) return "blocked";
  const actor = { role: author.role, bound: author.bound === 1 };
  const place = {
    kind: author.kind,
    isMember: true,
    isModerator: author.moderator === 1,
  };
  if (author.readOnly === 1 && !mayInRoom(actor, "message.announce", place)) {
    return "read_only";
  }
  return mayInRoom(actor, "message.post", place) ? undefined : "forbidden";
}
