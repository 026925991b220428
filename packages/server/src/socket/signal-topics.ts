import { isRoomTopic, signalsTopicOf, watchedRoom } from "../rooms/topics.ts";
import type { Ws } from "./socket.ts";

/** Takes the socket out of what may get lost; answers the rooms that it watched. */
export function leaveSignals(ws: Ws): string[] {
  const watched: string[] = [];
  for (const topic of ws.subscriptions) {
    const room = watchedRoom(topic);
    if (room !== undefined) {
      watched.push(room);
      ws.unsubscribe(topic);
    } else if (isRoomTopic(topic)) ws.unsubscribe(signalsTopicOf(topic));
  }
  return watched;
}

/** For what it follows by now: it may have left a room meanwhile. */
export function rejoinSignals(ws: Ws): void {
  for (const topic of ws.subscriptions) {
    if (isRoomTopic(topic)) ws.subscribe(signalsTopicOf(topic));
  }
}
