import { median, milliseconds, short, withSpread } from "../figures.ts";
import type { Traffic } from "../load.ts";
import type { Outcome } from "../measure.ts";
import { figure, isSound, measured, verdict } from "../rounds.ts";
import { columns, markdownTable } from "../table.ts";
import type { Question } from "./questions.ts";

/** One line: all rounds of one question or of one place. */
export interface Line {
  outcomes: Outcome[];
}

export interface QuestionLine extends Line {
  question: Question;
}

export interface DeliveryLine extends Line {
  title: string;
  clients: number;
}

/** What was asked, what came of it, and who used the two cores meanwhile. */
export function questionTable(lines: readonly QuestionLine[]): string {
  const headings = [
    "what",
    "measured",
    "target",
    "reached",
    "send → ok p50 ms",
    "p99 ms",
    "each node CPU %",
    "PostgreSQL",
    "NATS",
    "generator",
    "oracle",
  ];
  return markdownTable(
    columns(headings, 4, headings.length - 1),
    lines.map((line) => {
      const { question } = line;
      const rounds = measured(line).map(({ traffic }) =>
        question.figure(traffic),
      );
      const width = rounds[0]?.length ?? 0;
      const figures = Array.from({ length: width }, (_, index) =>
        median(rounds.map((round) => round[index] ?? Number.NaN)),
      );
      const isReached = isSound(line) && question.isReached(figures);
      return [
        question.title,
        width === 0 || figures.some(Number.isNaN) ? "–" : question.say(figures),
        question.target,
        isReached ? "yes" : "no",
        answered(line, "p50Us"),
        answered(line, "p99Us"),
        nodeCpu(line),
        helperCpu(line, "PostgreSQL"),
        helperCpu(line, "NATS"),
        percent(line, ({ generatorCpuPercent }) => generatorCpuPercent),
        verdict(line),
      ];
    }),
  );
}

/** What one delivery costs the nodes together, and beside it their helpers. */
export function deliveryTable(
  lines: readonly DeliveryLine[],
  comparedWith: readonly DeliveryLine[],
): string {
  const headings = [
    "where",
    "clients",
    "server CPU µs/delivery",
    ...comparedWith.map(({ title, clients }) => `× ${title}, ${clients}`),
    "PostgreSQL µs/delivery",
    "NATS µs/delivery",
    "p50 ms",
    "p99 ms",
    "server CPU %",
    "oracle",
  ];
  return markdownTable(
    columns(headings, 1, headings.length - 1),
    lines.map((line) => [
      line.title,
      String(line.clients),
      withSpread(figure(line, ({ traffic }) => traffic.cpuUsPerDelivery)),
      ...comparedWith.map((other) => ratio(line, other)),
      perDelivery(line, "PostgreSQL"),
      perDelivery(line, "NATS"),
      received(line, "p50Us"),
      received(line, "p99Us"),
      percent(line, ({ serverCpuPercent }) => serverCpuPercent),
      verdict(line),
    ]),
  );
}

function ratio(line: Line, other: Line): string {
  if (line === other || !isSound(line) || !isSound(other)) return "–";
  const cost = (one: Line) =>
    median(figure(one, ({ traffic }) => traffic.cpuUsPerDelivery));
  return short(cost(line) / cost(other));
}

function helper({ beside }: Traffic, name: string): number | undefined {
  return beside.find((one) => one.name === name)?.cpuPercent;
}

function helperCpu(line: Line, name: string): string {
  const values = measured(line).flatMap(
    ({ traffic }) => helper(traffic, name) ?? [],
  );
  return withSpread(values, whole);
}

function perDelivery(line: Line, name: string): string {
  const values = measured(line).flatMap(({ traffic }) => {
    const cpu = helper(traffic, name);
    return cpu === undefined ? [] : [(cpu * 1e4) / traffic.deliveriesPerSecond];
  });
  return withSpread(values);
}

function nodeCpu(line: Line): string {
  const rounds = measured(line).map(({ traffic }) => traffic.pidCpuPercents);
  return (rounds[0] ?? [])
    .map((_, node) =>
      whole(median(rounds.map((percents) => percents[node] ?? Number.NaN))),
    )
    .join(" + ");
}

function percent(line: Line, pick: (traffic: Traffic) => number): string {
  return withSpread(
    figure(line, ({ traffic }) => pick(traffic)),
    whole,
  );
}

function answered(line: Line, quantile: "p50Us" | "p99Us"): string {
  return withSpread(
    measured(line).flatMap(({ traffic }) => traffic.answered?.[quantile] ?? []),
    milliseconds,
  );
}

function received(line: Line, quantile: "p50Us" | "p99Us"): string {
  return withSpread(
    measured(line).flatMap(({ traffic }) => traffic.received?.[quantile] ?? []),
    milliseconds,
  );
}

function whole(value: number): string {
  return value.toFixed(0);
}
