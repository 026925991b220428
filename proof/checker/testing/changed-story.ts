import type { HistoryRecord } from "../../history/record.ts";
import { checkHistory } from "../check-history.ts";
import type { CheckOptions } from "../options.ts";
import { endQuietly, soundStory, type Story } from "./story.ts";

/** The rules that a story breaks. */
export function rulesOf(story: Story, options: CheckOptions = {}): string[] {
  const { records, log } = story;
  const { violations } = checkHistory({ records, log, options });
  return [...new Set(violations.map(({ rule }) => rule))].toSorted();
}

export type Changes = (story: Story) => void;

/** The rules that are broken by a sound run with one thing changed, after its quiet end. */
export function foundAfter(change: Changes, options?: CheckOptions): string[] {
  const story = soundStory();
  endQuietly(story);
  change(story);
  return rulesOf(story, options);
}

/** … with something that happens before its quiet end. */
export function foundBefore(happen: Changes, options?: CheckOptions): string[] {
  const story = soundStory();
  happen(story);
  endQuietly(story);
  return rulesOf(story, options);
}

/** The only, or the n-th, record of a kind. */
export function record<K extends HistoryRecord["k"]>(
  { records }: Story,
  k: K,
  nth = 0,
): Extract<HistoryRecord, { k: K }> {
  const found = records.filter((one) => one.k === k).at(nth);
  if (found === undefined) throw new Error(`there is no ${k} ${nth}`);
  return found as Extract<HistoryRecord, { k: K }>;
}

export function remove({ records }: Story, ...gone: HistoryRecord[]): void {
  for (const one of gone) records.splice(records.indexOf(one), 1);
}
