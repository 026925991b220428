import { newCid } from "../identifiers.ts";
import type { CommandContext } from "./context.ts";

/** What those who look after the place do to a room that they need not be in. */
export async function administerRoom(
  { store }: Pick<CommandContext, "store">,
  by: string,
  {
    stream,
    archived,
    isDefault,
  }: {
    stream: string;
    archived?: boolean | undefined;
    isDefault?: boolean | undefined;
  },
): Promise<void> {
  // Restored first: only then newcomers can be put into it.
  if (archived !== undefined) {
    const cid = newCid(store.now());
    await store.write("changeRoom", { stream, by, cid, changes: { archived } });
  }
  if (isDefault !== undefined) {
    await store.write("changeDefault", { by, stream, isDefault });
  }
}
