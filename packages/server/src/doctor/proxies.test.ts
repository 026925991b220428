import {
  afterAll,
  beforeAll,
  describe,
  expect,
  setDefaultTimeout,
  test,
} from "bun:test";
import { rmSync } from "node:fs";
import { readConfig } from "../config.ts";
import { builtPage } from "../testing/built-page.ts";
import { freePort } from "../testing/free-port.ts";
import {
  nginxInFront,
  rightLines,
  type NginxLines,
} from "../testing/nginx-in-front.ts";
import {
  startTestServer,
  type TestServer,
} from "../testing/start-test-server.ts";
import { checkIdle } from "./check-socket.ts";
import { examine } from "./examine.ts";
import type { Finding } from "./finding.ts";

// The real server behind a real nginx, as people have configured theirs.

setDefaultTimeout(30_000);

const webFolder = builtPage();
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ PARLEY_LIMITS: "off" }, { webFolder });
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  rmSync(webFolder, { recursive: true, force: true });
});

/** What is found from outside. */
async function lookAt(
  url: string,
  environment: Record<string, string> = {},
): Promise<Finding[]> {
  const findings = await examine({
    origin: new URL(url),
    config: readConfig({ PARLEY_DATA: "/nowhere", ...environment }),
    onFinding: () => undefined,
  });
  return findings.filter(({ about }) => about !== "runtime");
}

const notFine = (findings: Finding[]) =>
  findings.filter(({ status }) => status !== "fine");

test("all is well without a proxy, and with the lines of deploy/nginx.conf", async () => {
  await using nginx = await nginxInFront(server.port);
  for (const { url } of [server, nginx]) {
    const findings = await lookAt(url);
    expect(notFine(findings)).toEqual([]);
    expect(findings.map(({ about }) => about)).toEqual([
      ...["reachable", "health", "version", "clock", "page", "script"],
      ...["headers", "WebSocket", "foreign origin", "large messages"],
    ]);
  }
});

test("nobody joins by being looked at", async () => {
  const answer = await fetch(`${server.url}/api/server`);
  expect(await answer.json()).toMatchObject({ me: null });
  await lookAt(server.url);
  const { readRows } = await import("../testing/read-rows.ts");
  expect(await readRows(server, "people")).toHaveLength(1);
});

/** The rest as it should be. */
const without = (line: RegExp): string => rightLines.replace(line, "");

const wrongs: [
  what: string,
  lines: NginxLines,
  status: Finding["status"],
  about: string,
  found: RegExp,
  remedy: RegExp,
][] = [
  [
    "passes on with nginx's defaults, which are HTTP/1.0 and without Upgrade",
    { location: "proxy_set_header Host $http_host;" },
    ...(["wrong", "WebSocket"] as const),
    /without Upgrade/,
    /proxy_http_version 1\.1; proxy_set_header Upgrade \$http_upgrade; proxy_set_header Connection \$connection_upgrade;/,
  ],
  [
    "strips Upgrade",
    { location: without(/.*Upgrade \$http_upgrade;\n/) },
    ...(["wrong", "WebSocket"] as const),
    /400: .*without Upgrade/,
    /proxy_set_header Upgrade/,
  ],
  [
    "drops the subprotocol",
    { location: `${rightLines} proxy_set_header Sec-WebSocket-Protocol "";` },
    ...(["wrong", "WebSocket"] as const),
    /drops Sec-WebSocket-Protocol/,
    /proxy_set_header Sec-WebSocket-Protocol \$http_sec_websocket_protocol;/,
  ],
  [
    "hides the subprotocol in the answer",
    { location: `${rightLines} proxy_hide_header Sec-WebSocket-Protocol;` },
    ...(["wrong", "WebSocket"] as const),
    /drops Sec-WebSocket-Protocol/,
    /no proxy_hide_header/,
  ],
  [
    "does not pass the host on",
    { location: without(/.*Host \$http_host;\n/) },
    ...(["wrong", "WebSocket"] as const),
    /403: Parley refuses pages from http:\/\/127/,
    /PARLEY_URL=http:\/\/127[^ ]+ .*proxy_set_header Host \$http_host;/,
  ],
  [
    "makes every origin its own",
    { location: `${rightLines} proxy_set_header Origin http://$http_host;` },
    ...(["wrong", "foreign origin"] as const),
    /any other site may open/,
    /proxy_set_header Origin/,
  ],
  ...([200, 404, 426, 502, 504] as const).map(
    (code) =>
      [
        `answers /ws with ${code}`,
        { server: `location = /ws { return ${code} "no"; }` },
        ...(["wrong", "WebSocket"] as const),
        new RegExp(`^${code}: `),
        /proxy_set_header Upgrade/,
      ] as (typeof wrongs)[number],
  ),
  [
    "sends /ws on to somewhere else",
    { server: "location = /ws { return 301 https://other.example/ws; }" },
    ...(["wrong", "WebSocket"] as const),
    /301: .*https:\/\/other\.example\/ws/,
    /redirect/,
  ],
  [
    "sends everybody on",
    { server: "return 308 https://chat.example.org$request_uri;" },
    ...(["wrong", "reachable"] as const),
    /sends everybody on to https:\/\/chat\.example\.org\/livez/,
    /Check that address/,
  ],
  [
    "has a page of its own",
    { server: 'location = / { default_type text/plain; return 200 "hi"; }' },
    ...(["wrong", "page"] as const),
    /200 and text\/plain/,
    /pass \/ on/,
  ],
  [
    "calls scripts text",
    {
      server: "location /assets/ { default_type text/plain; return 200 x; }",
    },
    ...(["wrong", "script"] as const),
    /no browser would run it/,
    /Content-Type/,
  ],
  [
    "takes security headers away",
    { location: `${rightLines} proxy_hide_header Content-Security-Policy;` },
    ...(["wrong", "headers"] as const),
    /Content-Security-Policy/,
    /proxy_hide_header/,
  ],
  [
    "adds its own security headers",
    { location: `${rightLines} add_header Referrer-Policy unsafe-url;` },
    ...(["warning", "headers"] as const),
    /otherwise.*Referrer-Policy/,
    /add_header/,
  ],
  [
    "asks for nothing compressed",
    { location: `${rightLines} proxy_set_header Accept-Encoding "";` },
    ...(["warning", "page"] as const),
    /not compressed/,
    /proxy_set_header Accept-Encoding/,
  ],
  [
    "hides /healthz",
    { server: "location = /healthz { return 403; }" },
    ...(["warning", "health"] as const),
    /403/,
    /Parley itself/,
  ],
  [
    "keeps the program's interface to itself",
    { server: "location /api/ { return 404; }" },
    ...(["wrong", "version"] as const),
    /404 and does not say/,
    /\/api\//,
  ],
];

describe("a proxy that", () => {
  for (const [what, lines, status, about, found, remedy] of wrongs) {
    test(`${what} is named, with what mends it`, async () => {
      await using nginx = await nginxInFront(server.port, lines);
      const bad = notFine(await lookAt(nginx.url));
      expect(bad).toHaveLength(1);
      expect(bad[0]).toMatchObject({ status, about });
      expect(bad[0]?.found).toMatch(found);
      expect(bad[0]?.remedy).toMatch(remedy);
    });
  }

  test("does not find Parley behind it is named, with what mends it", async () => {
    await using nginx = await nginxInFront(await freePort());
    expect(notFine(await lookAt(nginx.url))).toEqual([
      {
        about: "reachable",
        status: "wrong",
        found: expect.stringMatching(/^A proxy answers with 502/) as string,
        remedy: expect.stringContaining("proxy_pass") as string,
      },
    ]);
  });
});

test("a server whose PARLEY_URL is another is named with the address to set", async () => {
  const url = "https://chat.example.org";
  await using other = await startTestServer({ PARLEY_URL: url }, { webFolder });
  const findings = notFine(await lookAt(other.url, { PARLEY_URL: url }));
  expect(findings.map(({ status, about }) => `${status} ${about}`)).toEqual(
    ["warning headers", "warning address", "wrong WebSocket"].filter(
      (line) => line !== "warning headers",
    ),
  );
  expect(findings.at(-1)?.remedy).toContain(`PARLEY_URL=${other.url}`);
});

describe("a quiet connection", () => {
  test("is held open, and the server's pings are counted", async () => {
    await using quick = await startTestServer({}, { webFolder, secondMs: 20 });
    const origin = new URL(quick.url);
    const finding = await checkIdle(origin, { seconds: 2 });
    expect(finding).toMatchObject({ status: "fine" });
    expect(finding.found).toMatch(/Open for 2 s .* [3-5] pings/);
  });

  test("that a proxy cuts is named, with nginx's line", async () => {
    const location = rightLines.replace("75s", "1s");
    await using nginx = await nginxInFront(server.port, { location });
    const origin = new URL(nginx.url);
    const finding = await checkIdle(origin, { seconds: 20 });
    expect(finding).toMatchObject({ status: "wrong" });
    expect(finding.remedy).toContain("proxy_read_timeout 75s;");
  });

  test("cannot be tried where the simple wire is off, and that is said", async () => {
    await using strict = await startTestServer(
      { PARLEY_SIMPLE_WIRE: "off" },
      { webFolder },
    );
    const findings = await lookAt(strict.url);
    expect(notFine(findings)).toEqual([]);
    expect(findings.at(-1)?.found).toMatch(/^Not tried: PARLEY_SIMPLE_WIRE/);
    const origin = new URL(strict.url);
    expect((await checkIdle(origin, { seconds: 5 })).found).toMatch(
      /Not tried/,
    );
  });
});
