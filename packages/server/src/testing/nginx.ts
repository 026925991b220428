import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout } from "node:timers/promises";

/** What nginx puts somewhere else than a configuration says, unless told. */
const ownFolders = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];

/** A real nginx with a folder of its own. For Node as well as for Bun. */
export class Nginx implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #folder: string;

  private constructor(child: ChildProcess, folder: string) {
    this.#child = child;
    this.#folder = folder;
  }

  /**
   * Resolves when it listens on the port.
   *
   * @param configured The whole configuration, given its folder and the lines
   * of `http` that keep it there.
   * @throws Error when there is no nginx, or its configuration is wrong.
   */
  static async start(
    port: number,
    configured: (folder: string, httpLines: string) => string,
  ): Promise<Nginx> {
    const folder = mkdtempSync(path.join(tmpdir(), "parley-nginx-"));
    // Started by root, its workers are somebody else and need their files here.
    chmodSync(folder, 0o755);
    const file = path.join(folder, "nginx.conf");
    const lines = ownFolders.map(
      (what) => `${what}_temp_path ${folder}/${what};`,
    );
    writeFileSync(file, configured(folder, lines.join("\n")));
    const program = process.env["NGINX"] ?? "nginx";
    const nginx = new Nginx(run(program, file), folder);
    for (let attempt = 0; attempt < 200; attempt += 1) {
      if (nginx.#child.exitCode !== null) break;
      if (await isListening(port)) return nginx;
      await setTimeout(25);
    }
    await nginx[Symbol.asyncDispose]();
    throw new Error(
      `nginx is missing or does not start ("${program}"), and these tests need it: install it (Debian: apt-get install nginx-light), or set NGINX to the program`,
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
