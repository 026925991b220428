import type { Bus } from "./bus/bus.ts";
import { MemoryBus } from "./bus/memory-bus.ts";
import type { Config } from "./config.ts";
import type { Logger } from "./log.ts";
import type { Store } from "./store/store.ts";

/**
 * The bus that the settings ask for. Nodes that share a database without a bus
 * find each other's events in it: later, but all of them.
 */
export async function openBus(
  config: Config,
  {
    store,
    node,
    log,
  }: {
    store: Pick<Store, "isShared" | "instance" | "secret">;
    node: string;
    log: Logger;
  },
): Promise<Bus> {
  const { isShared, instance, secret } = store;
  if (config.natsUrl.length === 0) return new MemoryBus({ isAlone: !isShared });
  const { openNatsBus } = await import("./bus/nats-bus.ts");
  return openNatsBus({
    urls: config.natsUrl,
    credentials: config.natsCredentials,
    ca: config.natsCa,
    certificate: config.natsCertificate,
    key: config.natsKey,
    instance,
    secret,
    node,
    log,
  });
}
