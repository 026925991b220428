import { pino } from "pino";
import type { Bus } from "../bus/bus.ts";
import { openNatsBus, type NatsBusOptions } from "../bus/nats-bus.ts";

export interface LogLine {
  level: number;
  msg: string;
  [key: string]: unknown;
}

export interface BusNode extends AsyncDisposable {
  bus: Bus;
  log: LogLine[];
  /** The warnings among them. */
  warnings(): string[];
}

/** What two nodes of one database agree on. */
export const oneDatabase = { instance: "db1", secret: "known to its nodes" };

/** A node's bus on a real NATS, with what it logs. */
export async function openBusNode(
  url: string | readonly string[],
  options: Partial<NatsBusOptions> = {},
): Promise<BusNode> {
  const log: LogLine[] = [];
  const bus = await openNatsBus({
    urls: typeof url === "string" ? [url] : url,
    ...{ credentials: "", ca: "", certificate: "", key: "" },
    ...{ ...oneDatabase, node: "node1" },
    log: pino(
      { base: null },
      { write: (line) => void log.push(JSON.parse(line) as LogLine) },
    ),
    ...options,
  });
  return {
    bus,
    log,
    warnings: () =>
      log.filter(({ level }) => level >= 40).map(({ msg }) => msg),
    [Symbol.asyncDispose]: () => bus[Symbol.asyncDispose](),
  };
}

/** Resolves as soon as it is so; throws when that takes too long. */
export async function until(isSo: () => boolean, msMax = 5_000): Promise<void> {
  const end = performance.now() + msMax;
  while (!isSo()) {
    if (performance.now() > end) {
      throw new Error(`not within ${msMax} ms: ${isSo.toString()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
