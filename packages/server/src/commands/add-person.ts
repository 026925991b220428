import type { Me } from "@parley/protocol";
import { newPersonId } from "../identifiers.ts";
import type { PersonToAdd } from "../store/writes/add-person.ts";
import type { CommandContext } from "./context.ts";
import { newLink } from "./make-links.ts";

/** Somebody new with an account; with the link they choose their password. */
export async function addPerson(
  { store }: Pick<CommandContext, "store">,
  by: string,
  person: Pick<PersonToAdd, "name" | "username" | "email" | "role" | "rooms">,
): Promise<{ me: Me; token: string; expiresAt: number }> {
  const { token, link } = newLink();
  const added = await store.write("addPerson", {
    ...person,
    ...{ id: newPersonId(), by, lobby: store.lobby, link },
  });
  return { token, ...added };
}
