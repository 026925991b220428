import type { Traffic } from "../load.ts";

/** Something that is asked of three nodes with a database and NATS beside them. */
export interface Question {
  /** For --only. */
  name: string;
  title: string;
  target: string;
  people: number;
  /** 0: all in the lobby. */
  rooms: number;
  load: string[];
  figure: (traffic: Traffic) => number[];
  /** Says the medians of these figures. */
  say: (figures: readonly number[]) => string;
  isReached: (figures: readonly number[]) => boolean;
}

const perSecond = {
  figure: ({ answersPerSecond }: Traffic) => [answersPerSecond],
  say: ([rate = Number.NaN]: readonly number[]) =>
    `${Math.round(rate).toLocaleString("en")}/s`,
};

/** What is pushed waits for the acknowledgement, that is, for the commit. */
const pushed = ["--pace", "answer", "--size", "64"];

export const questions: readonly Question[] = [
  {
    name: "hot",
    title: "one hot room, posts from all nodes: acknowledged",
    target: "≥ 3,000/s",
    // Two listeners on each node: enough to check the order everywhere, few
    // enough that it is writing that is measured.
    ...{ people: 54, rooms: 0 },
    load: [
      ...["--publishers", "48", "--listeners", "6", "--window", "8"],
      ...pushed,
    ],
    ...perSecond,
    isReached: ([rate = 0]) => rate >= 3_000,
  },
  {
    name: "rooms",
    title: "64 rooms, posts from all nodes: acknowledged",
    target: "≥ 6,000/s",
    // Of each room one person on each node, who both posts and listens.
    ...{ people: 192, rooms: 64 },
    load: ["--publishers", "192", "--window", "4", ...pushed],
    ...perSecond,
    isReached: ([rate = 0]) => rate >= 6_000,
  },
  {
    name: "latency",
    title: "post on one node → seen on another, 200 posts/s over 50 rooms",
    target: "p50 < 8 ms, p99 < 60 ms",
    ...{ people: 150, rooms: 50 },
    load: ["--publishers", "150", "--rate", "200", "--size", "64"],
    figure: ({ crossed }) => [crossed?.p50Us ?? NaN, crossed?.p99Us ?? NaN],
    say: ([p50 = Number.NaN, p99 = Number.NaN]) =>
      `p50 ${(p50 / 1_000).toFixed(1)} ms, p99 ${(p99 / 1_000).toFixed(1)} ms`,
    isReached: ([p50 = Infinity, p99 = Infinity]) =>
      p50 < 8_000 && p99 < 60_000,
  },
];
