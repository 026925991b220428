import type { Kysely } from "kysely";
import { founder } from "../founder.ts";
import type { Schema } from "../schema.ts";
import type { InvitationRow } from "../place-reads.ts";

/** As many as anybody looks through. */
const invitationsMax = 200;

/** The newest invitations: those of one person, or all; never their tokens. */
export async function invitations(
  db: Kysely<Schema>,
  { by }: { by?: string | undefined },
): Promise<InvitationRow[]> {
  const rows = await db
    .selectFrom("invitations")
    .selectAll()
    .$if(by !== undefined, (query) => query.where("made_by", "=", by ?? ""))
    .orderBy("created_at", "desc")
    .orderBy("id")
    .limit(invitationsMax)
    .execute();
  const streamsOf = new Map(
    rows.map(({ id, rooms }) => [id, JSON.parse(rooms) as string[]]),
  );
  const streams = [...new Set([...streamsOf.values()].flat())];
  const names = await namesOf(db, streams, by);
  return rows.map((row) => ({
    id: row.id,
    role: row.role,
    bound: row.bound === 1,
    rooms: (streamsOf.get(row.id) ?? []).flatMap((stream) => {
      const name = names.get(stream);
      return name === undefined ? [] : [{ stream, name }];
    }),
    note: row.note,
    usesLeft: row.uses_left,
    used: row.used,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at,
    by: row.made_by,
  }));
}

/**
 * What these rooms are called. To one person of those that they see: they may
 * have been taken out of a private room since, which has another name by now.
 */
async function namesOf(
  db: Kysely<Schema>,
  streams: readonly string[],
  person: string | undefined,
): Promise<Map<string, string>> {
  const names = new Map<string, string>();
  // SQLite takes some thousands of values in one statement; 200 invitations may name more.
  for (let from = 0; from < streams.length; from += 1_000) {
    const rows = await db
      .selectFrom("rooms")
      .select(["stream", "name"])
      .where("stream", "in", streams.slice(from, from + 1_000))
      .$if(person !== undefined && person !== founder, (query) =>
        query.where((eb) =>
          eb.or([
            eb("kind", "in", ["lobby", "public"]),
            eb.exists(
              eb
                .selectFrom("members")
                .whereRef("members.stream", "=", "rooms.stream")
                .where("members.person", "=", person ?? "")
                .select("members.person"),
            ),
          ]),
        ),
      )
      .execute();
    for (const { stream, name } of rows) names.set(stream, name);
  }
  return names;
}
