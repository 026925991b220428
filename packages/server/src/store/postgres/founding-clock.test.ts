import {
  afterEach,
  expect,
  setDefaultTimeout,
  setSystemTime,
  test,
} from "bun:test";
import { createTestDatabase } from "../../testing/test-postgres.ts";
import { watchStore } from "../../testing/watched-store.ts";

setDefaultTimeout(30_000);

afterEach(() => {
  setSystemTime();
});

test("[P18] a node whose clock is a year ahead founds the lobby in the database's time", async () => {
  const url = await createTestDatabase();
  setSystemTime(new Date(Date.now() + 365 * 86_400_000));
  await using watched = await watchStore(url);
  setSystemTime();
  await watched.post("hello");
  const at = watched.published.at(-1)?.event.at ?? 0;
  expect(at - Date.now()).toBeLessThan(60_000);
});
