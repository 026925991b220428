import { readonly, shallowRef } from "vue";

/** What stands beside the timeline, or before it on a small screen. */
export type Pane = "details" | "connection";

/** Where in the chat a person is. It is in the address, so that Back works. */
export interface Route {
  /** The open room; undefined is the list of rooms. */
  stream: string | undefined;
  pane: Pane | undefined;
}

const current = shallowRef(readRoute(location.hash));

export const route = readonly(current);

/** Follows the browser's Back, Forward and typed addresses. Call once. */
export function watchRoute(signal: AbortSignal): void {
  const update = (): void => {
    current.value = readRoute(location.hash);
  };
  update();
  window.addEventListener("popstate", update, { signal });
  window.addEventListener("hashchange", update, { signal });
}

/** Goes somewhere; Back returns from there. */
export function goTo(next: Route): void {
  if (isSame(next)) return;
  history.pushState({ isOurs: true }, "", addressOf(next));
  current.value = next;
}

/** Goes somewhere without leaving a trace in the browser's history. */
export function replaceWith(next: Route): void {
  if (isSame(next)) return;
  history.replaceState(history.state, "", addressOf(next));
  current.value = next;
}

/** Goes back to where one came from, or to `otherwise` when that was elsewhere. */
export function goBack(otherwise: Route): void {
  const state = history.state as { isOurs?: boolean } | null;
  if (state?.isOurs === true) history.back();
  else replaceWith(otherwise);
}

export function readRoute(hash: string): Route {
  const [stream = "", pane] = hash.replace(/^#\/?/u, "").split("/");
  return {
    stream: /^r_[\w-]+$/u.test(stream) ? stream : undefined,
    pane: pane === "details" || pane === "connection" ? pane : undefined,
  };
}

export function addressOf({ stream, pane }: Route): string {
  return `#/${[stream ?? "", pane].filter((part) => part !== undefined).join("/")}`;
}

function isSame(next: Route): boolean {
  const { stream, pane } = current.value;
  return next.stream === stream && next.pane === pane;
}
