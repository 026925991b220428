import {
  median,
  megabytes,
  milliseconds,
  short,
  withSpread,
} from "./figures.ts";
import { figure, isSound, measured, verdict, type Row } from "./rounds.ts";
import { columns, markdownTable } from "./table.ts";

/** What each server delivers when its clients wait for nothing else. */
export function throughputTable(rows: readonly Row[]): string {
  const headings = [
    "server",
    "durable",
    "deliveries/s",
    "× Go",
    "× ws",
    "p50 ms",
    "p99 ms",
    "CPU µs/delivery",
    "deliveries/frame",
    "RSS MB",
    "generator CPU %",
    "oracle",
  ];
  return markdownTable(
    columns(headings, 2, headings.length - 1),
    rows.map((row) => [
      ...name(row),
      withSpread(figure(row, ({ traffic }) => traffic.deliveriesPerSecond)),
      ratio(row, find(rows, "go"), deliveriesPerSecond),
      ratio(row, find(rows, "ws"), deliveriesPerSecond),
      latency(row, "p50Us"),
      latency(row, "p99Us"),
      withSpread(figure(row, ({ traffic }) => traffic.cpuUsPerDelivery)),
      withSpread(figure(row, ({ traffic }) => traffic.deliveriesPerFrame)),
      memory(row),
      withSpread(figure(row, ({ traffic }) => traffic.generatorCpuPercent)),
      verdict(row),
    ]),
  );
}

/** What a delivery costs each server at a rate that all of them can keep. */
export function costTable(rows: readonly Row[]): string {
  const headings = [
    "server",
    "durable",
    "CPU µs/delivery",
    "× bare Bun",
    "p50 ms",
    "p99 ms",
    "p99.9 ms",
    "send → ok p50 ms",
    "send → ok p99 ms",
    "server CPU %",
    "RSS MB",
    "oracle",
  ];
  return markdownTable(
    columns(headings, 2, headings.length - 1),
    rows.map((row) => [
      ...name(row),
      withSpread(figure(row, ({ traffic }) => traffic.cpuUsPerDelivery)),
      ratio(row, find(rows, "bun"), cpuUsPerDelivery),
      latency(row, "p50Us"),
      latency(row, "p99Us"),
      latency(row, "p999Us"),
      answer(row, "p50Us"),
      answer(row, "p99Us"),
      withSpread(figure(row, ({ traffic }) => traffic.serverCpuPercent)),
      memory(row),
      verdict(row),
    ]),
  );
}

function name({ peer }: Row): [string, string] {
  return [peer.title, peer.isDurable ? "yes" : "no"];
}

function find(rows: readonly Row[], peer: string): Row | undefined {
  return rows.find((row) => row.peer.name === peer);
}

function deliveriesPerSecond(row: Row): number {
  return median(figure(row, ({ traffic }) => traffic.deliveriesPerSecond));
}

function cpuUsPerDelivery(row: Row): number {
  return median(figure(row, ({ traffic }) => traffic.cpuUsPerDelivery));
}

/** Nothing is compared with a run that is void. */
function ratio(
  row: Row,
  other: Row | undefined,
  value: (row: Row) => number,
): string {
  if (other === undefined || other === row) return "–";
  if (!isSound(row) || !isSound(other)) return "–";
  return short(value(row) / value(other));
}

type Quantile = "p50Us" | "p99Us" | "p999Us";

function latency(row: Row, quantile: Quantile): string {
  const values = measured(row).flatMap(({ traffic }) =>
    traffic.received === null ? [] : [traffic.received[quantile]],
  );
  return withSpread(values, milliseconds);
}

function answer(row: Row, quantile: Quantile): string {
  const values = measured(row).flatMap(({ traffic }) =>
    traffic.answered === null ? [] : [traffic.answered[quantile]],
  );
  return withSpread(values, milliseconds);
}

function memory(row: Row): string {
  return withSpread(
    figure(row, ({ report }) => report.rssBytes.after),
    megabytes,
  );
}
