import type { DatabaseError } from "pg";

// SQLSTATE codes: PostgreSQL's documentation, appendix A.

/** The server is not the one to write to, or is not there, or is going. */
const lostCodes = new Set([
  "57P01", // admin_shutdown
  "57P02", // crash_shutdown
  "57P03", // cannot_connect_now: it starts or stops
  "57P05", // idle_session_timeout
  "25P03", // idle_in_transaction_session_timeout: this process was asleep
  "25006", // read_only_sql_transaction: a standby, during a failover
  "53300", // too_many_connections
  "3D000", // invalid_catalog_name: not there yet, after a restore
  "57P04", // database_dropped
]);

/** Others were in the way; asked again, it goes. */
const passingCodes = new Set([
  "40001", // serialization_failure
  "40P01", // deadlock_detected
  "55P03", // lock_not_available
  "57014", // query_canceled: it took too long
]);

const fullCodes = new Set([
  "53100", // disk_full
  "53200", // out_of_memory
]);

/**
 * What a failure of PostgreSQL means: the connection is `lost`, it will `pass`,
 * there is no room (`full`), or it is the statement's own (`other`).
 */
export function kindOfFailure(
  error: unknown,
): "lost" | "passing" | "full" | "other" {
  const code = codeOf(error);
  if (code === undefined) {
    // What has no code at all is the program's own mistake, or the driver's
    // word for a connection that ended.
    return isDriversWord(error) ? "lost" : "other";
  }
  if (passingCodes.has(code)) return "passing";
  if (fullCodes.has(code)) return "full";
  // The operating system's codes begin with E (ECONNRESET); no class of
  // SQLSTATE does. Class 08 is "connection exception", 28 a refused user: at
  // the start that is a mistake, later it is what a failover looks like.
  const isLost = /^(?:E(?!RR_)|08|28)/.test(code) || lostCodes.has(code);
  return isLost ? "lost" : "other";
}

function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error)) return undefined;
  const { code } = error as Partial<DatabaseError>;
  return typeof code === "string" ? code : undefined;
}

/** What the driver itself says of a connection that is no more. */
export function isDriversWord(error: unknown): boolean {
  return (
    error instanceof Error &&
    /^(?:Connection terminated|Client has encountered a connection error|Client was closed|timeout exceeded when trying to connect|Query read timeout|timeout expired|There was an error establishing an SSL connection)/.test(
      error.message,
    )
  );
}
