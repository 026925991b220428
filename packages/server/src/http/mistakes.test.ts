import { afterAll, beforeAll, expect, test } from "bun:test";
import { errors } from "@parley/protocol";
import type { Hono } from "hono";
import { pino } from "pino";
import { Accounts } from "../auth/accounts.ts";
import { Origins } from "../auth/origins.ts";
import { SessionCookie } from "../auth/session-cookie.ts";
import { Sessions } from "../auth/sessions.ts";
import { readConfig } from "../config.ts";
import { Limiter } from "../limits/limiter.ts";
import { Place } from "../place/place.ts";
import type { Store } from "../store/store.ts";
import { sqlitePlace } from "../testing/sqlite-place.ts";
import { createApp } from "./app.ts";
import type { HttpEnv } from "./context.ts";
import { WebFiles } from "./web-files.ts";

const detail = "SQLITE_IOERR: disk I/O error in /srv/chat/parley.db";

const place = sqlitePlace();
let store: Store;
let app: Hono<HttpEnv>;
let log = "";
beforeAll(async () => {
  store = await place.open(() => undefined);
  const config = readConfig({});
  const { reads } = store;
  const seen = await Place.open({
    ...{ reads, name: "Parley" },
    onError: (error) => {
      throw error;
    },
  });
  app = createApp(
    {
      config,
      place: seen,
      presence: { of: () => Promise.reject(new Error(detail)) },
      log: pino({ base: null }, { write: (line) => (log += line) }),
      commands: { store, limiter: new Limiter(config) },
      sessions: new Sessions(store, config),
      cookie: new SessionCookie({ isSecure: false, days: 1 }),
      accounts: new Accounts({
        ...{ secret: store.secret, isSecure: false, limits: true },
      }),
      origins: new Origins(config),
      endSockets: () => undefined,
      health: () => Promise.reject(new Error(detail)),
    },
    new WebFiles("/nowhere"),
  );
});
afterAll(async () => {
  await store[Symbol.asyncDispose]();
  await place.clear();
});

test("[T53] a mistake of ours is answered internal with a number; what went wrong is in the log under it", async () => {
  const response = await app.request("/healthz", {}, { address: "127.0.0.1" });
  expect(response.status).toBe(500);
  const { error } = (await response.json()) as {
    error: { code: string; message: string };
  };
  expect(error.code).toBe("internal");
  expect(error.message).toStartWith(errors.internal.message);
  const [, incident = "none"] = /\(([0-9a-f]{8})\)$/.exec(error.message) ?? [];
  expect(error.message).not.toContain("SQLITE");
  expect(log).toContain(`"incident":"${incident}"`);
  expect(log).toContain(detail);
  expect(response.headers.get("content-security-policy")).toContain("'none'");
  expect(response.headers.get("cache-control")).toBe("no-store");
});
