import { simulated, tested, type Mutant } from "./mutant.ts";

const client = "packages/client/src";

/** What the client does with it: numbers 11, 13 and 18 to 20 of the list. */
export const clientMutants: readonly Mutant[] = [
  {
    number: 11,
    name: "unread counted up in memory",
    patches: [
      {
        file: `${client}/unread.ts`,
        find: "others.filter((seq) => seq > head).length;",
        replace: "others.filter((seq) => seq > 0 * head).length;",
      },
    ],
    caughtBy: ["U-1"],
    ...simulated,
  },
  {
    number: 13,
    name: "a row's echo known by its text instead of its cid",
    patches: [
      {
        file: `${client}/timeline.ts`,
        find: "messages.some((row) => row.cid === cid)),",
        replace:
          "messages.some((row) => row.text === timeline.pending.find((one) => one.cid === cid)?.text)),",
      },
      {
        file: `${client}/apply-event.ts`,
        find: "timeline: withoutPending(room.timeline, cid)",
        replace:
          "timeline: { ...room.timeline, pending: room.timeline.pending.filter(({ text }) => text !== message.text) }",
      },
    ],
    caughtBy: ["V-1"],
    ...tested(`${client}/timeline.test.ts`, "takes its pending row away"),
  },
  {
    number: 18,
    name: "epoch ignored after a restore",
    patches: [
      {
        file: `${client}/connect.ts`,
        find: "isOurLog: (epoch) => epoch === model.now().epoch,",
        replace: "isOurLog: () => true,",
      },
      {
        file: "packages/server/src/socket/streams.ts",
        find: "epoch !== undefined && epoch !== null && epoch !== store.epoch,",
        replace: "false,",
      },
    ],
    caughtBy: ["P23", "V-4", "S-1"],
    ...tested(
      "packages/server/src/restored-client.test.ts",
      "further than the backup",
    ),
  },
  {
    number: 19,
    name: "a retry with a new cid",
    patches: [
      {
        file: `${client}/outbox.ts`,
        find: 'ask({ type: "message.post", stream, cid, text }, (outcome) => {',
        replace: `const tries = entry as { wasTried?: boolean };
    const used = tries.wasTried === true ? makeCid(env) : cid;
    tries.wasTried = true;
    ask({ type: "message.post", stream, cid: used, text }, (outcome) => {`,
      },
    ],
    caughtBy: ["V-5", "O-2"],
    ...simulated,
  },
  {
    number: 20,
    name: "wall clock for the end of typing",
    patches: [
      {
        file: "packages/server/src/rooms/typing.ts",
        find: "const now = performance.now();",
        replace: "const now = Date.now();",
      },
      {
        file: "packages/server/src/rooms/typing.ts",
        find: "this.#tell(performance.now());",
        replace: "this.#tell(Date.now());",
      },
    ],
    caughtBy: ["P18"],
    ...tested("packages/server/src/rooms/typing-clock.test.ts", "P18"),
  },
];
