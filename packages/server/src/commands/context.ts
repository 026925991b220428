import type { Limiter } from "../limits/limiter.ts";
import type { Store } from "../store/store.ts";

/** What a command works with. It knows neither sockets nor HTTP. */
export interface CommandContext {
  store: Store;
  limiter: Limiter;
}
