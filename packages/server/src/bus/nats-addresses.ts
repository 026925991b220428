import {
  credsAuthenticator,
  type NodeConnectionOptions,
} from "@nats-io/transport-node";
import { readFileSync } from "node:fs";
import { createSecureContext } from "node:tls";
import { ConfigError } from "../config.ts";

/** The settings that say where NATS is and who this node is to it. */
export interface NatsSettings {
  /** PARLEY_NATS_URL. */
  urls: readonly string[];
  /** PARLEY_NATS_CREDENTIALS, a file; empty: none. */
  credentials: string;
  /** PARLEY_NATS_CA, PARLEY_NATS_CERTIFICATE and PARLEY_NATS_KEY, files too. */
  ca: string;
  certificate: string;
  key: string;
}

/** One server of NATS, and what is shown to it. */
export interface NatsAddress {
  /** host:port, without a password: for sentences. */
  name: string;
  hostname: string;
  port: number;
  /** What this node says it is. */
  shows: "credentials" | "password" | "token" | "nothing";
  hasCertificate: boolean;
  options: Pick<
    NodeConnectionOptions,
    "servers" | "authenticator" | "user" | "pass" | "token" | "tls"
  >;
}

const defaultPort = 4222;

/** Reads the files. Throws a ConfigError with a sentence that names the setting. */
export function natsAddresses(settings: NatsSettings): NatsAddress[] {
  const tls = readTls(settings);
  const authenticator = readCredentials(settings.credentials);
  const urls = settings.urls.map((text) => new URL(text));
  const mustEncrypt = urls.some(({ protocol }) => protocol === "tls:");
  return urls.map((url) => {
    const hostname = url.hostname.replace(/^\[(.*)\]$/, "$1");
    const port = url.port === "" ? defaultPort : Number(url.port);
    const name = `${url.hostname}:${port}`;
    const { shows, ...shown } = authenticator ?? shownBy(url);
    return {
      ...{ name, hostname, port, shows },
      hasCertificate: settings.certificate !== "",
      options: {
        ...{ servers: name, ...shown },
        // Undefined: encrypted when the server offers it.
        ...(mustEncrypt || tls !== undefined ? { tls: tls ?? {} } : {}),
      },
    };
  });
}

function shownBy(url: URL) {
  const user = decoded(url.username);
  const pass = decoded(url.password);
  if (user === "") return { shows: "nothing" as const };
  // As NATS' own tools read it: one word before the host is a token.
  return url.password === "" && !url.href.includes(":@")
    ? { shows: "token" as const, token: user }
    : { shows: "password" as const, user, pass };
}

/** A password with a % in it that nobody encoded is taken as it stands. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function readCredentials(file: string) {
  if (file === "") return undefined;
  const setting = "PARLEY_NATS_CREDENTIALS";
  readSetting(setting, file);
  // Read anew for each connection: such files are replaced before they expire.
  const authenticator = credsAuthenticator(() => readFileSync(file));
  try {
    authenticator("try");
  } catch (cause) {
    throw new ConfigError(
      `${setting} must name a file with NATS credentials (.creds). ${file} holds none.`,
      { cause },
    );
  }
  return { shows: "credentials" as const, authenticator };
}

function readTls({ ca, certificate, key }: NatsSettings) {
  if ((certificate === "") !== (key === "")) {
    throw new ConfigError(
      "PARLEY_NATS_CERTIFICATE and PARLEY_NATS_KEY belong together: set both, or neither.",
    );
  }
  const tls: { ca?: string; cert?: string; key?: string } = {};
  if (ca !== "") {
    tls.ca = readSetting("PARLEY_NATS_CA", ca);
    demand("PARLEY_NATS_CA must name a file with certificates (PEM)", {
      ca: tls.ca,
    });
  }
  if (certificate !== "") {
    tls.cert = readSetting("PARLEY_NATS_CERTIFICATE", certificate);
    tls.key = readSetting("PARLEY_NATS_KEY", key);
    const { cert, key: secret } = tls;
    demand(
      "PARLEY_NATS_CERTIFICATE and PARLEY_NATS_KEY must name a certificate and the key that belongs to it (PEM)",
      { cert, key: secret },
    );
  }
  return ca === "" && certificate === "" ? undefined : tls;
}

function readSetting(setting: string, file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? "unknown";
    const why = code === "ENOENT" ? "there is no such file" : code;
    throw new ConfigError(
      `${setting} must name a file that can be read. It is "${file}" (${why}).`,
      { cause },
    );
  }
}

function demand(
  sentence: string,
  parts: Parameters<typeof createSecureContext>[0],
): void {
  try {
    createSecureContext(parts);
  } catch (cause) {
    throw new ConfigError(`${sentence}.`, { cause });
  }
}
