/** A socket as the rooms see it: who it is, and how it is told and untold. */
export interface Follower {
  readonly person: string;
  /** The public id of the session it was opened with. */
  readonly sessionId: string;
  /** Its client has said that nobody looks at it. */
  readonly isAway: boolean;
  subscribe(topic: string): void;
  unsubscribe(topic: string): void;
  /** The session has ended, and the socket with it. */
  endSession(): void;
}

/** What the socket server lends to the rooms. */
export interface Publisher {
  /** To every socket of this node that has the topic, encoded once. */
  publish(topic: string, frame: string): void;
  subscriberCount(topic: string): number;
}
