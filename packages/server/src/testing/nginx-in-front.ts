import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { freePort } from "./free-port.ts";

/** What deploy/nginx.conf has for a WebSocket. */
export const rightLines = `
  proxy_http_version 1.1;
  proxy_set_header Host $http_host;
  proxy_set_header Upgrade $http_upgrade;
  proxy_set_header Connection $connection_upgrade;
  proxy_read_timeout 75s;
  proxy_buffering off;`;

export interface NginxLines {
  /** In the server, besides or instead of what passes on. */
  server?: string;
  /** In the location that passes everything on. */
  location?: string;
  /** Behind `listen`, such as "ssl". */
  listen?: string;
}

/** A real nginx in front of a port, as somebody may have configured it. */
export async function nginxInFront(
  node: number,
  { server = "", location = rightLines, listen = "" }: NginxLines = {},
): Promise<AsyncDisposable & { port: number; url: string }> {
  const port = await freePort();
  const folder = mkdtempSync(path.join(tmpdir(), "parley-nginx-"));
  // Started by root, its workers are somebody else and need their files here.
  chmodSync(folder, 0o755);
  const file = path.join(folder, "nginx.conf");
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    .map((what) => `${what}_temp_path ${folder}/${what};`)
    .join("\n");
  writeFileSync(
    file,
    `pid ${folder}/pid;
error_log stderr;
events {}
http {
  ${temporary}
  access_log off;
  map $http_upgrade $connection_upgrade { default upgrade; "" close; }
  server {
    listen 127.0.0.1:${port} ${listen};
    ${server}
    location / { proxy_pass http://127.0.0.1:${node}; ${location} }
  }
}
`,
  );
  const child = run(process.env["NGINX"] ?? "nginx", file);
  const end = async (): Promise<void> => {
    if (child.exitCode === null) {
      const exited = once(child, "exit");
      child.stdin.end("end\n");
      await exited;
    }
    rmSync(folder, { recursive: true, force: true });
  };
  for (let attempt = 0; attempt < 200; attempt += 1) {
    if (child.exitCode !== null) break;
    if (await isListening(port)) {
      const url = `http://127.0.0.1:${port}`;
      return { port, url, [Symbol.asyncDispose]: end };
    }
    await setTimeout(25);
  }
  await end();
  throw new Error(
    "nginx is missing or does not start, and these tests need it: install it (Debian: apt-get install nginx-light), or set NGINX to the program",
  );
}

/** It ends with the pipe to the shell that started it, however this process ends. */
function run(program: string, configuration: string) {
  const script = [
    'trap "" INT', // Ctrl-C reaches this shell too, which still has to end nginx
    "exec 3<&0",
    '"$@" 3<&- & nginx=$!',
    "(read -r _ <&3; kill -TERM $nginx) & watch=$!",
    "wait $nginx",
    "kill $watch",
  ].join("\n");
  return spawn(
    "sh",
    ["-c", script, "sh", program, "-c", configuration, "-g", "daemon off;"],
    { stdio: ["pipe", "ignore", "ignore"] },
  );
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => {
      resolve(false);
    });
  });
}
