import { rmSync } from "node:fs";
import { Passwords } from "../../auth/passwords.ts";
import {
  hashToken,
  newCid,
  newInvitationId,
  newInvitationToken,
  newLinkToken,
  newPersonId,
  newRoomId,
  newSessionToken,
} from "../../identifiers.ts";
import { founder } from "../../store/founder.ts";
import { publicSessionId } from "../../store/session-id.ts";
import { changeRows } from "../../testing/change-rows.ts";
import {
  startTestServer,
  type OpenTestServer,
} from "../../testing/start-test-server.ts";
import { goodPassword } from "../../testing/test-account.ts";
import { temporaryFolder } from "../../testing/temporary-folder.ts";
import {
  asking,
  isMember,
  madePeople,
  madeRooms,
  roomNames,
  type Asking,
  type PersonName,
  type RoomName,
} from "./actors.ts";
import {
  invitationStatement,
  linkStatement,
  peopleStatements,
  type PersonToWrite,
} from "./rows.ts";

/** On a file of its own wherever the other tests run, so that it can be copied. */
export const matrixSettings = {
  PARLEY_LIMITS: "off",
  PARLEY_DATABASE_URL: "",
  PARLEY_NATS_URL: "",
};

/** A room of somebody's set, and the numbers of two messages in it. */
export interface Spot {
  stream: string;
  /** What somebody else said there. */
  others: number;
  /** What the asking one said there, where they ever were. */
  own?: number;
}

/** What one of those who ask has to ask about: nobody else's sample touches it. */
export interface Part {
  asking: Asking;
  id: string;
  email: string;
  cookie: string | undefined;
  rooms: Record<RoomName | "second", Spot>;
  people: Record<PersonName, string>;
  sessions: Record<"own" | "another's" | "unknown", string>;
  invitations: Record<
    "own" | "an owner's" | "a moderator's" | "unknown",
    { id: string; token: string }
  >;
  resetToken: string;
}

export interface Template extends Disposable {
  folder: string;
  parts: Part[];
}

/** Whose invitations there are besides one's own. */
const owners = ["an owner's", "a moderator's"] as const;

export const mailDomain = "mail.example";

/** The address of this person, which only they and administrators may know. */
export function mailOf(id: string): string {
  return `${id.toLowerCase()}@${mailDomain}`;
}

/** One place with everything in it that is asked about, to be copied. */
export async function makeTemplate(): Promise<Template> {
  const folder = temporaryFolder();
  const server = await startTestServer(matrixSettings, { folder });
  try {
    return {
      folder,
      parts: await furnish(server),
      [Symbol.dispose]: () => {
        rmSync(folder, { recursive: true, force: true });
      },
    };
  } finally {
    await server[Symbol.asyncDispose]();
  }
}

async function furnish(server: OpenTestServer): Promise<Part[]> {
  const now = server.store.now();
  const people: PersonToWrite[] = [];
  const add = (
    name: string,
    { role, isBound }: Pick<Asking, "role" | "isBound">,
    more: Partial<PersonToWrite> = {},
  ): string => {
    const id = newPersonId();
    people.push({
      ...{ id, name, role, isBound: isBound === true, isStale: false },
      email: mailOf(id),
      tokens: [newSessionToken()],
      ...more,
    });
    return id;
  };

  const keeper = add("Keeper", { role: "member" });
  const inviting = {
    "an owner's": {
      by: add("Inviting owner", { role: "owner" }),
      role: "member",
    },
    "a moderator's": {
      by: add("Inviting moderator", { role: "moderator" }),
      role: "guest",
    },
  } as const;
  const drafts = asking.map((one) => {
    const tokens = [newSessionToken(), newSessionToken()];
    const isStale = one.isStale === true;
    const id = add(`Asking ${one.name}`, one, { tokens, isStale });
    const made = Object.entries(madePeople).map(([name, what]) => {
      return [name, add(`${name} for ${one.name}`, what)] as const;
    });
    return { one, id, tokens, people: Object.fromEntries(made) };
  });
  const secret = await new Passwords().hash(goodPassword);
  await changeRows(server, peopleStatements(people, { now, secret }));
  const { store } = server;
  const unbound = people.filter(({ isBound }) => !isBound);
  await Promise.all(
    unbound.map(({ id: by }) =>
      store.write("joinRoom", { by, stream: store.lobby, cid: newCid(now) }),
    ),
  );

  const furnished = drafts.map(async ({ one, id, tokens, people: made }) => {
    const sessionOf = (token = ""): string => publicSessionId(hashToken(token));
    const [token, other] = tokens;
    const members = people.find((person) => person.id === made["member"]);
    const invitation = (): { id: string; token: string } => ({
      ...{ id: newInvitationId(), token: newInvitationToken() },
    });
    const part: Part = {
      ...{ asking: one, id },
      email: mailOf(id),
      cookie: one.without === "cookie" ? undefined : `parley_sid=${token}`,
      rooms: await roomsFor(server, keeper, { one, id, made }),
      people: {
        ...(made as Record<PersonName, string>),
        ...{ self: id, "the server": founder, unknown: "u_0000000000" },
      },
      sessions: {
        own: sessionOf(other),
        "another's": sessionOf(members?.tokens[0]),
        unknown: "s_0000000000000000",
      },
      invitations: {
        own: invitation(),
        "an owner's": invitation(),
        "a moderator's": invitation(),
        unknown: { id: "i_0000000000", token: "A".repeat(22) },
      },
      resetToken: newLinkToken(),
    };
    await endWhatEnds(server, part, tokens);
    return part;
  });
  const parts = await Promise.all(furnished);
  const invitations = parts.flatMap(({ id, invitations: made }) => [
    { ...made.own, by: id, role: "guest" as const },
    ...owners.map((name) => ({ ...made[name], ...inviting[name] })),
  ]);
  const links = parts.map(({ resetToken: token, people: { member } }) => {
    return { token, person: member };
  });
  await changeRows(server, [
    invitationStatement(invitations, now),
    linkStatement(links, now),
  ]);
  return parts;
}

/** The rooms of one set, with their people and two messages in each. */
async function roomsFor(
  { store }: OpenTestServer,
  keeper: string,
  { one, id, made }: { one: Asking; id: string; made: Record<string, string> },
): Promise<Part["rooms"]> {
  const command = (stream: string, by = keeper) => {
    return { stream, by, cid: newCid(store.now()) };
  };
  const isThere = one.isIn || one.wasRemoved === true;
  const guests = ["outsider", "stranger"];
  const inside = Object.entries(made).filter(
    ([name]) => !guests.includes(name),
  );
  const streams: Record<string, string> = { lobby: store.lobby };
  for (const room of madeRooms) {
    const { stream } = await store.write("createRoom", {
      ...command(newRoomId()),
      ...{ name: `${room} of ${one.name}`, topic: "" },
      kind: room === "private" ? "private" : "public",
    });
    streams[room] = stream;
    const people = [
      ...(isThere ? [id] : []),
      ...(room === "second" ? [] : inside.map(([, person]) => person)),
    ];
    if (people.length > 0) {
      await store.write("inviteToRoom", { ...command(stream), people });
    }
    if (one.moderates) {
      const moderator = { person: id, moderator: true };
      await store.write("changeMember", { ...command(stream), ...moderator });
    }
  }
  const hasDirect = isMember(one, "direct");
  const direct = await store.write("openDirect", {
    ...command(newRoomId(), hasDirect ? id : keeper),
    people: [made["member"] ?? ""],
  });
  streams["direct"] = direct.stream;

  const spots: Record<string, Spot> = {
    unknown: { stream: "r_0000000000", others: 2 },
  };
  for (const [room, stream] of Object.entries(streams)) {
    const isTheirs =
      room === "direct" || room === "lobby"
        ? isMember(one, room)
        : isThere && one.without !== "cookie";
    const other = room === "direct" ? made["member"] : keeper;
    const say = async (by: string | undefined): Promise<number> => {
      const text = { text: "hello" };
      const post = { ...command(stream, by), ...text };
      return (await store.write("appendMessage", post)).seq;
    };
    spots[room] = { stream, others: await say(other) };
    if (isTheirs) spots[room].own = await say(id);
  }
  const { archived = "", announcement = "" } = streams;
  await store.write("changeRoom", {
    ...command(archived),
    changes: { archived: true },
  });
  await store.write("changeRoom", {
    ...command(announcement),
    changes: { readOnly: true },
  });
  if (one.wasRemoved) {
    for (const room of madeRooms) {
      const from = command(streams[room] ?? "");
      await store.write("removeFromRoom", { ...from, person: id });
    }
  }
  const known = roomNames.every((name) => spots[name] !== undefined);
  if (!known) throw new Error("a room is missing");
  return spots;
}

async function endWhatEnds(
  { store }: OpenTestServer,
  { asking: { without }, id, people }: Part,
  [token = ""]: readonly string[],
): Promise<void> {
  const suspend = (person: string): Promise<unknown> => {
    const suspended = true;
    return store.write("suspendPerson", { by: founder, person, suspended });
  };
  await suspend(people.suspended);
  if (without === "suspended") await suspend(id);
  if (without === "ended") {
    await store.write("endSession", { tokenHash: hashToken(token) });
  }
}
