import type { CheckedParams, CommandResult } from "@parley/protocol";
import type { CommandContext } from "./context.ts";

export function blockPerson(
  { store, limiter }: CommandContext,
  by: string,
  { person, blocked }: CheckedParams<"person.block">,
): Promise<CommandResult<"person.block">> {
  limiter.check("readMarkRate", by);
  return store.write("blockPerson", { by, person, blocked });
}
