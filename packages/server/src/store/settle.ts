import { ParleyError } from "@parley/protocol";
import type { Settled } from "./commit-batch.ts";

/** Somebody who waits for what becomes of a write. */
export interface Waiting {
  resolve: (value: never) => void;
  reject: (error: Error) => void;
}

/** Tells them, if they still wait. */
export function settle(waiting: Waiting | undefined, settled: Settled): void {
  switch (settled.status) {
    case "done":
      waiting?.resolve(settled.value as never);
      break;
    case "refused":
      waiting?.reject(new ParleyError(settled.code));
      break;
    case "failed":
      waiting?.reject(new Error(settled.message));
      break;
  }
}
