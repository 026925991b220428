import { Database } from "bun:sqlite";
import { afterAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
} from "node:fs";
import path from "node:path";
import { PostingClient } from "../testing/posting-client.ts";
import { runParley, startParley } from "../testing/parley-process.ts";
import { temporaryFolder } from "../testing/temporary-folder.ts";
import { joinAs, roomsOf } from "../testing/test-guest.ts";

// The real commands in processes of their own, as an operator meets them.

setDefaultTimeout(120_000);

const scratch = temporaryFolder();
afterAll(() => {
  rmSync(scratch, { recursive: true, force: true });
});

let count = 0;
function newPath(): string {
  count += 1;
  return path.join(scratch, `place-${count}`);
}

function read<Row>(file: string, text: string): Row[] {
  using database = new Database(file, { readonly: true });
  return database.query<Row, []>(text).all();
}

function spawn(words: string[]) {
  const main = path.join(import.meta.dir, "../main.ts");
  return Bun.spawn([process.execPath, main, ...words], {
    env: { PATH: process.env["PATH"] ?? "" },
    ...{ stdin: "ignore", stdout: "ignore", stderr: "ignore" },
  });
}

/** A folder with a log of some megabytes: copying it takes a while. */
async function largeFolder(): Promise<string> {
  const data = newPath();
  const environment = { PARLEY_DATA: data, PARLEY_LIMITS: "off" };
  const parley = await startParley({ environment });
  await joinAs(parley, "Ann");
  parley.signal("SIGTERM");
  await parley.exited;
  using database = new Database(path.join(data, "parley.db"));
  database.run(`
    with recursive n(seq) as (select 10 union all select seq + 1 from n where seq < 60000)
    insert into events (stream, seq, type, at, "by", cid, data)
    select (select stream from rooms), seq, 'message.posted', 1, 'u_0founder0', null, null from n`);
  database.run(`
    insert into messages (stream, seq, "by", text)
    select stream, seq, "by", hex(randomblob(250)) from events where type = 'message.posted'`);
  return data;
}

interface Row {
  seq: number;
  cid: string;
  text: string;
}

test("[P23] a backup while people post without pause restores to an exact prefix that has everything acknowledged before it began", async () => {
  const data = newPath();
  const environment = {
    PARLEY_DATA: data,
    PARLEY_LIMITS: "off",
    PARLEY_LOG: "error",
  };
  await using parley = await startParley({ environment });
  const run = { acknowledgedMax: 0, violations: [] };
  const clients: PostingClient[] = [];
  for (const name of ["Ann", "Bob", "Cat"]) {
    clients.push(new PostingClient(name, await joinAs(parley, name), run));
  }
  for (const client of clients) await client.connect(parley);
  const { rooms } = await roomsOf(parley, await joinAs(parley, "Dan"));
  const lobby = rooms[0]?.stream ?? "";
  for (const client of clients) client.start(lobby);
  const reaches = async (seq: number) => {
    while (run.acknowledgedMax < seq) await Bun.sleep(1);
  };
  await reaches(300);
  const select =
    'select seq, cid, text from events join messages using (stream, seq, "by") order by seq';
  for (let round = 0; round < 3; round += 1) {
    const before = run.acknowledgedMax;
    const start = performance.now();
    const backup = newPath();
    const made = await runParley({ words: ["backup", backup], environment });
    expect(made).toMatchObject({ code: 0, errors: "" });
    expect(made.output).toMatch(/^Backed up [\d,]+ messages to .* MB, .* s\)/);
    const seconds = (performance.now() - start) / 1_000;
    // [P23] At least 200 messages a second went on meanwhile.
    await reaches(before + 200 * seconds);

    const folder = newPath();
    const words = ["restore", backup, "--data", folder];
    expect(await runParley({ words })).toMatchObject({ code: 0, errors: "" });
    const file = path.join(folder, "parley.db");
    const restored = read<Row>(file, select);
    const last = restored.at(-1)?.seq ?? 0;
    expect(last).toBeGreaterThanOrEqual(before);
    const live = read<Row>(path.join(data, "parley.db"), select);
    expect(restored).toEqual(live.filter(({ seq }) => seq <= last));
    expect(
      read(
        file,
        `select id from streams where head <>
          (select count(*) from events where events.stream = streams.id)`,
      ),
    ).toEqual([]);
  }
  for (const client of clients) await client.settle(lobby);
  for (const client of clients) await client.close();
  expect(run.violations).toEqual([]);
});

test("[P23] what was restored is served: who was there is still signed in", async () => {
  const data = newPath();
  const environment = { PARLEY_DATA: data };
  const first = await startParley({ environment });
  const ann = await joinAs(first, "Ann");
  const { epoch } = await roomsOf(first, ann);
  const backup = newPath();
  expect(
    await runParley({ words: ["backup", backup], environment }),
  ).toMatchObject({ code: 0 });
  const words = ["restore", backup, "--replace"];
  const refused = await runParley({ words, environment });
  expect(refused).toMatchObject({ code: 1, output: "" });
  expect(refused.errors).toMatch(/^parley: Another Parley is running .*\n$/);
  const renamed = await runParley({ words: ["new-epoch"], environment });
  expect(renamed).toMatchObject({ code: 1, output: "" });
  first.signal("SIGTERM");
  await first.exited;

  const done = await runParley({ words, environment });
  expect(done).toMatchObject({ code: 0, errors: "" });
  expect(done.output).toMatch(
    /^Restored 0 messages in 1 room of 2 people into [^\n]+\nThe log has a new epoch \(\w{8}\), [^\n]+\nThe old database is kept as [^\n]+\nNow start the server\.\n$/,
  );
  await using second = await startParley({ environment });
  const after = await roomsOf(second, ann);
  expect(after.rooms).toHaveLength(1);
  expect(after.epoch).not.toBe(epoch);
});

test("[L-5] with PostgreSQL all say what to do instead, without the password", async () => {
  const environment = {
    PARLEY_DATABASE_URL: "postgres://ann:pssword@127.0.0.1:9/parley",
  };
  for (const [words, sentence] of [
    [["backup", "a.db"], /pg_dump/],
    [["restore", "a.db"], /pg_restore.*parley new-epoch/],
    [["new-epoch"], /cannot be reached/],
  ] as const) {
    const { code, output, errors } = await runParley({
      words: [...words],
      environment,
    });
    expect({ code, output }).toEqual({ code: 1, output: "" });
    expect(errors).toMatch(/^parley: [^\n]+\n$/);
    expect(errors).toMatch(sentence);
    expect(errors).not.toContain("pssword");
  }
});

describe("killed in the middle", () => {
  test("[P23] a backup leaves nothing under its name, or all of it", async () => {
    const data = await largeFolder();
    let halves = 0;
    for (let round = 0; round < 7; round += 1) {
      const to = newPath();
      const isNew = (name: string) => name.startsWith(path.basename(to));
      const child = spawn(["backup", to, "--data", data]);
      while (child.exitCode === null && !readdirSync(scratch).some(isNew)) {
        await Bun.sleep(1);
      }
      await Bun.sleep(round * 20);
      child.kill("SIGKILL");
      await child.exited;
      if (existsSync(to)) {
        expect(read(to, "pragma integrity_check(1)")).toEqual([
          { integrity_check: "ok" },
        ]);
        expect(read(to, "select count(*) as n from messages")).toEqual(
          read(
            path.join(data, "parley.db"),
            "select count(*) as n from messages",
          ),
        );
        continue;
      }
      halves += 1;
      // The next one to this name takes away what lies about.
      const again = await runParley({ words: ["backup", to, "--data", data] });
      expect(again).toMatchObject({ code: 0, errors: "" });
      expect(readdirSync(scratch).filter(isNew)).toEqual([path.basename(to)]);
    }
    expect(halves).toBeGreaterThan(0);
  });

  test("[P23] a restore leaves the old database or the new one", async () => {
    const backup = newPath();
    const large = await largeFolder();
    const words = ["backup", backup, "--data", large];
    expect(await runParley({ words })).toMatchObject({ code: 0 });
    const seen = { old: 0, new: 0 };
    for (let round = 0; round < 10; round += 1) {
      const folder = newPath();
      mkdirSync(folder);
      const file = path.join(folder, "parley.db");
      copyFileSync(backup, file);
      const old = new Database(file);
      old.run("update people set name = 'old'");
      old.close();
      const copying = `${file}.restoring`;
      const child = spawn(["restore", backup, "--replace", "--data", folder]);
      while (child.exitCode === null && !existsSync(copying)) {
        await Bun.sleep(1);
      }
      // The last ones once it has happened, however busy the machine is.
      if (round < 8) await Bun.sleep(round * 20);
      else while (existsSync(copying)) await Bun.sleep(1);
      child.kill("SIGKILL");
      await child.exited;

      const [{ n: messages } = { n: 0 }] = read<{ n: number }>(
        file,
        "select count(*) as n from messages",
      );
      expect(messages).toBeGreaterThan(59_000);
      const names = read<{ name: string }>(
        file,
        "select distinct name from people",
      );
      const isOld = names.every(({ name }) => name === "old");
      const [{ value: epoch } = { value: "" }] = read<{ value: string }>(
        file,
        "select value from meta where key = 'epoch'",
      );
      const [{ value: epochThen } = { value: "" }] = read<{ value: string }>(
        backup,
        "select value from meta where key = 'epoch'",
      );
      // The new one is never there under the old name of the log.
      expect(isOld).toBe(epoch === epochThen);
      seen[isOld ? "old" : "new"] += 1;
      rmSync(folder, { recursive: true });
    }
    expect(seen.old).toBeGreaterThan(0);
    expect(seen.new).toBeGreaterThan(0);
  });
});
