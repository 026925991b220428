import { browserEnv, type Env } from "./env.ts";
import { prefixOf, wipePerson } from "./person-storage.ts";
import { tellWiped } from "./tabs.ts";

/**
 * Removes everything that this device keeps of a person, and ends their chats
 * in all its tabs. A chat does so by itself when it learns that its session has
 * ended; this is for where no chat is open.
 */
export function forgetPerson(
  who: { url: string; person: string },
  env: Env = browserEnv(),
): void {
  wipePerson(env.storage, who);
  tellWiped(env, prefixOf(who));
}
