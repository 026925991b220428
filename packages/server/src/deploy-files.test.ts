import { describe, expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { readConfig, settings, type Config } from "./config.ts";
import { freePort } from "./testing/free-port.ts";
import { startTestServer } from "./testing/start-test-server.ts";

const root = path.join(import.meta.dir, "../../..");
const read = (file: string): string =>
  readFileSync(path.join(root, file), "utf8");
const known = new Set<string>(
  Object.values(settings).map(({ variable }) => variable),
);

interface Service {
  build?: object;
  environment?: Record<string, string>;
  restart?: string;
  healthcheck?: object;
  ports?: string[];
  stop_grace_period?: string;
}

// In .env.example passwords are left out, or somebody would keep them.
const examples: Record<string, string> = {
  ...variablesOf("deploy/.env.example"),
  POSTGRES_PASSWORD: "0123abcd",
  NATS_PASSWORD: "abcd0123",
};

/** compose.yaml with the variables that .env is to give. */
const compose = Bun.YAML.parse(
  read("deploy/compose.yaml").replaceAll(
    /\$\{(\w+):\?[^}]*\}/g,
    (_, name: string) => examples[name] ?? "missing from .env.example",
  ),
) as { services: Record<string, Service> };

const nodes = Object.entries(compose.services).filter(([, { build }]) => build);

function variablesOf(file: string): Record<string, string> {
  const lines = read(file).matchAll(/^(\w+)=(.*)$/gm);
  return Object.fromEntries(
    [...lines].map(([, name = "", value = ""]) => [name, value] as const),
  );
}

describe("every setting that is named exists", () => {
  const files = readdirSync(path.join(root, "deploy"))
    .map((name) => `deploy/${name}`)
    .concat("docs/scaling.md");
  for (const file of files) {
    test(`in ${file}`, () => {
      const named = read(file).match(/\bPARLEY_[A-Z]+(?:_[A-Z]+)*\b/g) ?? [];
      expect(named.filter((name) => !known.has(name))).toEqual([]);
    });
  }
});

/** What has to be otherwise behind a proxy. */
function expectFitBehindProxy(config: Config): void {
  expect(config.url).toStartWith("https://");
  expect(config.databaseUrl).not.toBe("");
  expect(config.natsUrl).not.toEqual([]);
  // All people come from the proxy's address, and are known by what it says.
  expect(config.trustedProxies.isEmpty).toBe(false);
  const usual = readConfig({});
  expect(config.resumeRate).toEqual(usual.resumeRate);
  expect(config.connectionsPerAddressMax).toBe(usual.connectionsPerAddressMax);
  expect(config.messageRate).toEqual(usual.messageRate);
}

test("compose.yaml starts three nodes of one chat, with settings that Parley takes", () => {
  expect(nodes).toHaveLength(3);
  const configs = nodes.map(([, { environment }]) => readConfig(environment!));
  for (const config of configs) expectFitBehindProxy(config);
  expect(new Set(configs.map(({ node }) => node)).size).toBe(3);
  const [first] = configs;
  for (const config of configs) {
    expect({ ...config, node: "" }).toEqual({ ...first!, node: "" });
  }
});

test("compose.yaml lets nobody but the proxy be reached, restarts everything, and gives a stop its time", () => {
  for (const [name, service] of Object.entries(compose.services)) {
    expect([name, service.restart]).toEqual([name, "unless-stopped"]);
    expect([name, service.ports !== undefined]).toEqual([
      name,
      name === "caddy",
    ]);
  }
  // A stop of Parley ends by itself within five seconds.
  for (const [, node] of nodes) expect(node.stop_grace_period).toBe("10s");
  const addresses = compose.services["caddy"]?.environment?.["CHAT_NODES"];
  expect(addresses).toBe(nodes.map(([name]) => `${name}:8000`).join(" "));
});

test("parley.env.example has settings that Parley takes", () => {
  expectFitBehindProxy(readConfig(variablesOf("deploy/parley.env.example")));
});

test("both units are hardened alike, and give a stop its time", () => {
  const [one, several] = ["parley.service", "parley@.service"].map((name) =>
    read(`deploy/${name}`),
  );
  const hardening = one!.slice(one!.indexOf("# A crash ends in a restart"));
  expect(hardening).toContain("TimeoutStopSec=10\n");
  expect(several).toEndWith(hardening);
});

test("the image's health check asks the server inside, and fails where there is none", async () => {
  const line = /^HEALTHCHECK .*\\\n *CMD (.*)$/m.exec(
    read("deploy/Dockerfile"),
  );
  // In the image the program is its own runtime; here that is this one.
  const command = line![1]!.replace("BUN_BE_BUN=1 parley", '"$0"');
  const check = (port: number) =>
    Bun.spawn(["sh", "-c", command, process.execPath], {
      env: { PORT: String(port) },
    }).exited;
  await using server = await startTestServer();
  expect(await check(server.port)).toBe(0);
  expect(await check(await freePort())).toBe(1);
});

test("no proxy goes by /healthz: without NATS it would take out all nodes", () => {
  for (const file of ["deploy/nginx.conf", "deploy/Caddyfile"]) {
    const lines = read(file)
      .split("\n")
      .filter((line) => !line.trim().startsWith("#"));
    expect(lines.join("\n")).not.toContain("/healthz");
  }
});
