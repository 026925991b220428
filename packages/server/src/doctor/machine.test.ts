import { Database } from "bun:sqlite";
import { afterAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { readConfig } from "../config.ts";
import { freePort } from "../testing/free-port.ts";
import { livedInFolder } from "../testing/moved-place.ts";
import { temporaryFolder } from "../testing/temporary-folder.ts";
import { startTestNats } from "../testing/test-nats.ts";
import {
  createTestDatabase,
  startTestPostgres,
} from "../testing/test-postgres.ts";
import { lockFolder } from "../store/sqlite/folder-lock.ts";
import { checkFolder } from "./check-folder.ts";
import { checkOpenFiles, checkRuntime } from "./check-machine.ts";
import { checkNats } from "./check-nats.ts";
import { checkPostgres } from "./check-postgres.ts";
import { checkSqlite } from "./check-sqlite.ts";
import type { Finding } from "./finding.ts";
import { holderOf } from "./holder.ts";

setDefaultTimeout(60_000);

const source = await livedInFolder(50);
const scratch = temporaryFolder();
afterAll(async () => {
  await source.clear();
  rmSync(scratch, { recursive: true, force: true });
});

let count = 0;
/** A data folder of its own, with a database in it. */
function newFolder(): string {
  count += 1;
  const folder = path.join(scratch, `place-${count}`);
  mkdirSync(folder);
  const file = path.join(folder, "parley.db");
  copyFileSync(path.join(source.folder, "parley.db"), file);
  chmodSync(file, 0o600);
  return folder;
}

const of = (findings: Finding[], about: string) =>
  findings.filter((finding) => finding.about === about);

test("the runtime is the one that Parley is tested with, which package.json names", () => {
  expect(checkRuntime()).toMatchObject({ status: "fine" });
  const manifest = readFileSync(
    path.join(import.meta.dir, "../../package.json"),
    "utf8",
  );
  expect(manifest).toContain(`"bun": "${Bun.version}"`);
});

test("[P19] a limit on open files that is too low for the connections is named", async () => {
  const connectionsMax = 1_000_000;
  expect(checkOpenFiles({ connectionsMax }, undefined)).toMatchObject({
    status: "wrong",
    remedy: expect.stringContaining("LimitNOFILE=65536") as string,
  });
  // Another process's limit, as that of a server that runs here.
  const child = Bun.spawn(["sh", "-c", "ulimit -n 1024; echo; read line"], {
    ...{ stdin: "pipe", stdout: "pipe" },
  });
  await child.stdout.getReader().read();
  const few = checkOpenFiles({ connectionsMax: "auto" }, child.pid);
  expect(few).toMatchObject({ status: "warning" });
  expect(few.found).toMatch(/^The server may have 1,024 .* 768 connections/);
  child.kill();
  await child.exited;
});

describe("the data folder", () => {
  test("is writable, private and on a disk with room; nobody has it", () => {
    const findings = checkFolder(newFolder(), { isServerThere: false });
    expect(of(findings, "data folder")[0]).toMatchObject({ status: "fine" });
    expect(of(findings, "disk").at(-1)?.found).toMatch(/GB \(\d+ %\) are free/);
    expect(of(findings, "who has it")[0]?.found).toMatch(/^No Parley runs/);
  });

  test("says which process has it, without troubling that one", () => {
    const folder = newFolder();
    expect(holderOf(folder)).toBe(0);
    using lock = lockFolder(folder);
    expect(lock).toBeDefined();
    expect(holderOf(folder)).toBe(process.pid);
    const findings = checkFolder(folder, { isServerThere: true });
    expect(of(findings, "who has it")[0]?.found).toBe(
      `One Parley has the folder (process ${process.pid}).`,
    );
  });

  test("that a running server does not use is named", () => {
    const folder = newFolder();
    lockFolder(folder)[Symbol.dispose]();
    const findings = checkFolder(folder, { isServerThere: true });
    expect(of(findings, "who has it")[0]).toMatchObject({
      status: "warning",
      remedy: expect.stringContaining("PARLEY_DATA") as string,
    });
  });

  test("[T59] that anybody may read is named", () => {
    const folder = newFolder();
    chmodSync(path.join(folder, "parley.db"), 0o644);
    const findings = checkFolder(folder, { isServerThere: false });
    expect(of(findings, "data folder")[0]).toMatchObject({
      status: "warning",
      remedy: `chmod o= ${path.join(folder, "parley.db")}`,
    });
  });

  test.skipIf(!isOn("/dev/shm", "tmpfs"))(
    "[P2] in memory is named, because it is gone at the next start",
    () => {
      const folder = path.join("/dev/shm", path.basename(scratch));
      mkdirSync(folder);
      copyFileSync(
        path.join(source.folder, "parley.db"),
        path.join(folder, "parley.db"),
      );
      const findings = checkFolder(folder, { isServerThere: false });
      rmSync(folder, { recursive: true });
      expect(of(findings, "disk")[0]?.found).toMatch(/tmpfs, in memory/);
    },
  );

  test.skipIf(process.getuid?.() === 0)(
    "that cannot be written is named",
    () => {
      const folder = newFolder();
      chmodSync(folder, 0o500);
      const findings = checkFolder(folder, { isServerThere: false });
      expect(of(findings, "data folder")[0]).toMatchObject({ status: "wrong" });
    },
  );
});

function isOn(folder: string, kind: string): boolean {
  const mounts = readFileSync("/proc/mounts", "utf8");
  return mounts.includes(` ${folder} ${kind} `);
}

describe("the database in it", () => {
  test("is whole, of this version, and its log small", () => {
    const findings = checkSqlite(newFolder());
    expect(findings.filter(({ status }) => status !== "fine")).toEqual([]);
    expect(findings).toHaveLength(4);
  });

  test("that is damaged is named, with the command that mends it", () => {
    const folder = newFolder();
    const file = path.join(folder, "parley.db");
    writeFileSync(file, readFileSync(file).fill(0xff, 20_000, 60_000));
    const text = newFolder();
    writeFileSync(path.join(text, "parley.db"), "x".repeat(9_999));
    for (const place of [folder, text]) {
      const [finding] = checkSqlite(place);
      expect(finding).toMatchObject({ status: "wrong", about: "database" });
      expect(finding?.remedy).toContain("parley restore BACKUP.db --replace");
    }
  });

  for (const [version, status] of [
    ["99", "wrong"],
    ["0", "warning"],
  ] as const) {
    test(`[P22] of version ${version} is named before a start finds out`, () => {
      const folder = newFolder();
      const database = new Database(path.join(folder, "parley.db"));
      database.run("update meta set value = ? where key = 'version'", [
        version,
      ]);
      database.close();
      expect(of(checkSqlite(folder), "tables")[0]).toMatchObject({ status });
    });
  }
});

describe("PostgreSQL", () => {
  const databaseConnections = 10;

  test("[P2] its version, durability, clock and room are told", async () => {
    const own = await startTestPostgres({ isDurable: true });
    const findings = await checkPostgres({
      ...{ databaseUrl: own.url, databaseConnections },
    });
    await own.stop();
    expect(findings.map(({ status, about }) => `${status} ${about}`)).toEqual([
      ...["fine PostgreSQL", "fine durability", "fine its clock"],
      "fine connections",
    ]);
  });

  test("[P2] fsync=off, and too few connections for another node, are named", async () => {
    const databaseUrl = await createTestDatabase();
    const findings = await checkPostgres({
      databaseUrl,
      databaseConnections: 10_000,
    });
    expect(of(findings, "durability")[0]?.remedy).toContain("fsync = on");
    expect(of(findings, "connections")[0]).toMatchObject({
      status: "warning",
      remedy: expect.stringContaining("max_connections") as string,
    });
  });

  test("[L-5] that is not there, or refuses, is named without the password", async () => {
    const there = new URL(await createTestDatabase());
    there.password = "wr0ngword";
    for (const [databaseUrl, found] of [
      [`postgres://ann:wr0ngword@127.0.0.1:${await freePort()}/x`, /reached/],
      [there.href, /does not accept the user/],
    ] as const) {
      const [finding] = await checkPostgres({
        databaseUrl,
        databaseConnections,
      });
      expect(finding).toMatchObject({ status: "wrong" });
      expect(finding?.found).toMatch(found);
      expect(JSON.stringify(finding)).not.toContain("wr0ngword");
    }
  });
});

describe("NATS", () => {
  const configFor = (url: string) =>
    readConfig({ PARLEY_DATABASE_URL: "postgres://x/y", PARLEY_NATS_URL: url });

  test("its version is told; one of two that is gone is a warning", async () => {
    const nats = await startTestNats();
    const gone = `nats://127.0.0.1:${await freePort()}`;
    const both = await checkNats(configFor(`${nats.url},${gone}`));
    const [alone] = await checkNats(configFor(gone));
    await nats.stop();
    expect(both.map(({ status }) => status)).toEqual(["fine", "warning"]);
    expect(both[0]?.found).toMatch(/lets this node in \(NATS \d+\.\d+/);
    expect(alone).toMatchObject({ status: "wrong" });
  });

  test("[L-5] one that refuses is named without the password", async () => {
    const nats = await startTestNats(["--user", "ann", "--pass", "right"]);
    const wrong = nats.url.replace("nats://", "nats://ann:wr0ngword@");
    const [finding] = await checkNats(configFor(wrong));
    await nats.stop();
    expect(finding).toMatchObject({ status: "wrong" });
    expect(finding?.found).toMatch(/refuses the user and password/);
    expect(JSON.stringify(finding)).not.toContain("wr0ngword");
  });
});
