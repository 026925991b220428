import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout } from "node:timers/promises";

const file = path.join(import.meta.dirname, "../deploy/nginx.conf");

/** A real nginx with the operator's deploy/nginx.conf, in front of these ports. */
export class Nginx implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #folder: string;

  private constructor(child: ChildProcess, folder: string) {
    this.#child = child;
    this.#folder = folder;
  }

  static async start(port: number, nodes: readonly number[]): Promise<Nginx> {
    const folder = mkdtempSync(path.join(tmpdir(), "parley-nginx-"));
    // Started by root, its workers are somebody else and need their files here.
    chmodSync(folder, 0o755);
    const configuration = path.join(folder, "nginx.conf");
    writeFileSync(configuration, placed(folder, port, nodes));
    const program = process.env["NGINX"] ?? "nginx";
    const nginx = new Nginx(run(program, configuration), folder);
    for (let attempt = 0; attempt < 200; attempt += 1) {
      if (nginx.#child.exitCode !== null) break;
      if (await isListening(port)) return nginx;
      await setTimeout(25);
    }
    await nginx[Symbol.asyncDispose]();
    throw new Error(
      `nginx is missing or does not start ("${program}"), and these stories need it: install it (Debian: apt-get install nginx-light), or set NGINX to the program`,
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode === null) {
      const exited = once(this.#child, "exit");
      this.#child.stdin?.end("end\n");
      await exited;
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** The operator's file with nothing changed but addresses and places. */
function placed(
  folder: string,
  port: number,
  nodes: readonly number[],
): string {
  const servers = nodes.map((node) => `127.0.0.1:${node}`);
  const ownFolders = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    .map((what) => `${what}_temp_path ${folder}/${what};`)
    .join("\n");
  const original = readFileSync(file, "utf8");
  const [first = ""] = /^ *server 127\.0\.0\.1:8001 .*$/m.exec(original) ?? [];
  const nodeLines = servers.map((address) =>
    first.replace("127.0.0.1:8001", address),
  );
  return [
    [/(?:^ *server 127\.0\.0\.1:800\d .*\n)+/m, `${nodeLines.join("\n")}\n`],
    [/^( *)listen 80;$/m, `$1listen 127.0.0.1:${port};`],
    [/^pid .*$/m, `pid ${folder}/pid;`],
    [/^( *)access_log .*$/m, "$1access_log off;"],
    [/^http \{$/m, `http {\n${ownFolders}`],
  ].reduce((text, [what, replacement]) => {
    const changed = text.replace(what as RegExp, replacement as string);
    // A file that changed its form must not be tried with its own addresses.
    if (changed === text) throw new Error(`nginx.conf has no ${String(what)}`);
    return changed;
  }, original);
}

/** It ends with the pipe to the shell that started it, however this process ends. */
function run(program: string, configuration: string): ChildProcess {
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
