import type { Hub } from "../rooms/hub.ts";
import { simpleWireTopic } from "../rooms/topics.ts";
import type { Store } from "../store/store.ts";
import { toSimpleMessage } from "./simple-wire.ts";
import type { Sockets } from "./sockets.ts";

/** The lobby goes out in the tutorial's words too, when somebody listens. */
export function speakSimply(
  hub: Hub,
  sockets: Sockets,
  store: Store,
  form: "html" | "text",
): void {
  hub.listen(store.lobby, (events) => {
    if (sockets.subscriberCount(simpleWireTopic) === 0) return;
    for (const { committed } of events) {
      const frame = toSimpleMessage(committed, form);
      if (frame !== undefined) sockets.publish(simpleWireTopic, frame);
    }
  });
}
