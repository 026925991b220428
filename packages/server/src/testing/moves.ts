import { expect } from "bun:test";
import path from "node:path";
import { MoveError, MoveStoppedError } from "../store/moving/move-error.ts";
import {
  moveToPostgres,
  type MoveOptions,
} from "../store/moving/move-to-postgres.ts";
import type { Advance } from "../store/moving/progress.ts";

// Moves that do not come to their end.

/** Stops behind a page of this step in this table. */
export async function stopAt(
  { step, table }: Pick<Advance, "step" | "table">,
  options: Pick<MoveOptions, "folder" | "url" | "pageRows">,
): Promise<void> {
  const controller = new AbortController();
  const stopped = moveToPostgres({
    ...options,
    signal: controller.signal,
    onAdvance: (advance) => {
      if (advance.step !== step || advance.table !== table) return;
      if (advance.done > 0) controller.abort();
    },
  });
  const error = await stopped.catch((error: unknown) => error);
  expect(error).toBeInstanceOf(MoveStoppedError);
}

/** The sentence of a move that does not succeed. */
export async function refusal(options: MoveOptions): Promise<string> {
  const error = await moveToPostgres(options).catch((error: unknown) => error);
  expect(error).toBeInstanceOf(MoveError);
  return (error as MoveError).message;
}

/** `parley migrate-to` in a process of its own, to be killed or told to stop. */
export function spawnMove(folder: string, url: string) {
  const main = path.join(import.meta.dir, "../main.ts");
  return Bun.spawn(
    [process.execPath, main, "migrate-to", url, "--data", folder],
    {
      env: { PATH: process.env["PATH"] ?? "" },
      stdin: "ignore",
      stdout: "pipe",
      stderr: "pipe",
    },
  );
}
