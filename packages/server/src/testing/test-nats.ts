import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { setTimeout } from "node:timers/promises";
import { freePort } from "./free-port.ts";

export interface TestNats {
  /** Such as nats://127.0.0.1:4222. */
  url: string;
  port: number;
  /** Its process, for SIGSTOP and SIGCONT. */
  pid: number;
  /** Ends it as a crash does; nothing is kept. */
  kill(): Promise<void>;
  /** Starts it again on its port; resolves when it answers. */
  startAgain(): Promise<void>;
  stop(): Promise<void>;
}

/** Kept for the whole run of the tests, in whichever file they are. */
const shared = globalThis as { testNats?: Promise<TestNats> };

/** The address of the NATS that all tests of this run share. */
export async function testNatsUrl(): Promise<string> {
  return (await (shared.testNats ??= startTestNats())).url;
}

/**
 * A real nats-server of one's own; `options` are its command line's. It never
 * outlives the tests, however those end.
 */
export async function startTestNats(
  options: readonly string[] = [],
): Promise<TestNats> {
  const port = await freePort();
  let server = await start(port, options);
  const kill = async (): Promise<void> => {
    if (server.child.exitCode !== null || server.child.signalCode !== null) {
      return;
    }
    const exited = once(server.child, "exit");
    process.kill(server.pid, "SIGKILL");
    await exited;
  };
  return {
    url: `nats://127.0.0.1:${port}`,
    port,
    get pid() {
      return server.pid;
    },
    kill,
    startAgain: async () => {
      server = await start(port, options);
    },
    stop: kill,
  };
}

/** The server dies with the pipe to the shell that started it, however this process ends. */
async function start(
  port: number,
  options: readonly string[],
): Promise<{ child: ChildProcess; pid: number }> {
  const program = process.env["NATS_SERVER"] ?? "nats-server";
  const script = [
    "exec 3<&0",
    '"$@" 3<&- & server=$!',
    "echo $server",
    "(read -r _ <&3; kill -9 $server) & watch=$!",
    "wait $server",
    "kill $watch",
  ].join("\n");
  const child = spawn(
    "sh",
    [
      ...["-c", script, "sh", program, "-a", "127.0.0.1"],
      ...["-p", String(port), "-l", "/dev/null", ...options],
    ],
    { stdio: ["pipe", "pipe", "ignore"] },
  );
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  const pid = Number(line.toString());
  for (let attempt = 0; attempt < 400; attempt += 1) {
    if (child.exitCode !== null) break;
    if (await isListening(port)) return { child, pid };
    await setTimeout(10);
  }
  throw new Error(
    `nats-server is missing or does not start ("${program}"), and these tests need it: install it (Debian: apt-get install nats-server), or set NATS_SERVER to the program`,
  );
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("data", () => {
      // Its INFO line: it is ready for clients.
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => {
      resolve(false);
    });
    // Also when it was taken and let go without a word.
    socket.once("close", () => {
      resolve(false);
    });
  });
}
