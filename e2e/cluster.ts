import { freePort } from "../packages/server/src/testing/free-port.ts";
import { testNatsUrl } from "../packages/server/src/testing/test-nats.ts";
import { createTestDatabase } from "../packages/server/src/testing/test-postgres.ts";
import type { Nginx } from "../packages/server/src/testing/nginx.ts";
import { startDeployedNginx } from "./nginx.ts";
import { Parley } from "./parley.ts";
import type { Place, Settings } from "./place.ts";

/**
 * Several nodes that share a PostgreSQL database and a NATS, behind a proxy.
 * All are the real programs; the database is this cluster's own.
 */
export class Cluster implements Place {
  readonly url: string;
  readonly nodes: readonly Parley[];
  #nginx: Nginx | undefined;

  private constructor(url: string, nodes: readonly Parley[]) {
    this.url = url;
    this.nodes = nodes;
  }

  static async start(count: number, settings: Settings = {}): Promise<Cluster> {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const shared = {
      PARLEY_URL: url,
      PARLEY_DATABASE_URL: await createTestDatabase(),
      PARLEY_NATS_URL: await testNatsUrl(),
      ...settings,
    };
    const nodes: Parley[] = [];
    for (let number = 1; number <= count; number += 1) {
      const own = { PARLEY_NODE: `node-${number}`, ...shared };
      nodes.push(new Parley(await freePort(), own));
    }
    const cluster = new Cluster(url, nodes);
    try {
      // All at once, as after a power cut: who comes first makes the tables.
      await cluster.startAgain();
      const ports = nodes.map((node) => node.port);
      cluster.#nginx = await startDeployedNginx(port, ports);
    } catch (error) {
      await cluster[Symbol.asyncDispose]();
      throw error;
    }
    return cluster;
  }

  /** By the name that a node gives itself in `welcome`. */
  node(name: string): Parley {
    const node = this.nodes[Number(name.replace("node-", "")) - 1];
    if (node === undefined) throw new Error(`There is no node "${name}"`);
    return node;
  }

  /** Each node prints one; any of them works, at any node. */
  async setupLink(): Promise<string> {
    const links = await Promise.all(this.nodes.map((node) => node.setupLink()));
    return links.at(-1) ?? "";
  }

  async kill(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.kill()));
  }

  async startAgain(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.startAgain()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#nginx?.[Symbol.asyncDispose]();
    await Promise.all(this.nodes.map((node) => node[Symbol.asyncDispose]()));
  }
}
