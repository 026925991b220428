import { createHash } from "node:crypto";
import { expect, test } from "bun:test";
import { acceptSteps } from "./accept-key.ts";
import { sha1 } from "./sha1.ts";

test("the RFC's own example comes out as the RFC says (§1.3)", () => {
  expect(acceptSteps("dGhlIHNhbXBsZSBub25jZQ==")).toEqual({
    joined: "dGhlIHNhbXBsZSBub25jZQ==258EAFA5-E914-47DA-95CA-C5AB0DC85B11",
    digest: "b37a4f2cc0624f1690f64606cf385945b2bec4ea",
    accept: "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
  });
});

test("SHA-1 agrees with the system's at every length around a block", () => {
  for (let length = 0; length < 200; length += 1) {
    const bytes = Uint8Array.from({ length }, (_, index) => index * 7);
    const expected = createHash("sha1").update(bytes).digest("hex");
    expect(Buffer.from(sha1(bytes)).toString("hex")).toBe(expected);
  }
});
