import type { ErrorCode } from "@parley/protocol";

/** What any route with a body may answer that checks it. */
export const ofBody: readonly ErrorCode[] = [
  "bad_json",
  "missing_field",
  "unknown_field",
  "invalid_type",
  "csrf",
  "too_large",
  "unsupported_type",
];

/** What any route may answer that computes the hash of a password. */
export const ofPassword: readonly ErrorCode[] = [
  "invalid_value",
  "invalid_text",
  "too_long",
  "rate_limited",
  "over_capacity",
];

/** What is not to be said of oneself. */
export const ofNames: readonly ErrorCode[] = [
  "invalid_email",
  "invalid_name",
  "invalid_characters",
  "invalid_username",
  "name_taken",
  "name_confusable",
];
