import type { Kysely } from "kysely";
import { newToken, newRoomId } from "../identifiers.ts";
import { founder } from "./founder.ts";
import { alone, setMeta, type Exclude } from "./migrate.ts";
import { refuseUnfinishedCopy } from "./moving/unfinished-copy.ts";
import type { Schema } from "./schema.ts";
import { placeStream } from "./stream-keys.ts";
import { nameKey } from "./writes/rooms.ts";

/** What a place is from its first start on. */
export interface Founded {
  epoch: string;
  lobby: string;
  /** Shared by all nodes of this database, and by nobody else. */
  secret: string;
}

/**
 * Makes what has to be there before the first person: the log's epoch, the
 * lobby and the nodes' secret. On later starts it only reads them.
 */
export function found(
  db: Kysely<Schema>,
  { lobbyName, now }: { lobbyName: string; now: number },
  exclude: Exclude = alone,
): Promise<Founded> {
  return db.transaction().execute(async (tx) => {
    await exclude(tx);
    await refuseUnfinishedCopy(tx);
    const rows = await tx.selectFrom("meta").selectAll().execute();
    const meta = new Map(rows.map(({ key, value }) => [key, value]));
    const epoch = meta.get("epoch");
    const lobby = meta.get("lobby");
    const secret = meta.get("secret") ?? newToken(43);
    await setMeta(tx, "secret", secret);
    // What administrators do is numbered like everything else.
    await tx
      .insertInto("streams")
      .values({ id: placeStream, head: 0, last_at: 0 })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    if (epoch !== undefined && lobby !== undefined) {
      return { epoch, lobby, secret };
    }

    const founded = { epoch: newToken(8), lobby: newRoomId(), secret };
    const stream = founded.lobby;
    await tx
      .insertInto("people")
      .values({
        id: founder,
        name: "Parley",
        role: "bot",
        email: "",
        origin: "page",
        bound: 0,
        preferences: "{}",
        created_at: now,
      })
      .execute();
    await tx
      .insertInto("streams")
      .values({ id: stream, head: 1, last_at: now })
      .execute();
    await tx
      .insertInto("rooms")
      .values({
        stream,
        name: lobbyName,
        name_key: nameKey(lobbyName),
        unique_name: nameKey(lobbyName),
        kind: "lobby",
        topic: "",
        topic_key: "",
        created_by: founder,
        created_at: now,
        read_only: 0,
        is_default: 0,
      })
      .execute();
    await tx
      .insertInto("events")
      .values({
        stream,
        seq: 1,
        type: "room.created",
        at: now,
        by: founder,
        cid: null,
        data: JSON.stringify({ name: lobbyName, kind: "lobby", topic: "" }),
      })
      .execute();
    await setMeta(tx, "epoch", founded.epoch);
    await setMeta(tx, "lobby", founded.lobby);
    return founded;
  });
}
