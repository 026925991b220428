import { afterAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import {
  ask,
  contentsOfDatabase,
  contentsOfFolder,
  livedInFolder,
} from "../../testing/moved-place.ts";
import { spawnMove } from "../../testing/moves.ts";
import { runParley } from "../../testing/parley-process.ts";
import { tcpPassage } from "../../testing/tcp-passage.ts";
import { createTestDatabase } from "../../testing/test-postgres.ts";

// The real command, killed while it talks to PostgreSQL.

setDefaultTimeout(60_000);

// Several pages of events and of messages.
const source = await livedInFolder(6_000);
afterAll(source.clear);
const { folder } = source;
const expected = contentsOfFolder(folder);

/** Runs the command and kills it when it has sent so many pieces; or not at all. */
async function moveUntil(
  url: string,
  last = Infinity,
): Promise<{ sent: number; wasKilled: boolean }> {
  const running: ReturnType<typeof spawnMove>[] = [];
  await using passage = await tcpPassage(url, (sent) => {
    if (sent >= last) for (const child of running) child.kill("SIGKILL");
  });
  const child = spawnMove(folder, passage.url);
  running.push(child);
  await child.exited;
  return {
    sent: passage.sent(),
    wasKilled: child.signalCode === "SIGKILL",
  };
}

async function isWhole(url: string): Promise<boolean> {
  const rows = await ask(
    url,
    "select to_regclass('meta') is not null as there",
  );
  if (rows[0]?.["there"] !== true) return false;
  const keys = await ask(url, "select key from meta order by key");
  return keys.map(({ key }) => key).join() === "epoch,lobby,secret,version";
}

describe("[D-1] [D-5] [D-7] a move that is killed with -9", () => {
  test("at any moment is finished by the same command: nothing is missing, doubled or changed", async () => {
    const { sent } = await moveUntil(await createTestDatabase());
    expect(sent).toBeGreaterThan(50);
    const moments = Array.from({ length: 5 }, (_, index) =>
      Math.round(((index + 1) * sent) / 6),
    );
    let killed = 0;
    let unfinished = 0;
    // The last is within the transaction that makes it whole.
    for (const last of [...moments, sent - 1]) {
      const url = await createTestDatabase();
      const { wasKilled } = await moveUntil(url, last);
      if (wasKilled) killed += 1;
      if (!(await isWhole(url))) unfinished += 1;
      const words = ["migrate-to", url, "--data", folder];
      expect(await runParley({ words })).toMatchObject({ code: 0, errors: "" });
      expect(await isWhole(url)).toBe(true);
      expect(await contentsOfDatabase(url)).toEqual(expected);
    }
    expect(killed).toBeGreaterThanOrEqual(5);
    expect(unfinished).toBeGreaterThanOrEqual(4);
  });

  test("again and again comes to its end, each time further on", async () => {
    const { sent } = await moveUntil(await createTestDatabase());
    const url = await createTestDatabase();
    let runs = 0;
    let wasKilled = true;
    // Comparing is one transaction: sooner or later it must come to its end.
    for (let share = 0.2; wasKilled && share < 1.5; share += 0.15) {
      ({ wasKilled } = await moveUntil(url, Math.round(sent * share)));
      runs += 1;
    }
    expect(runs).toBeGreaterThan(2);
    expect(wasKilled).toBe(false);
    expect(await isWhole(url)).toBe(true);
    expect(await contentsOfDatabase(url)).toEqual(expected);
  });
});

test("[D-1] a move whose connection breaks says so in a sentence, and is finished by the same command", async () => {
  const url = await createTestDatabase();
  let cut: () => void = () => undefined;
  await using passage = await tcpPassage(url, (sent) => {
    if (sent === 40) cut();
  });
  cut = () => void passage[Symbol.asyncDispose]();
  const words = (to: string) => ["migrate-to", to, "--data", folder];
  const broken = await runParley({ words: words(passage.url) });
  expect(broken.errors).toMatch(
    /^parley: The connection to PostgreSQL at 127\.0\.0\.1:\d+ was lost\. .*run the same command again[^\n]*\n$/,
  );
  expect(broken.code).toBe(1);
  expect(await runParley({ words: words(url) })).toMatchObject({ code: 0 });
  expect(await contentsOfDatabase(url)).toEqual(expected);
});
