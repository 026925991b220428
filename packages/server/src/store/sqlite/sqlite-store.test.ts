import { expect, test } from "bun:test";
import type { ParleyError } from "@parley/protocol";
import { newCid, newPersonId } from "../../identifiers.ts";
import { sqlitePlace } from "../../testing/sqlite-place.ts";
import { storeContract } from "../store.contract.ts";

storeContract("SQLite", sqlitePlace);

test("[T48] more than 10,000 writes waiting at once are refused as unavailable, to be tried again; the others are stored", async () => {
  const place = sqlitePlace();
  const store = await place.open(() => undefined);
  const { id: by } = await store.write("addGuest", {
    ...{ id: newPersonId(), name: "Ann", email: "ann@example.org" },
    ...{ lobby: store.lobby, origin: "simple-wire" },
  });
  const outcomes = await Promise.allSettled(
    Array.from({ length: 10_050 }, (_, index) =>
      store.write("appendMessage", {
        ...{ stream: store.lobby, by, cid: newCid(index) },
        text: `${index}`,
      }),
    ),
  );
  const refused = outcomes.flatMap((one) =>
    one.status === "rejected" ? [one.reason as ParleyError] : [],
  );
  expect(refused).toHaveLength(50);
  for (const { code, retryable, retryAfterMs } of refused) {
    expect({ code, retryable }).toEqual({
      code: "unavailable",
      retryable: true,
    });
    expect(retryAfterMs).toBeGreaterThan(0);
  }
  const heads = await store.reads.heads([store.lobby]);
  expect(heads.get(store.lobby)).toBe(2 + 10_000);
  await store[Symbol.asyncDispose]();
  await place.clear();
});
