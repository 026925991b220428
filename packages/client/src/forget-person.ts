import { browserEnv, type Env } from "./env.ts";
import { rememberedLife } from "./lives.ts";
import { prefixOf, wipeLife } from "./person-storage.ts";
import { tellWiped } from "./tabs.ts";

/**
 * Removes everything that this device keeps of a person, and ends their chats
 * in all its tabs. A chat does so by itself when it learns that its session has
 * ended; this is for where no chat is open. Where one was open in this tab, its
 * sign-in is meant: if they are here again since, in another tab, that stays.
 */
export function forgetPerson(
  who: { url: string; person: string },
  env: Env = browserEnv(),
): void {
  const prefix = prefixOf(who);
  const life = rememberedLife(env.storage, prefix);
  wipeLife(env.storage, prefix, life);
  tellWiped(env, prefix, life);
}
