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

/** Who is here of a room: only to whoever wants to know. */
export function presenceTopic(stream: string): string {
  return `p:${stream}`;
}

/** The room of such a topic; undefined for any other. */
export function watchedRoom(topic: string): string | undefined {
  return topic.startsWith("p:") ? topic.slice(2) : undefined;
}

/** Sockets pinged in the same second. */
export function heartbeatTopic(slot: number): string {
  return `hb:${slot}`;
}

/** The lobby in the tutorial's words. */
export const simpleWireTopic = "simple";
