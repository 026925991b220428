import { afterAll, beforeAll, expect, test } from "bun:test";
import type { PlaceSettings } from "@parley/protocol";
import { newPersonId, newToken } from "../identifiers.ts";
import { encode } from "../rooms/encoded-event.ts";
import { founder } from "../store/founder.ts";
import type { Reads, Store } from "../store/store.ts";
import { placeStream } from "../store/stream-keys.ts";
import { sqlitePlace } from "../testing/sqlite-place.ts";
import { Place } from "./place.ts";

const at = sqlitePlace();
let store: Store;
beforeAll(async () => {
  store = await at.open(() => undefined);
});
afterAll(async () => {
  await store[Symbol.asyncDispose]();
  await at.clear();
});

const decide = (changes: Partial<PlaceSettings>) =>
  store.write("changeSettings", { by: founder, changes });

/** The last act, as a node hears of it. */
async function lastAct() {
  const heads = await store.reads.heads([placeStream]);
  const upTo = heads.get(placeStream) ?? 0;
  const range = { after: upTo - 1, upTo, max: 1 };
  return (await store.reads.eventsAfter(placeStream, range)).map(encode);
}

/** A place whose reads fail as long as they are told to. */
async function open() {
  const errors: unknown[] = [];
  const told: PlaceSettings[] = [];
  const trouble = { isThere: false };
  const place: Reads["place"] = () =>
    trouble.isThere
      ? Promise.reject(new Error("the store is down"))
      : store.reads.place();
  const opened = await Place.open({
    ...{ reads: { place }, name: "As configured" },
    onError: (error) => errors.push(error),
  });
  opened.onChange((settings) => told.push(settings));
  return { place: opened, errors, told, trouble };
}

test("what nobody has decided is as usual, and the name is the configuration's", async () => {
  const { place } = await open();
  expect(place.settings).toEqual({
    ...{ name: "As configured", joinMode: "open", domains: [] },
    ...{ language: "auto", roomsBy: "everybody", showsPresence: true },
  });
  expect([place.isClaimed, place.defaults]).toEqual([false, []]);
});

test("whoever waits for what was just stored gets it, also while an older read is under way; who listens is told of what changed, once", async () => {
  const { place, told } = await open();
  const reading = place.refresh();
  await decide({ name: "Decided" });
  await Promise.all([reading, place.refresh(), place.refresh()]);
  expect(place.settings.name).toBe("Decided");
  await place.refresh();
  expect(told.map(({ name }) => name)).toEqual(["Decided"]);
});

test("whoever is made its owner by the operator is known to own it", async () => {
  const { place } = await open();
  const { me } = await store.write("addPerson", {
    ...{ id: newPersonId(), by: founder, role: "owner", name: "Olga" },
    ...{ username: "olga", email: "olga@example.org", lobby: store.lobby },
    ...{ rooms: [], link: { tokenHash: newToken(20), forMs: 1_000 } },
  });
  expect(me.rank).toBe("owner");
  place.hear(await lastAct());
  const until = performance.now() + 5_000;
  while (!place.isClaimed && performance.now() < until) await Bun.sleep(5);
  expect(place.isClaimed).toBe(true);
  place[Symbol.dispose]();
});

test("an act that was heard while the store was away is known when it is back", async () => {
  const { place, errors, told, trouble } = await open();
  trouble.isThere = true;
  await decide({ name: "Later" });
  place.hear(await lastAct());
  const until = performance.now() + 5_000;
  while (errors.length === 0 && performance.now() < until) await Bun.sleep(5);
  expect(place.settings.name).not.toBe("Later");
  trouble.isThere = false;
  while (told.length === 0 && performance.now() < until) await Bun.sleep(5);
  expect(place.settings.name).toBe("Later");
  place[Symbol.dispose]();
});
