import { isAtLeast } from "@parley/protocol";
import { titleOf } from "./questions.ts";
import type { Asked } from "./ask.ts";
import { mailDomain, type Part } from "./template.ts";

/** Everything that came to somebody while they asked one question. */
export interface Heard {
  heard: string[];
  /** Texts with the addresses that they gave, or whose owners they have become. */
  known: string[];
}

const address = new RegExp(`[\\w.+-]+@${mailDomain.replace(".", "[.]")}`, "gi");

/** What of it was not for them, in words. */
export function leaksIn(
  { question, part }: Pick<Asked, "question" | "part">,
  { heard, known }: Heard,
  parts: readonly Part[],
): string[] {
  const { asking } = part;
  const isAbove =
    asking.without === undefined && isAtLeast(asking.role, "administrator");
  const isListing =
    isAbove && "route" in question && /admin|invit/.test(question.route);
  const leaks: string[] = [];
  const told = heard.join("\n");
  const own = known.join("\n").toLowerCase();
  for (const [found] of told.matchAll(address)) {
    if (!isAbove && !own.includes(found.toLowerCase())) leaks.push(found);
  }
  for (const other of parts) {
    if (other === part) continue;
    const { direct, private: closed } = other.rooms;
    const hidden = [direct, ...(isListing ? [] : [closed])];
    for (const { stream } of hidden) {
      if (told.includes(stream)) leaks.push(`${stream} of another set`);
    }
  }
  return leaks.map((leak) => `${titleOf(question)}, ${asking.name}: ${leak}`);
}
