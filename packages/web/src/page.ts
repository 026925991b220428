import { readonly, shallowRef } from "vue";

/**
 * The pages of the place. What opens one (a link's secret) stands behind the #,
 * which a browser sends to no server; it is taken out of the address as soon as
 * it is read, so that neither the history nor a screenshot has it.
 */
export type Page =
  | { name: "chat" }
  | { name: "admin" }
  | { name: "setup" | "invite" | "reset"; secret: string };

const secretPaths = /^\/(setup|invite|reset)\/?$/u;

export function readPage(path: string, hash: string): Page {
  const name = secretPaths.exec(path)?.[1] as
    "setup" | "invite" | "reset" | undefined;
  if (name !== undefined) return { name, secret: hash.replace(/^#/u, "") };
  return /^\/admin\/?$/u.test(path) ? { name: "admin" } : { name: "chat" };
}

const current = shallowRef<Page>(readPage(location.pathname, location.hash));

/** Where the browser is. */
export const page = readonly(current);

/** Takes the secret out of the address, and follows a second link in this tab. */
export function watchPage(): void {
  hideSecret();
  window.addEventListener("hashchange", () => {
    const next = readPage(location.pathname, location.hash);
    if (!("secret" in next) || next.secret === "") return;
    current.value = next;
    hideSecret();
  });
}

/** What the link was for is done, or was not wanted: on to the chat, or a room of it. */
export function openChat(stream?: string): void {
  history.replaceState(null, "", stream === undefined ? "/" : `/#/${stream}`);
  current.value = { name: "chat" };
}

function hideSecret(): void {
  if (!("secret" in current.value) || location.hash === "") return;
  history.replaceState(null, "", location.pathname);
}
