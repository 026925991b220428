import type {
  CheckedParams,
  CommandResult,
  Preferences,
} from "@parley/protocol";
import type { CommandContext } from "./context.ts";

export function setPreferences(
  { store, limiter }: CommandContext,
  by: string,
  params: CheckedParams<"preferences.set">,
): Promise<CommandResult<"preferences.set">> {
  limiter.check("readMarkRate", by);
  // What is not given is not there at all, or it would take the old one away.
  const chosen = Object.fromEntries(
    Object.entries(params).filter(([, value]) => value !== undefined),
  ) as Partial<Preferences>;
  return store.write("setPreferences", { by, chosen });
}
