import { networkInterfaces } from "node:os";
import type { Config } from "../config.ts";

/** The friendly block of a start: where to go, and where everything is. */
export function greeting(
  config: Config,
  { port, place, node }: { port: number; place: string; node?: string },
): string {
  const lines = [
    "",
    `  ${config.name} is running.`,
    "",
    ...addresses(config, port).map((address) => `    ${address}`),
    "",
    `  Data: ${place}`,
  ];
  if (config.databaseUrl !== "" && node) lines.push(`  Node: ${node}`);
  if (!config.limits) {
    lines.push(
      "",
      "  !! PARLEY_LIMITS=off: no rate and no connection limit is in force.",
      "  !! Anybody can flood this server. For benchmarks and load tests only.",
    );
  }
  return `${lines.join("\n")}\n`;
}

function addresses({ url, host }: Config, port: number): string[] {
  if (url !== "") return [url];
  const isEverywhere = host === "0.0.0.0" || host === "::";
  if (!isEverywhere)
    return [`http://${host.includes(":") ? `[${host}]` : host}:${port}`];
  const others = Object.values(networkInterfaces())
    .flatMap((entries) => entries ?? [])
    .filter(({ family, internal }) => family === "IPv4" && !internal)
    .map(({ address }) => `http://${address}:${port}`);
  return [`http://localhost:${port}`, ...others];
}
