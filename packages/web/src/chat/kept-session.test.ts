import { expect, test } from "bun:test";
import { forgetSession, keepSession, readSession } from "./kept-session.ts";

function memoryStorage(): Storage {
  const values = new Map<string, string>();
  return {
    getItem: (key: string) => values.get(key) ?? null,
    setItem: (key: string, value: string) => void values.set(key, value),
    removeItem: (key: string) => void values.delete(key),
    key: (index: number) => [...values.keys()][index] ?? null,
    clear: () => values.clear(),
    get length() {
      return values.size;
    },
  };
}

const ann = {
  server: "Our place",
  me: {
    id: "u_ann",
    name: "Ann",
    kind: "guest" as const,
    email: "ann@example.org",
  },
};

test("who was here last is known without the network", () => {
  const storage = memoryStorage();
  expect(readSession(storage)).toBeUndefined();
  keepSession(ann, storage);
  expect(readSession(storage)).toEqual(ann);
});

test("what was damaged, or is of another version, is nobody's session", () => {
  const damaged = [
    "",
    "7",
    "null",
    "{",
    '{"server":"Our place"}',
    '{"server":7,"me":{"id":"u_ann","name":"Ann","kind":"guest"}}',
    '{"server":"Our place","me":{"id":"u_ann"}}',
  ];
  for (const kept of damaged) {
    const storage = memoryStorage();
    storage.setItem("parley.session", kept);
    expect(readSession(storage)).toBeUndefined();
  }
});

test("[T60] whoever is forgotten leaves neither session nor drafts nor places, and takes nobody else's", () => {
  const storage = memoryStorage();
  keepSession(ann, storage);
  storage.setItem("parley.draft.u_ann.r_lobby", "half a thought");
  storage.setItem("parley.room.u_ann", "r_lobby");
  storage.setItem("parley.draft.u_bob.r_lobby", "bob's");
  storage.setItem("parley.settings", "{}");
  forgetSession("u_ann", storage);
  expect(readSession(storage)).toBeUndefined();
  const left = Array.from({ length: storage.length }, (_, n) => storage.key(n));
  expect(left).toEqual(["parley.draft.u_bob.r_lobby", "parley.settings"]);
});

test("a tab that hears late that it was signed out leaves the session of whoever came next", () => {
  const storage = memoryStorage();
  const bob = { ...ann, me: { ...ann.me, id: "u_bob", name: "Bob" } };
  keepSession(bob, storage);
  forgetSession("u_ann", storage);
  expect(readSession(storage)).toEqual(bob);
});
