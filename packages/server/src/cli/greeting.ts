import type { Config } from "../config.ts";
import { pageUrls } from "./page-url.ts";
import { drawn } from "./qr-code.ts";

export interface Greeted {
  port: number;
  /** Where the data is. */
  place: string;
  /** What the place is called by now. */
  name?: string;
  node?: string;
  /** What the link to become the owner ends with, while there is none. */
  setup?: string | undefined;
  /** Whether a screen shows this, which a phone can be held to. */
  isScreen?: boolean;
}

/** The friendly block of a start: where to go, and where everything is. */
export function greeting(
  config: Config,
  { port, place, name = config.name, node, setup, isScreen }: Greeted,
): string {
  const urls = pageUrls(config, port);
  const lines = [
    "",
    `  ${name} is running.`,
    "",
    ...urls.map((address) => `    ${address}`),
    "",
    `  Data: ${place}`,
  ];
  if (config.databaseUrl !== "" && node) lines.push(`  Node: ${node}`);
  if (setup !== undefined) {
    const [nearest = "", other = nearest] = urls;
    lines.push(
      "",
      "  It has no owner yet. Whoever opens this link first becomes it:",
      "",
      `    ${nearest}/setup#${setup}`,
    );
    // A phone does not know this machine as localhost.
    if (isScreen) lines.push("", drawn(`${other}/setup#${setup}`));
  }
  if (!config.limits) {
    lines.push(
      "",
      "  !! PARLEY_LIMITS=off: no rate and no connection limit is in force.",
      "  !! Anybody can flood this server. For benchmarks and load tests only.",
    );
  }
  return `${lines.join("\n")}\n`;
}
