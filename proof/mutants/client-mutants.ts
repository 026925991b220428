import { simulated, type Mutant } from "./mutant.ts";

const client = "packages/client/src";

/** What the client does with it: numbers 11, 13, 18 and 19 of the list. */
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
    ],
    caughtBy: ["V-1", "L-2", "V-5"],
    ...simulated,
  },
];
