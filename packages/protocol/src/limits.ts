/**
 * The sizes of the wire, with units in their names. They belong to the
 * protocol: both sides may rely on them, and no setting changes them. How
 * often something may happen is the server's business (its config.ts).
 */
export const limits = {
  /** One WebSocket message, both ways up. OWASP's advice is 64 KB or less. */
  frameBytes: 65_536,
  /** JSON objects that one frame from a client may carry. */
  objectsPerFrame: 50,
  /** Nesting of a client's JSON; nothing we define goes beyond four. */
  jsonDepth: 8,
  keysPerObject: 64,
  itemsPerArray: 256,
  /** Code points, not UTF-16 units: an emoji counts once. Implies 40,000 bytes. */
  textCodePoints: 10_000,
  textLines: 1_000,
  /** Combining marks on one base character; more is drawn over its neighbours. */
  marksPerCharacter: 32,
  nameCodePoints: 64,
  marksPerNameCharacter: 8,
  roomNameCodePoints: 80,
  topicCodePoints: 250,
  /** RFC 5321 §4.5.3.1.3 leaves 254 for an address. */
  emailChars: 254,
  /** Far more than a sentence; hashing takes the same time for any of them. */
  passwordCodePoints: 128,
  streamsPerConnection: 2_000,
  /** Events that a resume replays per stream; more is answered with `reset`. */
  replayEvents: 300,
  /** Events in a `reset`. */
  resetEvents: 50,
  /** Events that one `history` command may ask for. */
  historyEvents: 100,
  /** Messages in one page over HTTP. */
  pageMessages: 100,
  /** People in one page or one question over HTTP. */
  pagePeople: 200,
  /** `unread` counts up to here and means "this many or more". */
  unreadCount: 100,
  /** A client says hello within this time or is closed with 4001. */
  helloMs: 10_000,
  /** The server pings this often … */
  pingMs: 25_000,
  /** … and either side takes a longer silence for death. */
  silenceMs: 35_000,
  /** A typing signal holds this long … */
  typingMs: 6_000,
  /** … and is worth repeating after this long. */
  typingEveryMs: 3_000,
  /** In rooms of up to so many people each is told how present the others are; above, only how many are. */
  presenceMembers: 200,
  /** Rooms of which a connection may want to know who is here. */
  watchedRooms: 64,
} as const;

export type Limits = typeof limits;
