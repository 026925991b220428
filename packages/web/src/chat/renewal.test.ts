import { expect, test } from "bun:test";
import { renewed, renewing } from "./renewal.ts";

function memoryStorage() {
  const values = new Map<string, string>();
  return {
    getItem: (key: string) => values.get(key) ?? null,
    setItem: (key: string, value: string) => void values.set(key, value),
    removeItem: (key: string) => void values.delete(key),
  };
}

test("a tab whose session ends waits for the one that another tab is getting", async () => {
  const storage = memoryStorage();
  const { promise, resolve } = Promise.withResolvers<string>();
  const act = renewing(() => promise, storage);
  const happened: string[] = [];
  const waiting = renewed(storage).then(() => happened.push("asked"));
  await Promise.resolve();
  happened.push("renewed");
  resolve("done");
  expect(await act).toBe("done");
  await waiting;
  expect(happened).toEqual(["renewed", "asked"]);
});

test("nothing is waited for when nothing is renewed, when it failed, and when its tab went long ago", async () => {
  const storage = memoryStorage();
  await renewed(storage);
  const failed = renewing(() => Promise.reject(new Error("no")), storage);
  expect(await failed.catch(() => "failed")).toBe("failed");
  await renewed(storage);
  storage.setItem("parley.renewing", String(Date.now() - 60_000));
  await renewed(storage);
});
