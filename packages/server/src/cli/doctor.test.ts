import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import { mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import { freePort } from "../testing/free-port.ts";
import { nginxInFront, rightLines } from "../testing/nginx-in-front.ts";
import { runParley, startParley } from "../testing/parley-process.ts";
import { temporaryFolder } from "../testing/temporary-folder.ts";

// The real command in a process of its own, as an operator meets it.

setDefaultTimeout(30_000);

const scratch = temporaryFolder();
afterAll(() => {
  rmSync(scratch, { recursive: true, force: true });
});

test("looks at the present configuration's address and its folder; one line for each check, exit 0", async () => {
  const port = String(await freePort());
  const environment = { PORT: port, PARLEY_DATA: path.join(scratch, "data") };
  await using parley = await startParley({ environment });
  expect(parley.port).toBe(Number(port));
  const { code, output, errors } = await runParley({
    words: ["doctor"],
    environment,
  });
  expect({ code, errors }).toEqual({ code: 0, errors: "" });
  const lines = output.split("\n");
  expect(lines[0]).toBe(`Looking at http://127.0.0.1:${port}`);
  for (const line of lines.slice(1, -2)) {
    expect(line).toMatch(/^(?:[✔!] [\w ]+: .+| {4}→ .+)$/u);
  }
  for (const about of ["reachable", "WebSocket", "who has it", "database"]) {
    expect(output).toContain(`✔ ${about}: `);
  }
  expect(lines.at(-2)).toMatch(/^All is well\.$|^0 wrong, \d+ to be thought/);
});

test("what is wrong has a line with what to do, and exit 1", async () => {
  const environment = { PARLEY_DATA: path.join(scratch, "wrong") };
  await using parley = await startParley({ environment });
  const location = rightLines.replace(/.*Upgrade.*\n/, "");
  await using nginx = await nginxInFront(parley.port, { location });
  const words = ["doctor", nginx.url];
  const { code, output } = await runParley({ words, environment });
  expect(code).toBe(1);
  expect(output).toMatch(
    /✖ WebSocket: 400: [^\n]+\n {4}→ In nginx, [^\n]+proxy_set_header Upgrade/,
  );
  expect(output).toMatch(/\n1 wrong, \d+ to be thought about, \d+ fine\.\n$/);
});

test("--json says the same for programs, and nothing else", async () => {
  const empty = path.join(scratch, "empty");
  mkdirSync(empty);
  const url = `http://127.0.0.1:${await freePort()}`;
  const { code, output } = await runParley({
    words: ["doctor", url, "--json"],
    environment: { PARLEY_DATA: empty },
  });
  expect(code).toBe(1);
  expect(JSON.parse(output)).toMatchObject({
    url,
    isFine: false,
    findings: [
      {
        about: "reachable",
        status: "wrong",
        found: /nothing/,
        remedy: /Start/,
      },
      { about: "runtime" },
    ].map((finding) =>
      Object.fromEntries(
        Object.entries(finding).map(([name, value]) => [
          name,
          typeof value === "string"
            ? value
            : (expect.stringMatching(value) as string),
        ]),
      ),
    ),
  });
});

test("[L-5] settings with passwords are looked at and never shown", async () => {
  const port = await freePort();
  for (const words of [["doctor"], ["doctor", "--json"]]) {
    const { code, output, errors } = await runParley({
      words,
      environment: {
        PORT: String(port),
        PARLEY_DATABASE_URL: `postgres://ann:pssword@127.0.0.1:${port}/parley`,
        PARLEY_NATS_URL: `nats://bob:pssword@127.0.0.1:${port}`,
      },
    });
    expect({ code, errors }).toEqual({ code: 1, errors: "" });
    expect(output).toContain("PostgreSQL at 127.0.0.1");
    expect(output).toContain("NATS at 127.0.0.1");
    expect(output).not.toContain("pssword");
  }
});

test("a setting that cannot be read is one sentence", async () => {
  const { code, output, errors } = await runParley({
    words: ["doctor"],
    environment: { PARLEY_CONNECTIONS_MAX: "many" },
  });
  expect({ code, output }).toEqual({ code: 1, output: "" });
  expect(errors).toMatch(/^parley: PARLEY_CONNECTIONS_MAX must be [^\n]+\n$/);
});
