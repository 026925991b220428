// The names under which sockets subscribe at Bun. One publish reaches every
// socket of this node that has the topic.

/** The numbered events of a stream. */
export function eventsTopic(stream: string): string {
  return `s:${stream}`;
}

/** Typing and the like: apart, so that it can be shed without touching events. */
export function signalsTopic(stream: string): string {
  return `g:${stream}`;
}

/** Whether it is that of a room, which has signals as well: nobody types into an inbox. */
export function isRoomTopic(topic: string): boolean {
  return topic.startsWith("s:") && !topic.startsWith("s:inbox:");
}

/** The signals of the room whose events come by this topic. */
export function signalsTopicOf(eventsTopic: string): string {
  return `g:${eventsTopic.slice(2)}`;
}

/** Sockets pinged in the same second. */
export function heartbeatTopic(slot: number): string {
  return `hb:${slot}`;
}

/** The lobby in the tutorial's words. */
export const simpleWireTopic = "simple";
