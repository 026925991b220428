import { Database } from "bun:sqlite";
import { afterAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { version } from "@parley/protocol";
import {
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { askHttp } from "../testing/ask-http.ts";
import { enter } from "../testing/enter.ts";
import { runParley, startParley } from "../testing/parley-process.ts";
import { temporaryFolder } from "../testing/temporary-folder.ts";
import { usage, usageOf } from "./usage.ts";

// The real command in a process of its own, as an operator meets it.

// Starting a process takes its time on a busy machine.
setDefaultTimeout(30_000);

const scratch = temporaryFolder();
afterAll(() => {
  rmSync(scratch, { recursive: true, force: true });
});

let folders = 0;
function newFolder(): string {
  folders += 1;
  return path.join(scratch, `data ${folders}`);
}

const mode = (file: string): string =>
  (statSync(file).mode & 0o777).toString(8);

/** One sentence on standard error, nothing on standard output, exit code 1. */
function expectRefusedStart(
  { code, output, errors }: Awaited<ReturnType<typeof runParley>>,
  sentence: RegExp,
): void {
  expect(errors).toMatch(sentence);
  expect(errors).toMatch(/^parley: [^\n]+\n$/);
  expect(output).toBe("");
  expect(code).toBe(1);
}

describe("asking", () => {
  test("--help shows how it is used, on standard output, exit 0", async () => {
    const run = await runParley({ words: ["--help"] });
    expect(run).toEqual({ code: 0, output: usage, errors: "" });
  });

  test("--version shows the version, exit 0", async () => {
    const run = await runParley({ words: ["--version"] });
    expect(run).toEqual({ code: 0, output: `parley ${version}\n`, errors: "" });
  });

  for (const words of [["--nonsense"], ["dance"]]) {
    test(`${words.join(" ")} is refused with a sentence and how it is called, exit 2`, async () => {
      const { code, output, errors } = await runParley({ words });
      expect(code).toBe(2);
      expect(output).toBe("");
      expect(errors).toStartWith("parley: ");
      expect(errors).toContain(words[0] ?? "");
      expect(errors).toEndWith(usageOf(words));
    });
  }
});

describe("a start that cannot be is one sentence that names what to change, exit 1", () => {
  const settings: [string, string][] = [
    ["PORT", "http"],
    ["PARLEY_URL", "chat.example.org"],
    ["PARLEY_JOIN_RATE", "fast"],
    ["PARLEY_SIMPLE_WIRE", "maybe"],
  ];
  for (const [variable, value] of settings) {
    test(`${variable}=${value}`, async () => {
      const data = newFolder();
      const run = await runParley({
        environment: { PARLEY_DATA: data, [variable]: value },
      });
      expectRefusedStart(run, new RegExp(`${variable} must .*"${value}"`));
      // It did not get as far as making anything.
      expect(() => statSync(data)).toThrow();
    });
  }

  test("a port that is in use, and the data folder is free again", async () => {
    await using other = await startParley({
      environment: { PARLEY_DATA: newFolder() },
    });
    const data = newFolder();
    const words = ["--port", `${other.port}`, "--data", data];
    const run = await runParley({ words });
    expectRefusedStart(
      run,
      new RegExp(`Port ${other.port} is in use already\\..*PORT or --port`),
    );
    await using again = await startParley({
      environment: { PARLEY_DATA: data },
    });
    expect((await askHttp(again, "/healthz")).status).toBe(200);
  });

  test("an address that this machine does not have", async () => {
    const run = await runParley({
      environment: { PARLEY_DATA: newFolder(), PARLEY_HOST: "203.0.113.77" },
    });
    expectRefusedStart(run, /no address 203\.0\.113\.77.*PARLEY_HOST/);
  });

  test("a file where the data folder should be", async () => {
    const file = newFolder();
    writeFileSync(file, "");
    const run = await runParley({ words: ["--data", file] });
    expectRefusedStart(run, /data folder ".*" cannot be .*PARLEY_DATA/);
  });

  test("a data folder where nobody can make one", async () => {
    const run = await runParley({
      environment: { PARLEY_DATA: "/proc/parley" },
    });
    expectRefusedStart(run, /"\/proc\/parley" cannot be .*PARLEY_DATA/);
  });

  test("a database of a newer version", async () => {
    const data = newFolder();
    await (
      await startParley({ environment: { PARLEY_DATA: data } })
    )[Symbol.asyncDispose]();
    const database = new Database(path.join(data, "parley.db"));
    database.run("update meta set value = '99' where key = 'version'");
    database.close();
    const run = await runParley({ environment: { PARLEY_DATA: data } });
    expectRefusedStart(
      run,
      /The data was written by a newer Parley.*PARLEY_DATA/,
    );
  });

  test("a database that is none", async () => {
    const data = newFolder();
    mkdirSync(data);
    writeFileSync(path.join(data, "parley.db"), "not a database".repeat(1_000));
    const run = await runParley({ environment: { PARLEY_DATA: data } });
    expectRefusedStart(run, /parley\.db.*PARLEY_DATA|PARLEY_DATA.*parley\.db/);
  });

  test("a folder that another Parley has, which goes on undisturbed", async () => {
    const data = newFolder();
    await using first = await startParley({
      environment: { PARLEY_DATA: data },
    });
    const run = await runParley({ environment: { PARLEY_DATA: data } });
    expectRefusedStart(run, /Another Parley is running.*PARLEY_DATA/);
    const ann = await enter({ ...first, folder: data }, "Ann");
    expect(await ann.say("undisturbed")).toMatchObject({ type: "ok" });
    await ann.leave();
  });
});

describe("the first start", () => {
  test("[T59] makes the data folder for its owner alone, and says where it is and where to go", async () => {
    const data = newFolder();
    await using parley = await startParley({
      environment: { PARLEY_DATA: data },
    });
    expect((await askHttp(parley, "/healthz")).status).toBe(200);
    const { output } = parley;
    const code = /\/setup#([\w-]{43})\n/.exec(output())?.[1] ?? "no code";
    expect(output()).toBe(
      `\n  Parley is running.\n\n    ${parley.url}\n\n  Data: ${data}\n\n  It has no owner yet. Whoever opens this link first becomes it:\n\n    ${parley.url}/setup#${code}\n`,
    );
    expect(parley.errors()).toBe("");
    expect(mode(data)).toBe("700");
    const files = readdirSync(data);
    expect(files).toContain("parley.db");
    for (const file of files) {
      expect([file, mode(path.join(data, file))]).toEqual([file, "600"]);
    }
  });

  test("[T59] in a folder that is there already keeps its rights, and its own files to itself", async () => {
    const data = newFolder();
    mkdirSync(data, { mode: 0o755 });
    await using parley = await startParley({
      environment: { PARLEY_DATA: data },
    });
    expect(mode(data)).toBe("755");
    expect(mode(path.join(data, "parley.db"))).toBe("600");
    expect(parley.errors()).toBe("");
  });

  test("with PARLEY_LIMITS=off says so loudly", async () => {
    await using parley = await startParley({
      environment: { PARLEY_DATA: newFolder(), PARLEY_LIMITS: "off" },
    });
    expect(parley.output()).toContain("!! PARLEY_LIMITS=off");
  });
});

describe("a stop", () => {
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    test(`by ${signal} tells everybody to come back, closes with 4200, leaves one whole file, exit 0 within 5 s`, async () => {
      const data = newFolder();
      const environment = { PARLEY_DATA: data };
      const parley = await startParley({ environment });
      const ann = await enter({ ...parley, folder: data }, "Ann");
      const answers = Array.from({ length: 10 }, (_, index) =>
        ann.say(`before the stop ${index}`),
      );
      await answers[0];
      const start = performance.now();
      parley.signal(signal);
      // Asked twice, as when Ctrl-C reaches a whole process group.
      parley.signal(signal);
      expect(await ann.socket.next(({ type }) => type === "bye")).toMatchObject(
        { code: 4200 },
      );
      expect((await ann.socket.closed).code).toBe(4200);
      expect(await parley.exited).toBe(0);
      expect(performance.now() - start).toBeLessThan(5_000);
      expect(parley.errors()).toBe("");
      expect(readdirSync(data).sort()).toEqual(["lock.db", "parley.db"]);

      // [P1] What was acknowledged before it ended is there.
      const stored = new Database(path.join(data, "parley.db"));
      const texts = stored.query("select text from messages").values();
      stored.close();
      const acknowledged = ann.socket.received.filter(
        ({ type }) => type === "ok",
      );
      expect(acknowledged.length).toBeGreaterThan(0);
      expect(texts.length).toBeGreaterThanOrEqual(acknowledged.length);
      await Promise.allSettled(answers);
    });
  }
});

test("[L-5] the log at debug holds no text, secret or address of anybody", async () => {
  const data = newFolder();
  const parley = await startParley({
    environment: { PARLEY_DATA: data, PARLEY_LOG: "debug" },
  });
  const ann = await enter({ ...parley, folder: data }, "Ann Önder");
  await ann.say("something between us");
  await askHttp(parley, "/api/me?token=visible");
  await ann.leave();
  parley.signal("SIGTERM");
  await parley.exited;
  const log = parley.output();
  // The run did write lines: an empty log would prove nothing.
  expect(log).toContain('"msg":"socket closed"');
  const secrets = [
    "something between us",
    ann.guest.cookie.split("=")[1] ?? "no cookie",
    "guest@example.org",
    "Ann Önder",
    "visible",
    '127.0.0.1"',
  ];
  for (const secret of secrets) expect(log).not.toContain(secret);
});
