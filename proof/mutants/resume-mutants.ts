import { simulated, tested, type Mutant } from "./mutant.ts";

const rooms = "packages/server/src/rooms";
const catchUp = "packages/server/src/socket/catch-up.ts";

/** What is replayed and delivered: numbers 5 to 10, 16, 21, 23, 25 and 26. */
export const resumeMutants: readonly Mutant[] = [
  {
    number: 5,
    name: "resume uses >=",
    patches: [
      {
        file: `${rooms}/recent-events.ts`,
        find: "return this.#events.slice(this.#events.length - (this.last - cursor));",
        replace:
          "return this.#events.slice(Math.max(0, this.#events.length - (this.last - cursor) - 1));",
      },
    ],
    caughtBy: ["O-1"],
    ...simulated,
  },
  {
    number: 6,
    name: "resume by something else than the stream's own number (the time of the event)",
    patches: [
      {
        file: `${rooms}/recent-events.ts`,
        find: "return this.#events.slice(this.#events.length - (this.last - cursor));",
        replace: `const at = ({ text }: RecentEvent) => Number(/"at":(\\d+)/.exec(text)?.[1]);
    const missed = this.#events.slice(this.#events.length - (this.last - cursor));
    const known = this.#events.find(({ seq }) => seq === cursor);
    return known === undefined ? missed : missed.filter((event) => at(event) > at(known));`,
      },
    ],
    caughtBy: ["S-1"],
    ...simulated,
  },
  {
    number: 7,
    name: "resume without flushing what waits to be sent together",
    patches: [
      {
        file: catchUp,
        find: "\n  feed.flush();\n",
        replace: "\n",
      },
    ],
    caughtBy: ["O-1"],
    ...simulated,
  },
  {
    number: 8,
    name: "resume from what this node happens to know",
    patches: [
      {
        file: catchUp,
        find: "await feed.reach(at);",
        replace: "await Promise.resolve();",
      },
    ],
    caughtBy: ["O-3", "S-1"],
    ...simulated,
  },
  {
    number: 9,
    name: "follow before the check",
    patches: [
      {
        file: catchUp,
        find: "  if (!mayRead(connection, cursor.stream)) return undefined;\n  for (const",
        replace: "  for (const",
      },
    ],
    caughtBy: ["A-1"],
    ...simulated,
  },
  {
    number: 10,
    name: "checked once, never again",
    patches: [
      {
        file: `${rooms}/hub.ts`,
        find: "follower.unsubscribe(eventsTopic(stream));",
        replace: "follower.unsubscribe(`${eventsTopic(stream)}?`);",
      },
    ],
    caughtBy: ["A-1"],
    ...simulated,
  },
  {
    number: 16,
    name: "what the bus says is trusted when numbers jump",
    patches: [
      {
        file: `${rooms}/stream-feed.ts`,
        find: "if (seq === expected) next.push(encode(committed));",
        replace: "if (seq >= expected) next.push(encode(committed));",
      },
    ],
    caughtBy: ["S-1", "O-1"],
    ...simulated,
  },
  {
    number: 21,
    name: "a slow client is passed over instead of closed",
    patches: [
      {
        file: "packages/server/src/socket/socket-options.ts",
        find: "closeOnBackpressureLimit: true,",
        replace: "closeOnBackpressureLimit: false,",
      },
    ],
    caughtBy: ["S-1"],
    // Real sockets: it is what Bun does that is tried.
    ...tested("packages/server/src/socket/dropped-frames.test.ts", "reads on"),
  },
  {
    number: 23,
    name: "a removal that is not told to other nodes",
    patches: [
      {
        // Where nobody follows the room, their inbox is the only word of it.
        file: `${rooms}/hub.ts`,
        find: "this.#remove(person, event.room, { seq });",
        replace: "",
      },
    ],
    caughtBy: ["A-1"],
    ...tested(`${rooms}/hub.test.ts`, "the inbox removes"),
  },
  {
    number: 25,
    name: "a session that has ended keeps its sockets",
    patches: [
      {
        file: `${rooms}/hub.ts`,
        find: "if (follower.sessionId === session) follower.endSession();",
        replace:
          "if (follower.sessionId === `${session}?`) follower.endSession();",
      },
    ],
    caughtBy: ["A-2"],
    ...simulated,
  },
  {
    number: 26,
    name: "a deleted text stays in what a node has at hand",
    patches: [
      {
        file: `${rooms}/recent-events.ts`,
        find: "if (deletes !== undefined) this.#delete(deletes);",
        replace: "if (deletes === -1) this.#delete(deletes);",
      },
    ],
    caughtBy: ["E-2"],
    ...simulated,
  },
];
