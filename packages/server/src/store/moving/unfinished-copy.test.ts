import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import {
  contentsOfDatabase,
  contentsOfFolder,
  livedInFolder,
  nodeOn,
} from "../../testing/moved-place.ts";
import { stopAt } from "../../testing/moves.ts";
import { createTestDatabase } from "../../testing/test-postgres.ts";
import { moveToPostgres } from "./move-to-postgres.ts";

setDefaultTimeout(30_000);

const source = await livedInFolder(50);
afterAll(source.clear);

test("[D-1] [I2] a server does not start on half a copy, and does no harm by trying", async () => {
  const { folder } = source;
  const url = await createTestDatabase();
  const place = { step: "copying", table: "events" } as const;
  await stopAt(place, { folder, url, pageRows: 7 });
  const before = await contentsOfDatabase(url);
  const start = nodeOn(url).open();
  const said: unknown = await start.catch((error: unknown) => error);
  expect(String(said)).toMatch(
    /holds an unfinished copy of a data folder.*parley migrate-to/,
  );
  expect(await contentsOfDatabase(url)).toEqual(before);

  await moveToPostgres({ folder, url });
  expect(await contentsOfDatabase(url)).toEqual(contentsOfFolder(folder));
  const node = nodeOn(url);
  await node.open();
  expect(await node.log(source.stream)).not.toEqual([]);
  await node.store[Symbol.asyncDispose]();
});
