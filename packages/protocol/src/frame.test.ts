import { describe, expect, test } from "bun:test";
import { joinFrame, parseFrame, readFrame } from "./frame.ts";
import { limits } from "./limits.ts";

/** The code a frame is refused with, or "fine". */
function verdictOn(text: string): string {
  const frame = parseFrame(text);
  return frame.status === "refused" ? frame.code : "fine";
}

/** How long it takes when the machine has nothing else to do: the best of some. */
function bestMs(run: () => void): number {
  const times = Array.from({ length: 5 }, () => {
    const start = performance.now();
    run();
    return performance.now() - start;
  });
  return Math.min(...times);
}

function nested(depth: number): string {
  return `{"a":${"[".repeat(depth - 1)}${"]".repeat(depth - 1)}}`;
}

describe("what a client sends", () => {
  test("one object, or an array of objects, becomes a list of objects", () => {
    expect(parseFrame('{"type":"ping"}')).toEqual({
      status: "fine",
      objects: [{ type: "ping" }],
    });
    expect(parseFrame('[{"type":"ping"},{"type":"pong"}]')).toEqual({
      status: "fine",
      objects: [{ type: "ping" }, { type: "pong" }],
    });
  });

  const notJson = [
    "",
    "{",
    "[1,",
    "nul",
    '{"a":1,}',
    '{"a":1}//',
    "{'a':1}",
    '\ufeff{"a":1}',
    '{"a":1}{"b":2}',
    '{"a":NaN}',
    '53-["x",{"_placeholder":true,"num":0}]',
    "]]]]]]]]]]]]",
  ];
  for (const text of notJson) {
    test(`[J1] [F19] [F31] ${JSON.stringify(text)} is bad_json`, () => {
      expect(verdictOn(text)).toBe("bad_json");
    });
  }

  const notAFrame = [
    "null",
    "1",
    '"x"',
    "true",
    "[]",
    "[[{}]]",
    "[1]",
    "[{},null]",
  ];
  for (const text of notAFrame) {
    test(`[J2] ${text} is bad_frame`, () => {
      expect(verdictOn(text)).toBe("bad_frame");
    });
  }

  test("[J4] nesting to depth 8 is fine, 9 is too_deep", () => {
    expect(verdictOn(nested(8))).toBe("fine");
    expect(verdictOn(nested(9))).toBe("too_deep");
    expect(verdictOn(nested(8).replace("a", "a{[{["))).toBe("fine");
  });

  test("[J3] 30,000 brackets are refused within 10 ms, before anything parses them", () => {
    const text = "[".repeat(30_000) + "]".repeat(30_000);
    const inside = `{"text":${text}}`;
    expect(verdictOn(text)).toBe("too_deep");
    expect(verdictOn(inside)).toBe("too_deep");
    expect(bestMs(() => verdictOn(text))).toBeLessThan(10);
    expect(bestMs(() => verdictOn(inside))).toBeLessThan(10);
  });

  test("[J3] brackets inside a string are text, behind any number of backslashes", () => {
    const deep = "[".repeat(50);
    for (const text of [deep, `\\${deep}`, `\\\\"${deep}`, `"${deep}\\`]) {
      expect(verdictOn(JSON.stringify({ text }))).toBe("fine");
    }
    // Here the string ends before the brackets: they count.
    expect(verdictOn(`{"text":"\\\\",${deep}`)).toBe("too_deep");
  });

  test("[T13] the scan for depth is linear in the worst text of 64 KiB", () => {
    const worst = [
      `"${'\\"'.repeat(32_000)}`,
      `"${"\\".repeat(65_000)}`,
      '"'.repeat(65_000),
    ];
    for (const text of worst) {
      expect(verdictOn(text)).toBe("bad_json");
      expect(bestMs(() => verdictOn(text))).toBeLessThan(20);
    }
  });

  test("[J5] an object has at most 64 keys and a list at most 256 items", () => {
    const keys = (count: number) =>
      Object.fromEntries(
        Array.from({ length: count }, (_, index) => [`k${index}`, 0]),
      );
    expect(verdictOn(JSON.stringify(keys(64)))).toBe("fine");
    expect(verdictOn(JSON.stringify(keys(65)))).toBe("too_many_keys");
    expect(verdictOn(JSON.stringify({ a: { b: keys(65) } }))).toBe(
      "too_many_keys",
    );
    const items = (count: number) => ({ a: new Array<number>(count).fill(0) });
    expect(verdictOn(JSON.stringify(items(256)))).toBe("fine");
    expect(verdictOn(JSON.stringify(items(257)))).toBe("too_many_items");
  });

  test("[J21] cursors may have a key per stream; one too many is left to the schema's own word", () => {
    const cursors = (count: number) =>
      JSON.stringify({
        type: "hello",
        id: 1,
        cursors: Object.fromEntries(
          Array.from({ length: count }, (_, index) => [`r_${index}`, 0]),
        ),
      });
    expect(verdictOn(cursors(limits.streamsPerConnection))).toBe("fine");
    expect(verdictOn(cursors(limits.streamsPerConnection + 500))).toBe("fine");
  });

  test("[J26] a frame carries at most 50 objects", () => {
    const frame = (count: number) =>
      JSON.stringify(new Array<object>(count).fill({ type: "ping" }));
    expect(verdictOn(frame(50))).toBe("fine");
    expect(verdictOn(frame(51))).toBe("too_many_items");
  });

  for (const key of ["__proto__", "constructor", "prototype"]) {
    test(`[J7] [T11] the key ${key} is refused at every level and changes no prototype`, () => {
      expect(verdictOn(`{"${key}":{"admin":true}}`)).toBe("bad_frame");
      expect(verdictOn(`{"a":{"b":[{"${key}":1}]}}`)).toBe("bad_frame");
      expect(verdictOn(`[{"a":1},{"${key}":1}]`)).toBe("bad_frame");
      expect(({} as { admin?: true }).admin).toBeUndefined();
    });
  }

  test("[J7] keys that merely sound dangerous are keys", () => {
    for (const key of ["toJSON", "then", "length", "hasOwnProperty"]) {
      expect(verdictOn(JSON.stringify({ type: "ping", [key]: 1 }))).toBe(
        "fine",
      );
    }
  });

  test("[J6] of a doubled key the last one counts", () => {
    const frame = parseFrame('{"type":"ping","type":"pong"}');
    expect(frame).toEqual({ status: "fine", objects: [{ type: "pong" }] });
  });
});

describe("what the server sends", () => {
  test("one object goes out bare, several as an array, byte for byte as they were encoded", () => {
    expect(joinFrame(['{"a":1}'])).toBe('{"a":1}');
    expect(joinFrame(['{"a":1}', '{"b":2}'])).toBe('[{"a":1},{"b":2}]');
  });

  test("what joinFrame wrote, readFrame reads", () => {
    const objects = [{ type: "ping" }, { seq: 2, text: '[}"\\' }];
    const texts = objects.map((object) => JSON.stringify(object));
    expect(readFrame(joinFrame(texts))).toEqual(objects);
    expect(readFrame(joinFrame(texts.slice(0, 1)))).toEqual([{ type: "ping" }]);
  });

  test("a client skips what is no object, and says so when it is not JSON", () => {
    expect(readFrame('[1,null,{"a":1},[2]]')).toEqual([{ a: 1 }]);
    expect(() => readFrame("{")).toThrow(SyntaxError);
  });
});
