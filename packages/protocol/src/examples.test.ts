import { expect, test } from "bun:test";
import {
  answers,
  commands,
  events,
  questions,
  signals,
  simpleExample,
  simpleMessage,
} from "./catalog.ts";

const definitions = [
  ...questions,
  ...commands,
  ...answers,
  ...events,
  ...signals,
];

// `ok` and `error` close every command, so what they show besides belongs to
// the command whose answer they are.
const carriesMore = new Set(["ok"]);

for (const { kind, name, frame, example } of definitions) {
  const shown = "ask" in example ? example.ask : example;

  test(`the example of ${name} fits its schema, whole and unchanged`, () => {
    const parsed: unknown = frame.parse(shown);
    if (carriesMore.has(name)) expect(shown).toMatchObject(parsed as object);
    else expect(parsed).toEqual(shown);
  });

  test(`${name} shows its kind in its keys: ${kind}`, () => {
    const isAboutCommand = "id" in shown;
    const isEvent = !isAboutCommand && "seq" in shown;
    const wanted = {
      question: [true, false],
      command: [true, false],
      answer: [true, false],
      event: [false, true],
      signal: [false, false],
    }[kind];
    expect([isAboutCommand, isEvent]).toEqual(wanted);
  });

  test(`an unknown key in ${name} is dropped, not refused (old and new versions work together)`, () => {
    const withMore = { ...shown, someFutureKey: { deep: [1] } };
    expect(frame.parse(withMore)).not.toHaveProperty("someFutureKey");
  });
}

for (const { name, result, example } of commands) {
  test(`the example answer to ${name} fits its schema, whole and unchanged`, () => {
    const parsed: unknown = result.parse(example.answer);
    expect(parsed).toEqual(example.answer);
  });
}

test("the example of the simple wire fits its schema, whole and unchanged", () => {
  expect(simpleMessage.parse(simpleExample)).toEqual(simpleExample);
});

test("every name on the wire stands for one thing", () => {
  const up = [...questions, ...commands, ...signals].map(({ name }) => name);
  const down = [...answers, ...events, ...signals].map(({ name }) => name);
  expect(new Set(up).size).toBe(up.length);
  expect(new Set(down).size).toBe(down.length);
});

test("everything has a sentence for docs/protocol.md", () => {
  for (const { summary } of definitions) {
    expect(summary).toMatch(/^\S.{5,}[.?]/su);
  }
});
