/**
 * How much a node remembers because of who is connected. Whoever vanishes, and
 * however, leaves none of it behind (L-4).
 */
export interface Held {
  sockets: number;
  /** Of these, who has not said hello yet … */
  newcomers: number;
  /** … and who is far behind. */
  slow: number;
  /** Who is being brought level, or waits for that. */
  comingBack: number;
  /** Addresses that sockets are counted under. */
  addresses: number;
  people: number;
  feeds: number;
  /** Rooms in which, and people of whom, typing is remembered. */
  typing: number;
  /** People whose presence is told, and rooms of which somebody wants to know it. */
  presence: number;
  /** Buckets of all rate limits. */
  buckets: number;
  /** Sockets that have a topic of the heartbeat, as Bun counts them. */
  pinged: number;
}
