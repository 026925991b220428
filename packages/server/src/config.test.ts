import { describe, expect, test } from "bun:test";
import { ConfigError, readConfig, settings } from "./config.ts";

/** The sentence with which these settings are refused. */
function objectionTo(environment: Record<string, string>): string {
  try {
    readConfig(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return "none";
}

describe("settings", () => {
  test("every setting has a default that it accepts itself", () => {
    expect(readConfig({})).toMatchObject({
      port: 8000,
      host: "0.0.0.0",
      data: "./data",
      url: "",
      origins: [],
      simpleWire: "html",
      limits: true,
      gravatar: false,
      log: "info",
      joinRate: { perSecond: 1, burst: 60 },
      connectionsMax: "auto",
      replayEvents: 300,
    });
  });

  test("every setting has a variable of its own and a sentence for docs/configuration.md", () => {
    const all = Object.values(settings);
    expect(new Set(all.map(({ variable }) => variable)).size).toBe(all.length);
    for (const { variable, sentence } of all) {
      expect(variable).toMatch(/^(?:PORT|PARLEY_[A-Z_]+)$/);
      expect(sentence).toMatch(/^\S.{10,}[.…]$/su);
    }
  });

  test("an empty variable means the default, and white space round a value does not count", () => {
    expect(readConfig({ PORT: "" }).port).toBe(8000);
    expect(readConfig({ PORT: " 9000 " }).port).toBe(9000);
    expect(readConfig({ PARLEY_LIMITS: "OFF" }).limits).toBe(false);
  });

  test("the command line goes before the environment", () => {
    expect(readConfig({ PORT: "1" }, { port: "2" }).port).toBe(2);
  });

  const wrong: [string, string, RegExp][] = [
    ["PORT", "http", /whole number from 0 to 65535/],
    ["PORT", "65536", /whole number from 0 to 65535/],
    ["PORT", "-1", /whole number/],
    ["PORT", "80.5", /whole number/],
    ["PORT", "0x50", /whole number/],
    ["PARLEY_REPLAY_EVENTS", "10001", /whole number from 0 to 10000/],
    ["PARLEY_HOST", " ", /must not be empty/],
    ["PARLEY_DATA", " ", /must not be empty/],
    ["PARLEY_URL", "chat.example.org", /like https:\/\/chat\.example\.org/],
    ["PARLEY_URL", "ftp://chat.example.org", /like https/],
    ["PARLEY_URL", "https://chat.example.org/chat", /like https/],
    ["PARLEY_URL", "https://ann:secret@chat.example.org", /like https/],
    ["PARLEY_URL", "https://:secret@chat.example.org", /like https/],
    ["PARLEY_URL", "https://chat.example.org/#top", /like https/],
    ["PARLEY_URL", "https://chat.example.org/?a=1", /like https/],
    ["PARLEY_ORIGINS", "https://a.example,nonsense", /like https/],
    ["PARLEY_ORIGINS", "*", /like https/],
    ["PARLEY_SIMPLE_WIRE", "yes", /one of html, text, off/],
    ["PARLEY_GRAVATAR", "1", /one of on, off/],
    ["PARLEY_LOG", "verbose", /one of debug, info, warn, error, silent/],
    ["PARLEY_LIMITS", "none", /one of on, off/],
    ["PARLEY_SESSION_DAYS", "0", /from 1 to 3650/],
    ["PARLEY_JOIN_RATE", "60", /must look like "2\/s burst 20"/],
    ["PARLEY_MESSAGE_RATE", "0/s burst 20", /must look like/],
    ["PARLEY_MESSAGE_RATE", "2/s burst 0", /must look like/],
    ["PARLEY_CONNECTIONS_MAX", "many", /whole number/],
    ["PARLEY_LOBBY", "x".repeat(81), /1 to 80 characters/],
    ["PARLEY_LOBBY", "Lob\u202eby", /1 to 80 characters/],
  ];
  for (const [variable, value, wanted] of wrong) {
    test(`${variable}=${JSON.stringify(value.slice(0, 40))} is refused by name, with what would do`, () => {
      const sentence = objectionTo({ [variable]: value });
      expect(sentence).toMatch(wanted);
      expect(sentence).toStartWith(`${variable} must`);
      expect(sentence).toContain(`It is "${value}".`);
    });
  }

  test("addresses are kept as a browser writes them in Origin", () => {
    const { url, origins } = readConfig({
      PARLEY_URL: "HTTPS://Chat.Example.org:443/",
      PARLEY_ORIGINS: "http://a.example:8080, https://bücher.example",
    });
    expect(url).toBe("https://chat.example.org");
    expect(origins).toEqual([
      "http://a.example:8080",
      "https://xn--bcher-kva.example",
    ]);
  });

  test("a lobby's name is stored as a room's name is: composed, single spaces", () => {
    expect(readConfig({ PARLEY_LOBBY: "Cafe\u0301   du  coin" }).lobby).toBe(
      "Café du coin",
    );
  });
});

describe("several nodes", () => {
  const database = "postgres://ann:hunter2@db.example.org:5432/chat";

  test("PARLEY_DATABASE_URL and PARLEY_NATS_URL are empty unless set: SQLite, one node", () => {
    expect(readConfig({})).toMatchObject({ databaseUrl: "", natsUrl: [] });
  });

  test("several NATS servers are separated by commas", () => {
    const config = readConfig({
      PARLEY_DATABASE_URL: database,
      PARLEY_NATS_URL: "nats://a:4222, tls://b:4222",
    });
    expect(config.natsUrl).toEqual(["nats://a:4222", "tls://b:4222"]);
  });

  test("[L-5] a wrong address is refused without showing it, because it may hold a password", () => {
    const wrong: Record<string, string>[] = [
      { PARLEY_DATABASE_URL: "mysql://ann:hunter2@db/chat" },
      { PARLEY_DATABASE_URL: "postgres://ann:hunter2@db" },
      { PARLEY_DATABASE_URL: "ann:hunter2" },
      { PARLEY_DATABASE_URL: "postgres://ann%:hunter2@db/chat" },
      {
        PARLEY_DATABASE_URL: database,
        PARLEY_NATS_URL: "redis://ann:hunter2@bus",
      },
    ];
    for (const settings of wrong) {
      const sentence = objectionTo(settings);
      expect(sentence).toMatch(
        /^PARLEY_(?:DATABASE|NATS)_URL must be .*(?:postgres|nats):\/\//,
      );
      expect(sentence).not.toContain("hunter2");
    }
  });

  test("NATS without a database to share is refused: the nodes would have nothing in common", () => {
    expect(objectionTo({ PARLEY_NATS_URL: "nats://bus:4222" })).toMatch(
      /set PARLEY_DATABASE_URL too/,
    );
  });

  test("a node's name has letters, digits, dots, - and _", () => {
    expect(readConfig({ PARLEY_NODE: "node-1.eu" }).node).toBe("node-1.eu");
    expect(objectionTo({ PARLEY_NODE: "node 1" })).toMatch(/^PARLEY_NODE must/);
  });
});
