import { networkInterfaces } from "node:os";
import type { Config } from "../config.ts";

/** Where the page can be opened, the nearest first. */
export function pageUrls({ url, host }: Config, port: number): string[] {
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

/** What links begin with: the configured address, never one that a request named (T51). */
export function pageUrl(config: Config, port: number): string {
  const [url = ""] = pageUrls(config, port);
  return url;
}
