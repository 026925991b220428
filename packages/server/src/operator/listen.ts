import { chmodSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import { ParleyError } from "@parley/protocol";
import type { Logger } from "../log.ts";
import type { Store } from "../store/store.ts";
import { operate, type OperatorAnswer } from "./operate.ts";
import { OperatorError } from "./operator-error.ts";
import { operatorRequest } from "./requests.ts";
import { makeSocketPath, removeSocket } from "./socket-file.ts";

/** A command line is shorter. */
const requestBytesMax = 65_536;

/** What goes back: an answer, or a sentence that says why there is none. */
export type OperatorReply = { answer: OperatorAnswer } | { refusal: string };

export interface OperatorSurroundings {
  store: Store;
  /** Where the page is. */
  url: string;
  log: Logger;
}

/**
 * Takes what the command line asks while the server runs: the folder's database
 * is the server's alone, so the server does it, and everybody hears of it.
 */
export async function listenToOperator(
  folder: string,
  surroundings: OperatorSurroundings,
): Promise<Disposable> {
  const { log } = surroundings;
  const server = createServer((request, response) => {
    reply(request, surroundings)
      .catch((error: unknown): OperatorReply => {
        log.error({ err: error }, "what the command line asked failed");
        return { refusal: "The server made a mistake. It is in its log." };
      })
      .then((told) => {
        response.setHeader("content-type", "application/json");
        response.end(JSON.stringify(told));
      })
      // The command line has gone away.
      .catch(() => undefined);
  });
  const path = makeSocketPath(folder);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(path, resolve);
  });
  chmodSync(path, 0o600);
  return {
    [Symbol.dispose]: () => {
      server.close();
      server.closeAllConnections();
      removeSocket(folder);
    },
  };
}

async function reply(
  request: IncomingMessage,
  surroundings: OperatorSurroundings,
): Promise<OperatorReply> {
  const parsed = operatorRequest.safeParse(JSON.parse(await textOf(request)));
  if (!parsed.success) {
    return {
      refusal:
        "The server that runs is of another version than this command. Use the command that it was started with.",
    };
  }
  return inWords(() => operate(surroundings, parsed.data));
}

/** An answer, or what an operator can be told of why there is none. */
export async function inWords(
  ask: () => Promise<OperatorAnswer>,
): Promise<OperatorReply> {
  try {
    return { answer: await ask() };
  } catch (error) {
    const isSentence =
      error instanceof ParleyError || error instanceof OperatorError;
    if (isSentence) return { refusal: error.message };
    throw error;
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.byteLength;
    if (bytes > requestBytesMax) throw new Error("a request is too large");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
