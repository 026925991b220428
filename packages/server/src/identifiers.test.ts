import { expect, test } from "bun:test";
import {
  cid as cidSchema,
  personId as personIdSchema,
  roomId as roomIdSchema,
} from "@parley/protocol/catalog";
import {
  hashToken,
  newCid,
  newPersonId,
  newRoomId,
  newSessionToken,
} from "./identifiers.ts";

test("ids that the server makes are ids on the wire", () => {
  for (let round = 0; round < 200; round += 1) {
    expect(roomIdSchema.safeParse(newRoomId()).success).toBe(true);
    expect(personIdSchema.safeParse(newPersonId()).success).toBe(true);
    expect(cidSchema.safeParse(newCid(Date.now())).success).toBe(true);
  }
});

test("a cid carries its time, so that cids sort by when they were made (RFC 9562 §5.7)", () => {
  const early = newCid(1_792_051_200_000);
  const late = newCid(1_792_051_200_001);
  expect(early < late).toBe(true);
  expect(parseInt(early.replace("-", "").slice(0, 12), 16)).toBe(
    1_792_051_200_000,
  );
});

test("a session's secret has 256 random bits and is kept only as its SHA-256", () => {
  const tokens = Array.from({ length: 100 }, newSessionToken);
  expect(new Set(tokens).size).toBe(100);
  for (const token of tokens) {
    expect(Buffer.from(token, "base64url")).toHaveLength(32);
    expect(token).toMatch(/^[\w-]{43}$/);
  }
  expect(hashToken("abc")).toBe(
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  );
});

test("every letter and digit is equally likely in an id", () => {
  const counts = new Map<string, number>();
  for (let round = 0; round < 5_000; round += 1) {
    for (const letter of newRoomId().slice(2)) {
      counts.set(letter, (counts.get(letter) ?? 0) + 1);
    }
  }
  // 50,000 draws of 62: 806 each, give or take 28.
  expect(counts.size).toBe(62);
  for (const count of counts.values()) expect(count).toBeWithin(600, 1_020);
});
