import type { ServerInfo } from "@nats-io/transport-node";
import { connect } from "node:net";

/** A server tells its version, limits and addresses in far less. */
const infoCharsMax = 65_536;

/**
 * Asks who listens there: the first line that a NATS server says by itself.
 * The client's own attempt would leave its socket open when nobody answers,
 * as a frozen server does, and there are several attempts a second.
 */
export function knock(
  { hostname, port }: { hostname: string; port: number },
  { msMax, signal }: { msMax: number; signal: AbortSignal },
): Promise<ServerInfo> {
  return new Promise((resolve, reject) => {
    let said = "";
    const socket = connect({ host: hostname, port, signal });
    const timer = setTimeout(() => {
      end(new Error("it does not answer"));
    }, msMax);
    const end = (answer: ServerInfo | Error): void => {
      clearTimeout(timer);
      socket.destroy();
      if (answer instanceof Error) reject(answer);
      else resolve(answer);
    };
    socket.setEncoding("latin1");
    socket.on("data", (data: unknown) => {
      said += String(data);
      const line = /^INFO\s+(\{[^\n]*\})\s*\n/.exec(said)?.[1];
      if (line !== undefined) end(infoIn(line));
      else if (said.includes("\n") || said.length > infoCharsMax) {
        end(new NoNatsError());
      }
    });
    socket.on("error", end);
    socket.on("close", () => {
      end(new Error("it closed the connection"));
    });
  });
}

/** Something answers there, but it is no NATS server. */
export class NoNatsError extends Error {}

function infoIn(line: string): ServerInfo | Error {
  try {
    return JSON.parse(line) as ServerInfo;
  } catch {
    return new NoNatsError();
  }
}
