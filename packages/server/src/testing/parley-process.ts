import path from "node:path";

const main = path.join(import.meta.dir, "../main.ts");

export interface ParleyOptions {
  words?: string[];
  /** Settings; nothing of this process's own environment is passed on. */
  environment?: Record<string, string>;
}

/** A `parley` command that serves. */
export interface ParleyProcess extends AsyncDisposable {
  url: string;
  port: number;
  /** What it has written to standard output so far; all of it once `exited`. */
  output: () => string;
  errors: () => string;
  signal: (name: NodeJS.Signals) => void;
  /** Its exit code; null when a signal ended it. */
  exited: Promise<number | null>;
}

/** Runs the command to its end, as an operator would. */
export async function runParley(options: ParleyOptions = {}) {
  const child = spawn(options);
  const [output, errors, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  return { code, output, errors };
}

/** Starts the command and resolves when it has said where it is. */
export async function startParley(
  options: ParleyOptions = {},
): Promise<ParleyProcess> {
  const child = spawn(options);
  const output = collect(child.stdout);
  const errors = collect(child.stderr);
  const port = await output.until(/http:\/\/[^/\s]+:(\d+)/);
  if (port === undefined) {
    throw new Error(`Parley did not start: ${errors.text()}`);
  }
  return {
    port: Number(port),
    url: `http://127.0.0.1:${port}`,
    output: output.text,
    errors: errors.text,
    signal: (name) => {
      child.kill(name);
    },
    // With its last words: they may be read later than the end is told.
    exited: Promise.all([child.exited, output.ended, errors.ended]).then(
      () => child.exitCode,
    ),
    [Symbol.asyncDispose]: async () => {
      child.kill("SIGKILL");
      await child.exited;
    },
  };
}

function spawn({ words = [], environment = {} }: ParleyOptions) {
  return Bun.spawn([process.execPath, main, ...words], {
    env: {
      PATH: process.env["PATH"] ?? "",
      PORT: "0",
      PARLEY_HOST: "127.0.0.1",
      ...environment,
    },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
}

/** Reads a stream as it comes. */
function collect(stream: ReadableStream<Uint8Array>) {
  let text = "";
  let isEnded = false;
  let changed = Promise.withResolvers<undefined>();
  const change = (): void => {
    changed.resolve(undefined);
    changed = Promise.withResolvers();
  };
  const ended = (async () => {
    const decoder = new TextDecoder();
    for await (const chunk of stream) {
      text += decoder.decode(chunk, { stream: true });
      change();
    }
    isEnded = true;
    change();
  })();
  return {
    ended,
    text: () => text,
    /** The first group of what fits, or undefined at the end. */
    until: async (wanted: RegExp): Promise<string | undefined> => {
      for (;;) {
        const found = wanted.exec(text);
        if (found !== null) return found[1];
        if (isEnded) return undefined;
        await changed.promise;
      }
    },
  };
}
