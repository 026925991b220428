import type { Event, FrameObject } from "@parley/protocol";
import type { Feed } from "./feed.ts";
import type { Following } from "./following.ts";
import type { Presence } from "./presence.ts";
import { helloId, type Requests } from "./requests.ts";
import type { Typing } from "./typing.ts";

/** Sorts what comes by its kind, which the keys tell: answer, event or signal. */
export function createReceiver(parts: {
  requests: Requests;
  following: Following;
  feed: Feed;
  typing: Typing;
  presence: Presence;
}): (object: FrameObject) => void {
  const { requests, following, feed, typing, presence } = parts;
  return (object) => {
    if ("id" in object) {
      if (object["id"] === helloId) following.answered(object);
      else requests.answered(object);
    } else if ("seq" in object) feed.arrive(object as unknown as Event);
    else if (object["type"] === "typing") typing.heard(object);
    else if (object["type"] === "presence") presence.heard(object);
  };
}
