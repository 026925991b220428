import { expect, test } from "bun:test";
import {
  readPresence,
  writePresence,
  type PresenceWord,
} from "./presence-word.ts";

const word: PresenceWord = {
  ...{ node: "boot", turn: 3, at: 1_800_000_000_000 },
  people: [
    ["u_77aQ0cXw2L", 2],
    ["u_3hT9pLz6Vb", 0],
  ],
};

function read(text: string): PresenceWord | undefined {
  return readPresence(JSON.parse(text));
}

test("what a node says is read as it was said", () => {
  const words: PresenceWord[] = [
    word,
    { ...word, people: [], asks: true },
    { ...word, people: [], ends: true },
  ];
  for (const one of words) {
    expect(writePresence(one, 64_000).map(read)).toEqual([one]);
  }
});

test("however many people there are, no text is longer than it may be, and nobody is left out", () => {
  const people = Array.from(
    { length: 10_000 },
    (_, n) => [`u_${String(n).padStart(32, "0")}`, 1] as const,
  );
  for (const bytesMax of [1_000, 8_192, 262_144]) {
    const texts = writePresence({ ...word, people, asks: true }, bytesMax);
    for (const text of texts) {
      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(bytesMax);
    }
    const all = texts.flatMap((text) => read(text)?.people ?? []);
    expect(all).toEqual(people.map((one) => [...one]));
  }
});

test("[I6] what a newer node says besides is passed over", () => {
  const text = JSON.stringify({ ...word, mood: "fine" });
  expect(read(text)).toEqual(word);
});
