import type { Person } from "@parley/protocol";
import { expect, test } from "bun:test";
import { emptyModel, type ChatModel } from "./chat-model.ts";
import { withPeople, withTold } from "./people-facts.ts";
import { annHerself } from "./testing/rooms-answer.ts";

const id = "u_Bob0000000";

function named(name: string): Person[] {
  return [{ id, name, kind: "guest" }];
}

function nameIn(model: ChatModel): string | undefined {
  return model.people.get(id)?.name;
}

/** A connection that was welcomed at 100, by the server's clock. */
const greeted: ChatModel = {
  ...emptyModel(annHerself),
  time: { greeted: 100, latest: 100 },
};

test("what another stream tells late of somebody, while one catches up, is not news", () => {
  const model = withTold(greeted, named("Bobby"), 90);
  expect(nameIn(withTold(model, named("Bob"), 80))).toBe("Bobby");
  expect(nameIn(withTold(model, named("Robert"), 95))).toBe("Robert");
});

test("what happens now is news, also after the server's clock was set back", () => {
  const model = withTold(greeted, named("Bobby"), 5_000);
  expect(nameIn(withTold(model, named("Bob"), 4_000))).toBe("Bob");
});

test("an answer that was asked for before an event does not undo it", () => {
  const model = withTold(greeted, named("Bobby"), 120);
  expect(nameIn(withPeople(model, named("Bob"), 110))).toBe("Bobby");
  expect(nameIn(withPeople(model, named("Robert"), 120))).toBe("Robert");
});

test("what says nothing new leaves the model as it is", () => {
  const model = withTold(greeted, named("Bob"), 120);
  expect(withTold(model, named("Bob"), 120)).toBe(model);
  expect(withTold(model, named("Bob"), 130).people).toBe(model.people);
});
