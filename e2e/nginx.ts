import { readFileSync } from "node:fs";
import path from "node:path";
import { Nginx } from "../packages/server/src/testing/nginx.ts";

const file = path.join(import.meta.dirname, "../deploy/nginx.conf");

/** A real nginx with the operator's deploy/nginx.conf, in front of these ports. */
export function startDeployedNginx(
  port: number,
  nodes: readonly number[],
): Promise<Nginx> {
  return Nginx.start(port, (folder, httpLines) => {
    const original = readFileSync(file, "utf8");
    const servers = nodes.map((node) => `127.0.0.1:${node}`);
    const [first = ""] =
      /^ *server 127\.0\.0\.1:8001 .*$/m.exec(original) ?? [];
    const nodeLines = servers.map((address) =>
      first.replace("127.0.0.1:8001", address),
    );
    return placed(original, [
      [/(?:^ *server 127\.0\.0\.1:800\d .*\n)+/m, `${nodeLines.join("\n")}\n`],
      [/^( *)listen 80;$/m, `$1listen 127.0.0.1:${port};`],
      [/^pid .*$/m, `pid ${folder}/pid;`],
      [/^( *)access_log .*$/m, "$1access_log off;"],
      [/^http \{$/m, `http {\n${httpLines}`],
    ]);
  });
}

/** The operator's file with nothing changed but addresses and places. */
function placed(
  original: string,
  changes: readonly (readonly [what: RegExp, replacement: string])[],
): string {
  return changes.reduce((text, [what, replacement]) => {
    const changed = text.replace(what, replacement);
    // A file that changed its form must not be tried with its own addresses.
    if (changed === text) throw new Error(`nginx.conf has no ${String(what)}`);
    return changed;
  }, original);
}
