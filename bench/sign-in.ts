// bun bench/sign-in.ts [--at-once 8] [--secs 5]
// People sign in with their passwords, so many at once and again and again: how
// much later does everybody else hear from the server meanwhile?
import { rm } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { median, short } from "./figures.ts";
import { dataFolder, spawnParley } from "./peers/parley.ts";
import { columns, markdownTable } from "./table.ts";

const { values } = parseArgs({
  options: {
    "at-once": { type: "string", default: "8" },
    secs: { type: "string", default: "5" },
  },
});
const atOnce = Number(values["at-once"]);
const measuredMs = Number(values.secs) * 1_000;

/** So often the server is asked whether it is there. */
const askEveryMs = 5;
const password = "correct horse battery";

/** A question that takes the server nothing: how long until its answer. */
class Probe {
  readonly #socket: WebSocket;
  #answered: (() => void) | undefined;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener("message", ({ data }) => {
      if (String(data).includes('"pong"')) this.#answered?.();
    });
  }

  static async open(port: number, cookie: string): Promise<Probe> {
    const url = `ws://127.0.0.1:${port}/ws`;
    const headers = { cookie, origin: `http://127.0.0.1:${port}` };
    // The DOM's types know nothing of headers; Bun's WebSocket takes them.
    const options = {
      headers,
      protocols: ["parley.v1"],
    } as unknown as string[];
    const socket = new WebSocket(url, options);
    await new Promise((resolve, reject) => {
      socket.addEventListener("open", resolve);
      socket.addEventListener("error", reject);
    });
    socket.send(JSON.stringify({ type: "hello", id: 1, cursors: {} }));
    return new Probe(socket);
  }

  /** The answers' milliseconds, in ascending order. */
  async ask(forMs: number): Promise<number[]> {
    const answers: number[] = [];
    const until = performance.now() + forMs;
    while (performance.now() < until) {
      const asked = performance.now();
      const { promise, resolve } = Promise.withResolvers<undefined>();
      this.#answered = () => {
        resolve(undefined);
      };
      this.#socket.send('{"type":"ping"}');
      await promise;
      answers.push(performance.now() - asked);
      await Bun.sleep(askEveryMs);
    }
    return answers.sort((a, b) => a - b);
  }

  close(): void {
    this.#socket.close();
  }
}

function post(port: number, path: string, body: object, cookie = "") {
  return fetch(`http://127.0.0.1:${port}/api/${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", cookie },
    body: JSON.stringify(body),
  });
}

function cookieOf(response: Response): string {
  return response.headers.getSetCookie()[0]?.split(";")[0] ?? "";
}

async function addAccount(port: number, username: string): Promise<string> {
  const email = `${username}@example.org`;
  const joined = await post(port, "join", { email, name: `Bench ${username}` });
  const body = { email, username, password };
  const claimed = await post(port, "account", body, cookieOf(joined));
  if (!claimed.ok) throw new Error(await claimed.text());
  return cookieOf(claimed);
}

/** Signs in again and again until told to stop; answers how long each took. */
async function signInAgain(
  port: number,
  login: string,
  signal: AbortSignal,
): Promise<number[]> {
  const times: number[] = [];
  while (!signal.aborted) {
    const begun = performance.now();
    const answer = await post(port, "sign-in", { login, password });
    await answer.body?.cancel();
    if (!answer.ok) throw new Error(`sign-in: ${answer.status}`);
    times.push(performance.now() - begun);
  }
  return times;
}

/**
 * The same hashes in processes of their own: what a machine with these few cores
 * does to anybody who has to share them, without a part of the server's.
 */
function computeElsewhere(): Disposable {
  const script = `for (;;) await Bun.password.hash("${password}", { algorithm: "argon2id", memoryCost: 19456, timeCost: 2 });`;
  const count = Math.min(4, availableParallelism());
  const processes = Array.from({ length: count }, () =>
    Bun.spawn([process.execPath, "-e", script]),
  );
  return {
    [Symbol.dispose]: () => {
      for (const one of processes) one.kill();
    },
  };
}

async function askMeanwhile(probe: Probe): Promise<number[]> {
  const elsewhere = computeElsewhere();
  try {
    return await probe.ask(measuredMs);
  } finally {
    elsewhere[Symbol.dispose]();
  }
}

function line(what: string, delays: readonly number[], rest: string[]) {
  const at = (quantile: number): string =>
    short(delays[Math.floor(delays.length * quantile)] ?? Number.NaN);
  return [what, at(0.5), at(0.99), short(delays.at(-1) ?? Number.NaN), ...rest];
}

const data = await dataFolder();
try {
  await using server = await spawnParley({ data, isPinned: false });
  const { port } = server;
  const cookies: string[] = [];
  for (let index = 0; index < atOnce; index += 1) {
    cookies.push(await addAccount(port, `person${index}`));
  }
  const probe = await Probe.open(port, cookies[0] ?? "");
  await probe.ask(1_000);
  const quiet = await probe.ask(measuredMs);

  const shared = await askMeanwhile(probe);
  const stop = new AbortController();
  const signingIn = cookies.map((_, index) =>
    signInAgain(port, `person${index}`, stop.signal),
  );
  const busy = await probe.ask(measuredMs);
  stop.abort();
  const times = (await Promise.all(signingIn)).flat();
  probe.close();

  const seconds = measuredMs / 1_000;
  console.log(`## ${atOnce} people sign in at once, again and again

${markdownTable(
  columns(
    [
      "meanwhile",
      "ping → pong p50 ms",
      "p99 ms",
      "max ms",
      "sign-ins/s",
      "each takes ms",
    ],
    1,
  ),
  [
    line("nobody signs in", quiet, ["–", "–"]),
    line("others compute as many hashes", shared, ["–", "–"]),
    line(`${atOnce} sign in`, busy, [
      short(times.length / seconds),
      short(median(times)),
    ]),
  ],
)}`);
} finally {
  await rm(data, { recursive: true, force: true });
}
