import { setTimeout as wait } from "node:timers/promises";
import { Client } from "pg";

/** Somebody else who holds a stream in a transaction of their own. */
export class StreamHolder implements AsyncDisposable {
  readonly #client: Client;

  constructor(url: string) {
    this.#client = new Client(url);
    this.#client.on("error", () => undefined);
    this.#connected = this.#client.connect();
  }

  readonly #connected: Promise<unknown>;

  async hold(stream: string): Promise<void> {
    await this.#connected;
    await this.#client.query("begin");
    const text = "select 1 from streams where id = $1 for update";
    await this.#client.query(text, [stream]);
  }

  async untilSomebodyWaits(what = "transactionid|tuple"): Promise<void> {
    await this.#connected;
    for (;;) {
      const { rows } = await this.#client.query<{ waits: boolean }>(
        `select count(*) > 0 as waits from pg_stat_activity
        where wait_event_type = 'Lock' and wait_event ~ $1
          and datname = current_database()`,
        [what],
      );
      if (rows[0]?.waits === true) return;
      await wait(5);
    }
  }

  async release(): Promise<void> {
    await this.#client.query("rollback");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#connected;
    await this.#client.end();
  }
}
