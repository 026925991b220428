import { limits } from "@parley/protocol";
import { networks } from "./limits/networks.ts";
import type { Rate } from "./limits/rate.ts";
import { rateSettings } from "./rate-settings.ts";
import { secretSetting, setting } from "./setting.ts";
import {
  anyText,
  natsUrls,
  nodeName,
  nonEmpty,
  onOff,
  oneOf,
  originList,
  originOrEmpty,
  portNumber,
  postgresUrlOrEmpty,
  roomName,
  wholeNumber,
  wholeNumberOrAuto,
} from "./setting-values.ts";

/**
 * Every setting: its environment variable, a sentence for
 * docs/configuration.md, its default as one would write it, and how it is
 * read. This file is the only reader of the environment.
 */
export const settings = {
  port: setting("PORT", "8000", "The TCP port to listen on.", portNumber),
  host: setting(
    "PARLEY_HOST",
    "0.0.0.0",
    "The address to listen on; 127.0.0.1 keeps Parley on this machine.",
    nonEmpty,
  ),
  data: setting(
    "PARLEY_DATA",
    "./data",
    "The folder that holds everything: database and secrets.",
    nonEmpty,
  ),
  databaseUrl: secretSetting(
    "PARLEY_DATABASE_URL",
    "",
    "Where the data is when one machine is not enough: postgres://user:password@host:5432/database, with ?sslmode=verify-full for TLS. Empty: SQLite in PARLEY_DATA.",
    postgresUrlOrEmpty,
  ),
  databaseConnections: setting(
    "PARLEY_DATABASE_CONNECTIONS",
    "10",
    "Connections of this node to PostgreSQL; a third of them write.",
    wholeNumber(2, 200),
  ),
  natsUrl: secretSetting(
    "PARLEY_NATS_URL",
    "",
    "How the nodes of one database reach each other: nats://host:4222 or tls://host:4222, several separated by commas; user:password@ before the host if need be. Needs PARLEY_DATABASE_URL.",
    natsUrls,
  ),
  natsCredentials: setting(
    "PARLEY_NATS_CREDENTIALS",
    "",
    "The file with NATS credentials (.creds), instead of a password.",
    anyText,
  ),
  natsCa: setting(
    "PARLEY_NATS_CA",
    "",
    "The file with the certificate authority that signed the certificate of NATS.",
    anyText,
  ),
  natsCertificate: setting(
    "PARLEY_NATS_CERTIFICATE",
    "",
    "The file with this node's own certificate, when NATS asks for one …",
    anyText,
  ),
  natsKey: setting("PARLEY_NATS_KEY", "", "… and with its key.", anyText),
  node: setting(
    "PARLEY_NODE",
    "",
    "What this node is called among several, in the log and in the Connection panel. Empty: a name made at the start.",
    nodeName,
  ),
  name: setting(
    "PARLEY_NAME",
    "Parley",
    "What this place is called, on the join page and in the title.",
    nonEmpty,
  ),
  lobby: setting(
    "PARLEY_LOBBY",
    "Lobby",
    "The name of the room that everybody is in. Used when it is made, at the first start.",
    roomName,
  ),
  url: setting(
    "PARLEY_URL",
    "",
    "The public address, such as https://chat.example.org. With https the session cookie is Secure, and only this origin (and PARLEY_ORIGINS) may connect. Empty: whatever host the browser used.",
    originOrEmpty,
  ),
  origins: setting(
    "PARLEY_ORIGINS",
    "",
    "Further origins whose pages may open a WebSocket here, separated by commas.",
    originList,
  ),
  trustedProxies: setting(
    "PARLEY_TRUSTED_PROXIES",
    "",
    "The proxies in front, as addresses or ranges (127.0.0.1, 10.0.0.0/8) separated by commas: whom they name in X-Forwarded-For is who asks, for the limits per address. From anybody else that header is ignored.",
    networks,
  ),
  simpleWire: setting(
    "PARLEY_SIMPLE_WIRE",
    "html",
    "Clients without a subprotocol: html (what they receive can go into a page as it is: & < > are escaped), text (unescaped), off.",
    oneOf("html", "text", "off"),
  ),
  replayEvents: setting(
    "PARLEY_REPLAY_EVENTS",
    String(limits.replayEvents),
    "Missed events per room that are replayed to who comes back; who missed more starts from a page of the newest 50. Up to 10000; above 1000, each who comes back costs several reads per room.",
    wholeNumber(0, 10_000),
  ),
  gravatar: setting(
    "PARLEY_GRAVATAR",
    "off",
    "on: the server asks gravatar.com for pictures, with a hash of the e-mail address, and caches them. Browsers never ask.",
    onOff,
  ),
  log: setting(
    "PARLEY_LOG",
    "info",
    "How much is logged to standard output: debug, info, warn, error, silent.",
    oneOf("debug", "info", "warn", "error", "silent"),
  ),
  limits: setting(
    "PARLEY_LIMITS",
    "on",
    "off lifts all rates and connection limits below, never the sizes. For benchmarks and load tests only.",
    onOff,
  ),
  sessionIdleDays: setting(
    "PARLEY_SESSION_IDLE_DAYS",
    "14",
    "A session ends after this many days without use …",
    wholeNumber(1, 3650),
  ),
  sessionDays: setting(
    "PARLEY_SESSION_DAYS",
    "90",
    "… and after this many days in any case.",
    wholeNumber(1, 3650),
  ),
  ...rateSettings,
  passwordLength: setting(
    "PARLEY_PASSWORD_LENGTH",
    "15",
    "The least characters of a password that somebody chooses. There is no second factor, so nothing below 8 will do.",
    wholeNumber(8, 64),
  ),
  connectionsMax: setting(
    "PARLEY_CONNECTIONS_MAX",
    "auto",
    "WebSocket connections in all; auto: what the limit on open files leaves.",
    wholeNumberOrAuto,
  ),
  connectionsPerPersonMax: setting(
    "PARLEY_CONNECTIONS_PER_PERSON_MAX",
    "20",
    "WebSocket connections of one person.",
    wholeNumber(1, 1_000_000),
  ),
  anonymousPerAddressMax: setting(
    "PARLEY_ANONYMOUS_PER_ADDRESS_MAX",
    "20",
    "WebSocket connections without a session cookie, per address.",
    wholeNumber(1, 1_000_000),
  ),
  connectionsPerAddressMax: setting(
    "PARLEY_CONNECTIONS_PER_ADDRESS_MAX",
    "500",
    "WebSocket connections with a session cookie, per address.",
    wholeNumber(1, 1_000_000),
  ),
} as const;

type Settings = typeof settings;
type SettingName = keyof Settings;
export type Config = {
  readonly [Name in SettingName]: ReturnType<Settings[Name]["read"]>;
};

/** A setting that cannot be used; its message names it and says what would do. */
export class ConfigError extends Error {}

/**
 * Reads all settings. `overrides` are the command line's, by setting.
 * Throws ConfigError at the first one that is wrong.
 */
export function readConfig(
  environment: Record<string, string | undefined>,
  overrides: Partial<Record<SettingName, string>> = {},
): Config {
  const config: Record<string, unknown> = {};
  for (const [name, setting] of Object.entries(settings)) {
    const { variable, defaultText, read } = setting;
    const given = overrides[name as SettingName] ?? environment[variable];
    const text = given === undefined || given === "" ? defaultText : given;
    try {
      config[name] = read(text.trim());
    } catch (cause) {
      const wanted = cause instanceof Error ? cause.message : String(cause);
      // A password must not end up in a log or on a screen (L-5).
      const found = setting.isSecret ? "" : ` It is "${text}".`;
      throw new ConfigError(`${variable} ${wanted}.${found}`, { cause });
    }
  }
  demandDatabaseForNats(config as Config);
  return config as Config;
}

function demandDatabaseForNats({ natsUrl, databaseUrl }: Config): void {
  if (natsUrl.length === 0 || databaseUrl !== "") return;
  throw new ConfigError(
    "PARLEY_NATS_URL connects nodes that share a database, and a SQLite file cannot be shared: set PARLEY_DATABASE_URL too, or leave PARLEY_NATS_URL empty.",
  );
}

export type { Rate };
