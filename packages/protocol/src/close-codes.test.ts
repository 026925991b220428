import { expect, test } from "bun:test";
import { afterClose, closeCodes } from "./close-codes.ts";

test("each of our close codes makes a client do what its range says", () => {
  const reactions = Object.fromEntries(
    Object.entries(closeCodes).map(([name, { code }]) => [
      name,
      afterClose(code),
    ]),
  );
  expect(reactions).toEqual({
    unauthenticated: "stop",
    sessionEnded: "stop",
    clientTooOld: "stop",
    misuse: "stop",
    overCapacity: "back-off",
    slowReader: "back-off",
    tooFast: "back-off",
    restarting: "reconnect",
    logChanged: "start-fresh",
  });
});

test("a code from a newer server is obeyed by its range", () => {
  expect(afterClose(4042)).toBe("stop");
  expect(afterClose(4142)).toBe("back-off");
  expect(afterClose(4242)).toBe("reconnect");
});

test("a line that was cut is reconnected; a broken protocol is not repeated at full speed", () => {
  for (const code of [1000, 1001, 1005, 1006, 1011, 1012]) {
    expect(afterClose(code)).toBe("reconnect");
  }
  for (const code of [1002, 1003, 1007, 1008, 1009, 1010]) {
    expect(afterClose(code)).toBe("back-off");
  }
});

test("the reason of a close fits into a control frame (RFC 6455 §5.5: 123 bytes)", () => {
  for (const { sentence } of Object.values(closeCodes)) {
    expect(Buffer.byteLength(sentence)).toBeLessThanOrEqual(123);
  }
});
