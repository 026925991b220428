import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { readConfig } from "../config.ts";
import { builtPage } from "../testing/built-page.ts";
import { makeAuthority, makeCertificate } from "../testing/certificates.ts";
import { nginxInFront, rightLines } from "../testing/nginx-in-front.ts";
import {
  startTestServer,
  type TestServer,
} from "../testing/start-test-server.ts";
import { temporaryFolder } from "../testing/temporary-folder.ts";
import { checkTls, judgeRedirect } from "./check-tls.ts";
import { examine } from "./examine.ts";

setDefaultTimeout(30_000);

const folder = temporaryFolder();
const webFolder = builtPage();
makeAuthority(folder, "authority");
makeAuthority(folder, "stranger");
const authority = "authority";
makeCertificate(folder, "fitting", { authority, names: "DNS:localhost" });
makeCertificate(folder, "other", { authority, names: "DNS:other.example" });
const ca = readFileSync(path.join(folder, "authority.pem"), "utf8");
const stranger = readFileSync(path.join(folder, "stranger.pem"), "utf8");

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({}, { webFolder });
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
  rmSync(webFolder, { recursive: true, force: true });
});

/** An nginx that shows this certificate. */
async function secured(name: string, lines = "") {
  const nginx = await nginxInFront(server.port, {
    listen: "ssl",
    server: `ssl_certificate ${folder}/${name}.pem; ssl_certificate_key ${folder}/${name}.key; ${lines}`,
    location: rightLines,
  });
  const origin = new URL(`https://localhost:${nginx.port}`);
  return { ...nginx, origin };
}

test("everything is looked at through TLS; a certificate that ends within two weeks is a warning", async () => {
  await using nginx = await secured("fitting");
  const { origin } = nginx;
  const findings = await examine({
    ...{ origin, ca, onFinding: () => undefined },
    config: readConfig({ PARLEY_DATA: "/nowhere" }),
  });
  const said = findings.map(({ status, about }) => `${status} ${about}`);
  expect(said).toEqual([
    ...["warning certificate", "fine TLS", "fine reachable", "fine health"],
    ...["fine version", "fine clock", "fine page", "fine script"],
    ...["fine headers", "warning https", "fine WebSocket"],
    ...["fine foreign origin", "fine large messages", "fine runtime"],
  ]);
  expect(findings[0]?.found).toMatch(/good for 1 more days only/);
  expect(findings.find(({ about }) => about === "https")?.remedy).toContain(
    `PARLEY_URL=${origin.origin}`,
  );
});

test("a certificate that no browser accepts is named with what to do", async () => {
  for (const [name, trusted, found, remedy] of [
    ["other", ca, /for another name/, /certbot certonly -d localhost/],
    [
      "fitting",
      stranger,
      /missing|nobody whom browsers know/,
      /fullchain|authority/,
    ],
    ["stranger", ca, /nobody whom browsers know/, /Let's Encrypt/],
  ] as const) {
    await using nginx = await secured(name);
    const [finding] = await checkTls(nginx.origin, { ca: trusted });
    expect(finding).toMatchObject({ status: "wrong", about: "certificate" });
    expect(finding?.found).toMatch(found);
    expect(finding?.remedy).toMatch(remedy);
  }
});

test("a server that still speaks what was broken long ago is named", async () => {
  await using nginx = await secured(
    "fitting",
    "ssl_protocols TLSv1 TLSv1.1 TLSv1.2; ssl_ciphers ALL:@SECLEVEL=0;",
  );
  const findings = await checkTls(nginx.origin, { ca });
  const tls = findings.find(({ about }) => about === "TLS");
  expect(tls).toMatchObject({ status: "warning" });
  expect(tls?.found).toMatch(/TLSv1\.2, but TLSv1\.?1? as well/);
});

test("https where there is only http is named", async () => {
  const origin = new URL(server.url.replace("http:", "https:"));
  const [finding] = await checkTls(origin, {});
  expect(finding).toMatchObject({ status: "wrong", about: "TLS" });
});

test("who types no https is sent on, or the line that does it is named", async () => {
  const origin = new URL("https://localhost");
  await using good = await nginxInFront(server.port, {
    server: "return 308 https://$host$request_uri;",
  });
  const there = await judgeRedirect(origin, new URL(good.url));
  expect(there.status).toBe("fine");
  const not = await judgeRedirect(origin, new URL(server.url));
  expect(not).toMatchObject({ status: "warning" });
  expect(not.remedy).toContain("return 308 https://$host$request_uri;");
});
