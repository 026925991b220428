import { expect, test } from "bun:test";
import { readConfig } from "../config.ts";
import { greeting } from "./greeting.ts";

const place = { port: 8123, place: "/srv/chat" };

function said(environment: Record<string, string>): string {
  return greeting(readConfig(environment), place);
}

test("a start says where to go and where the data is", () => {
  const text = said({ PARLEY_NAME: "Our place" });
  expect(text).toContain("Our place is running.");
  expect(text).toContain("http://localhost:8123\n");
  expect(text).toContain("Data: /srv/chat\n");
  expect(text).not.toContain("PARLEY_LIMITS");
});

test("a public address is the only one that is named", () => {
  const text = said({ PARLEY_URL: "https://chat.example.org" });
  expect(text.match(/https?:\S+/g)).toEqual(["https://chat.example.org"]);
});

test("an address that it listens on alone is the only one that is named", () => {
  const text = said({ PARLEY_HOST: "127.0.0.1" });
  expect(text.match(/https?:\S+/g)).toEqual(["http://127.0.0.1:8123"]);
  expect(said({ PARLEY_HOST: "::1" })).toContain("http://[::1]:8123\n");
});

test("PARLEY_LIMITS=off is said loudly", () => {
  expect(said({ PARLEY_LIMITS: "off" })).toContain("!! PARLEY_LIMITS=off");
});

test("one node among several says its name, which the log and the page have too", () => {
  const config = readConfig({ PARLEY_DATABASE_URL: "postgres://db/chat" });
  const at = { port: 8123, place: "PostgreSQL at db/chat" };
  expect(greeting(config, { ...at, node: "node-1" })).toContain("Node: node-1");
  expect(greeting(readConfig({}), { ...at, node: "n_1" })).not.toContain(
    "Node",
  );
});

test("[T37] while nobody owns the place, the link to become the owner is said, by its public address if it has one", () => {
  const setup = "x".repeat(43);
  const known = readConfig({ PARLEY_URL: "https://chat.example.org" });
  const said = greeting(known, { ...place, setup });
  expect(said).toContain(`\n    https://chat.example.org/setup#${setup}\n`);
  expect(said).not.toContain("█");
  const here = greeting(readConfig({}), { ...place, setup });
  expect(here).toContain(`\n    http://localhost:8123/setup#${setup}\n`);
  expect(greeting(readConfig({}), place)).not.toContain("setup");
});

test("a screen shows it as a QR code too, which no log has to keep", () => {
  const setup = "x".repeat(43);
  const config = readConfig({ PARLEY_URL: "https://chat.example.org" });
  const said = greeting(config, { ...place, setup, isScreen: true });
  expect(said).toContain("█");
  expect(greeting(config, { ...place, isScreen: true })).not.toContain("█");
});
