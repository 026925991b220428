import type { Person } from "@parley/protocol";
import type { ChatModel } from "./chat-model.ts";

// What people are called and are. The same news comes in every room that one
// shares with somebody, and in answers over HTTP; streams are replayed one after
// the other, and answers may be late. So it is remembered when each was true.

/** By whose clock: the server's, as its events and its welcome tell it. */
export interface ServerTime {
  /** When this connection was welcomed: what an event tells of later is live. */
  greeted: number;
  /** The latest that was told: what is asked for now is true then or later. */
  latest: number;
}

/** Who people are by an answer that was asked for at `asOf` (`time.latest`). */
export function withPeople(
  model: ChatModel,
  found: readonly Person[],
  asOf: number,
): ChatModel {
  return learned(
    model,
    found.filter(({ id }) => (model.heard.get(id) ?? 0) <= asOf),
    asOf,
  );
}

/**
 * Who people are by an event. A replayed one may be older than what another
 * stream has told; what happens now is news, also after a clock was set back.
 */
export function withTold(
  model: ChatModel,
  told: readonly Person[],
  at: number,
): ChatModel {
  return at >= model.time.greeted
    ? learned(model, told, at)
    : withPeople(model, told, at);
}

/** The same model when there is nothing new. */
function learned(
  model: ChatModel,
  news: readonly Person[],
  at: number,
): ChatModel {
  const isLater = news.filter(({ id }) => model.heard.get(id) !== at);
  const isOther = news.filter((one) => !isSame(one, model.people.get(one.id)));
  if (isLater.length === 0 && isOther.length === 0) return model;
  const heard = new Map(model.heard);
  for (const { id } of isLater) heard.set(id, at);
  if (isOther.length === 0) return { ...model, heard };
  const people = new Map(model.people);
  for (const one of isOther) people.set(one.id, publicFacts(one));
  return { ...model, heard, people };
}

function isSame(one: Person, known: Person | undefined): boolean {
  return (
    one.name === known?.name &&
    one.kind === known.kind &&
    one.rank === known.rank &&
    one.username === known.username &&
    one.suspended === known.suspended
  );
}

/** Without what only oneself may know, such as one's address. */
export function publicFacts(person: Person): Person {
  const { id, name, kind, rank, username, suspended } = person;
  return {
    ...{ id, name, kind },
    ...(rank === undefined ? {} : { rank }),
    ...(username === undefined ? {} : { username }),
    ...(suspended === undefined ? {} : { suspended }),
  };
}
