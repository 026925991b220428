import { afterAll, beforeAll, expect, test } from "bun:test";
import { rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { ConfigError } from "../config.ts";
import { openBusNode, until } from "../testing/bus-nodes.ts";
import { makeAuthority, makeCertificate } from "../testing/certificates.ts";
import { freePort } from "../testing/free-port.ts";
import { operatorMode } from "../testing/nats-credentials.ts";
import { temporaryFolder } from "../testing/temporary-folder.ts";
import { startTestNats } from "../testing/test-nats.ts";
import type { NatsBusOptions } from "./nats-bus.ts";

let folder: string;
const file = (name: string): string => path.join(folder, name);

beforeAll(() => {
  folder = temporaryFolder();
  makeAuthority(folder, "ours");
  makeAuthority(folder, "theirs");
  const make = (name: string, authority: string, names: string): void =>
    makeCertificate(folder, name, { authority, names });
  make("server", "ours", "DNS:localhost,IP:127.0.0.1");
  make("node", "ours", "DNS:node");
  make("elsewhere", "ours", "DNS:elsewhere.example");
  make("stranger", "theirs", "DNS:node");
  writeFileSync(file("junk"), "no certificate, and no credentials");
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Opens a bus that must not open; returns the sentence. */
async function refusal(
  url: string,
  options: Partial<NatsBusOptions> = {},
): Promise<string> {
  const opening = openBusNode(url, options);
  const error: unknown = await opening.then(
    async (node) => {
      await node[Symbol.asyncDispose]();
      return new Error(`it opened: ${JSON.stringify(node.log)}`);
    },
    (error: unknown) => error,
  );
  expect(error).toBeInstanceOf(ConfigError);
  const { message } = error as Error;
  expect(message).not.toMatch(/s3cret|guessed/);
  expect(message).toEndWith(".");
  return message;
}

async function opens(
  url: string,
  options: Partial<NatsBusOptions> = {},
): Promise<void> {
  const node = await openBusNode(url, options);
  expect(node.warnings()).toEqual([]);
  expect(node.bus.isHearing).toBe(true);
  expect(JSON.stringify(node.log)).not.toContain("s3cret");
  await node[Symbol.asyncDispose]();
}

const withUser = (url: string, user: string): string =>
  url.replace("nats://", `nats://${user}@`);

test("[L-5] a user and password let in; wrong ones, or none, are refused with a sentence that does not show them", async () => {
  const nats = await startTestNats(["--user", "par", "--pass", "s3cret%:@/ß"]);
  const encoded = encodeURIComponent("s3cret%:@/ß");
  await opens(withUser(nats.url, `par:${encoded}`));
  expect(await refusal(withUser(nats.url, "par:guessed"))).toBe(
    `NATS at 127.0.0.1:${nats.port} refuses the user and password in PARLEY_NATS_URL.`,
  );
  expect(await refusal(withUser(nats.url, "guessed"))).toContain(
    "refuses the token in PARLEY_NATS_URL",
  );
  expect(await refusal(nats.url)).toBe(
    `NATS at 127.0.0.1:${nats.port} asks who this node is. Put user:password@ before the host in PARLEY_NATS_URL, or name a file in PARLEY_NATS_CREDENTIALS.`,
  );
  await nats.stop();
});

test("a token lets in", async () => {
  const nats = await startTestNats(["--auth", "s3cret-token"]);
  await opens(withUser(nats.url, "s3cret-token"));
  expect(await refusal(withUser(nats.url, "guessed"))).toContain("the token");
  await nats.stop();
});

test("a credentials file lets in, and is read anew for each connection; a refused one is a sentence", async () => {
  const issue = operatorMode(file("operator.conf"));
  const nats = await startTestNats(["-c", file("operator.conf")]);
  const credentials = file("node.creds");
  issue(credentials, "known");
  await opens(nats.url, { credentials });
  issue(credentials, "unknown");
  expect(await refusal(nats.url, { credentials })).toBe(
    `NATS at 127.0.0.1:${nats.port} refuses the credentials in the file that PARLEY_NATS_CREDENTIALS names.`,
  );

  issue(credentials, "known");
  await using node = await openBusNode(nats.url, { credentials });
  await nats.kill();
  await until(() => !node.bus.isHearing);
  rmSync(credentials);
  await nats.startAgain();
  issue(credentials, "known");
  await until(() => node.bus.isHearing);
  await nats.stop();
}, 15_000);

test("[P16] a NATS that refuses this node later is told once, and connected to as soon as it lets it in again", async () => {
  const conf = file("changing.conf");
  const demand = (password: string): void =>
    writeFileSync(conf, `authorization { user: par, password: "${password}" }`);
  demand("s3cret");
  const nats = await startTestNats(["-c", conf]);
  await using node = await openBusNode(withUser(nats.url, "par:s3cret"));
  await nats.kill();
  await until(() => !node.bus.isHearing);
  demand("another");
  await nats.startAgain();
  await until(() => node.warnings().length > 1);
  expect(node.warnings()[1]).toContain("refuses the user and password");
  await nats.kill();
  demand("s3cret");
  await nats.startAgain();
  await until(() => node.bus.isHearing);
  expect(node.warnings()).toHaveLength(2);
  expect(JSON.stringify(node.log)).not.toContain("s3cret");
  await nats.stop();
}, 15_000);

test("a NATS user who may not publish or subscribe as nodes must is told, and nothing is taken for heard", async () => {
  const conf = file("narrow.conf");
  writeFileSync(
    conf,
    'authorization { users = [ { user: par, password: s3cret, permissions: { publish: "parley.>", subscribe: "parley.*.echo.>" } } ] }',
  );
  const nats = await startTestNats(["-c", conf]);
  await using node = await openBusNode(withUser(nats.url, "par:s3cret"));
  await until(() => node.warnings().length > 0);
  expect(node.warnings().join()).toContain('its user needs both on "parley.>"');
  expect(node.bus.isHearing).toBe(false);
  await nats.stop();
});

test("what listens there and is no NATS is told at once", async () => {
  const server = createServer((socket) => socket.end("220 mail.example\r\n"));
  const port = await freePort();
  server.listen(port, "127.0.0.1");
  expect(await refusal(`nats://127.0.0.1:${port}`)).toBe(
    `NATS at 127.0.0.1:${port} is something else: it does not answer like a NATS server. Correct PARLEY_NATS_URL.`,
  );
  server.close();
});

test("TLS: the authority that is named is trusted, for the name that is in the certificate, and no other", async () => {
  const nats = await startTestNats(tlsOptions("server"));
  const at = `localhost:${nats.port}`;
  await opens(`tls://${at}`, { ca: file("ours.pem") });
  await opens(`tls://127.0.0.1:${nats.port}`, { ca: file("ours.pem") });
  // A server that demands TLS gets it without being asked.
  await opens(`nats://${at}`, { ca: file("ours.pem") });
  const unknown = `NATS at ${at} shows a certificate from an authority that is not known here. Name the authority's file in PARLEY_NATS_CA.`;
  expect(await refusal(`tls://${at}`)).toBe(unknown);
  expect(await refusal(`nats://${at}`)).toBe(unknown);
  expect(await refusal(`tls://${at}`, { ca: file("theirs.pem") })).toBe(
    unknown,
  );
  await nats.stop();
  const other = await startTestNats(tlsOptions("elsewhere"));
  expect(
    await refusal(`tls://localhost:${other.port}`, { ca: file("ours.pem") }),
  ).toBe(
    `NATS at localhost:${other.port} shows a certificate for another name. PARLEY_NATS_URL must call the host as the certificate does.`,
  );
  await other.stop();
}, 15_000);

test("TLS that the server does not have is never done without", async () => {
  const nats = await startTestNats();
  const sentence = `NATS at 127.0.0.1:${nats.port} does not offer TLS, which tls:// in PARLEY_NATS_URL, PARLEY_NATS_CA or PARLEY_NATS_CERTIFICATE asks for.`;
  expect(await refusal(nats.url.replace("nats:", "tls:"))).toBe(sentence);
  expect(await refusal(nats.url, { ca: file("ours.pem") })).toBe(sentence);
  await nats.stop();
});

test("TLS: a NATS that asks for the node's certificate gets it; without one, or with a stranger's, it is a sentence", async () => {
  const nats = await startTestNats([
    ...tlsOptions("server"),
    ...["--tlsverify", "--tlscacert", file("ours.pem")],
  ]);
  const url = `tls://localhost:${nats.port}`;
  const ca = file("ours.pem");
  const own = (name: string) => ({
    ...{ ca, certificate: file(`${name}.pem`), key: file(`${name}.key`) },
  });
  await opens(url, own("node"));
  expect(await refusal(url, { ca })).toContain(
    "asks for a certificate of this node. Set PARLEY_NATS_CERTIFICATE and PARLEY_NATS_KEY.",
  );
  expect(await refusal(url, own("stranger"))).toContain(
    "does not accept this node's certificate. Check PARLEY_NATS_CERTIFICATE and PARLEY_NATS_KEY.",
  );
  await nats.stop();
}, 15_000);

test("a file that cannot be read, or holds something else, is named with its setting before anything is tried", async () => {
  const url = "nats://127.0.0.1:1";
  const missing = file("missing");
  const isMissing = `must name a file that can be read. It is "${missing}" (there is no such file).`;
  const cases: [Partial<NatsBusOptions>, string][] = [
    [{ credentials: missing }, `PARLEY_NATS_CREDENTIALS ${isMissing}`],
    [{ ca: missing }, `PARLEY_NATS_CA ${isMissing}`],
    [
      { certificate: missing, key: missing },
      `PARLEY_NATS_CERTIFICATE ${isMissing}`,
    ],
    [
      { certificate: file("node.pem"), key: missing },
      `PARLEY_NATS_KEY ${isMissing}`,
    ],
    [
      { ca: folder },
      `PARLEY_NATS_CA must name a file that can be read. It is "${folder}" (EISDIR).`,
    ],
    [
      { credentials: file("junk") },
      `PARLEY_NATS_CREDENTIALS must name a file with NATS credentials (.creds). ${file("junk")} holds none.`,
    ],
    [
      { ca: file("junk") },
      "PARLEY_NATS_CA must name a file with certificates (PEM).",
    ],
    [
      { certificate: file("node.pem"), key: file("server.key") },
      "PARLEY_NATS_CERTIFICATE and PARLEY_NATS_KEY must name a certificate and the key that belongs to it (PEM).",
    ],
    [
      { certificate: file("node.pem") },
      "PARLEY_NATS_CERTIFICATE and PARLEY_NATS_KEY belong together: set both, or neither.",
    ],
  ];
  for (const [options, sentence] of cases) {
    expect(await refusal(url, options)).toBe(sentence);
  }
});

function tlsOptions(name: string): string[] {
  return [
    ...["--tls", "--tlscert", file(`${name}.pem`)],
    ...["--tlskey", file(`${name}.key`)],
  ];
}
