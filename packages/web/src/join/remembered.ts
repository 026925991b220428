import { keep, readKept } from "../settings/device-storage.ts";

const storageKey = "parley.join";

/** What was typed the last time on this device, so that it need not be again. */
export function rememberedJoin(): { email: string; name: string } {
  try {
    const kept: unknown = JSON.parse(readKept(storageKey) ?? "{}");
    const { email, name } = (kept ?? {}) as Record<string, unknown>;
    return { email: textOr(email), name: textOr(name) };
  } catch {
    return { email: "", name: "" };
  }
}

export function rememberJoin(who: { email: string; name: string }): void {
  keep(storageKey, JSON.stringify(who));
}

function textOr(value: unknown): string {
  return typeof value === "string" ? value : "";
}

const loginKey = "parley.login";

/** The name under which somebody signed in here last. Never the password. */
export function rememberedLogin(): string {
  return readKept(loginKey) ?? "";
}

export function rememberLogin(login: string): void {
  keep(loginKey, login);
}
