import {
  AuthorizationError,
  UserAuthenticationExpiredError,
  type ServerInfo,
} from "@nats-io/transport-node";
import { NoNatsError } from "./knock.ts";
import type { NatsAddress } from "./nats-addresses.ts";

/** Why a server of NATS cannot be used. Its message has no password in it. */
export class NatsTrouble extends Error {
  /** Whether a setting is wrong, so that waiting will not help. */
  readonly isMistake: boolean;

  constructor(message: string, isMistake: boolean, cause?: unknown) {
    super(message, { cause });
    this.isMistake = isMistake;
  }
}

/** What an attempt to connect ran into, for the operator: a sentence without its full stop. */
export function natsTrouble(
  address: NatsAddress,
  error: unknown,
  info: ServerInfo | undefined,
): NatsTrouble {
  const remedy = mistakeIn(address, error, info);
  return remedy === undefined
    ? new NatsTrouble(
        `NATS at ${address.name} cannot be reached (${reason(error)})`,
        false,
        error,
      )
    : new NatsTrouble(`NATS at ${address.name} ${remedy}`, true, error);
}

function mistakeIn(
  address: NatsAddress,
  error: unknown,
  info: ServerInfo | undefined,
): string | undefined {
  if (error instanceof NoNatsError) {
    return "is something else: it does not answer like a NATS server. Correct PARLEY_NATS_URL";
  }
  if (isRefusal(error)) return refusals[address.shows];
  if (address.options.tls !== undefined && info !== undefined) {
    const offersTls = info.tls_required ?? info.tls_available ?? false;
    if (!offersTls) {
      return "does not offer TLS, which tls:// in PARLEY_NATS_URL, PARLEY_NATS_CA or PARLEY_NATS_CERTIFICATE asks for";
    }
  }
  const code = codeOf(error);
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID") {
    return "shows a certificate for another name. PARLEY_NATS_URL must call the host as the certificate does";
  }
  if (/^CERT_(HAS_EXPIRED|NOT_YET_VALID)$/.test(code)) {
    return "shows a certificate that has expired, or is not valid yet. It needs a new one";
  }
  if (/UNABLE_TO_|SELF_SIGNED/.test(code)) {
    return "shows a certificate from an authority that is not known here. Name the authority's file in PARLEY_NATS_CA";
  }
  if (info?.tls_verify === true && !isTimeout(error)) {
    return address.hasCertificate
      ? "does not accept this node's certificate. Check PARLEY_NATS_CERTIFICATE and PARLEY_NATS_KEY"
      : "asks for a certificate of this node. Set PARLEY_NATS_CERTIFICATE and PARLEY_NATS_KEY";
  }
  return undefined;
}

const refusals: Record<NatsAddress["shows"], string> = {
  credentials:
    "refuses the credentials in the file that PARLEY_NATS_CREDENTIALS names",
  password: "refuses the user and password in PARLEY_NATS_URL",
  token: "refuses the token in PARLEY_NATS_URL",
  nothing:
    "asks who this node is. Put user:password@ before the host in PARLEY_NATS_URL, or name a file in PARLEY_NATS_CREDENTIALS",
};

function isRefusal(error: unknown): boolean {
  return (
    error instanceof UserAuthenticationExpiredError ||
    // A server that is too busy to ask says "authentication timeout".
    (error instanceof AuthorizationError && !isTimeout(error))
  );
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && /timeout/i.test(error.message);
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return "";
  if ("code" in error && typeof error.code === "string") return error.code;
  return codeOf(error.cause);
}

const reasons: Record<string, string> = {
  ECONNREFUSED: "nothing listens there",
  ENOTFOUND: "there is no such host",
  EAI_AGAIN: "its name cannot be looked up just now",
  ETIMEDOUT: "it does not answer",
  EHOSTUNREACH: "there is no way to this host",
  ENETUNREACH: "there is no way to this network",
  ECONNRESET: "it closed the connection",
};

function reason(error: unknown): string {
  if (isTimeout(error)) return "it does not answer";
  const code = codeOf(error);
  const fallback = error instanceof Error ? error.message : String(error);
  return reasons[code] ?? (fallback === "" ? code : fallback);
}
