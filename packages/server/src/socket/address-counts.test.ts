import { expect, test } from "bun:test";
import { AddressCounts, addressKey } from "./address-counts.ts";

test("an address is counted up and down, and forgotten at zero", () => {
  const counts = new AddressCounts();
  counts.add("a");
  counts.add("a");
  counts.add("b");
  expect([counts.of("a"), counts.of("b"), counts.of("c")]).toEqual([2, 1, 0]);
  counts.remove("a");
  counts.remove("b");
  expect([counts.of("a"), counts.of("b")]).toEqual([1, 0]);
  counts.remove("b");
  expect(counts.of("b")).toBe(0);
});

const same: [string, string][] = [
  ["2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff"],
  ["2001:db8::1", "2001:db8:0:0:1:2:3:4"],
  ["::1", "::2"],
  ["fe80::1", "fe80:0:0:0:a:b:c:d"],
  ["1:2:3:4::", "1:2:3:4:5:6:7:8"],
  ["::ffff:192.0.2.7", "192.0.2.7"],
];
test.each(same)("[T42] %s and %s are one machine", (one, other) => {
  expect(addressKey(one)).toBe(addressKey(other));
});

const different: [string, string][] = [
  ["2001:db8:1:2::1", "2001:db8:1:3::1"],
  ["2001:db8::1", "2001:db9::1"],
  ["192.0.2.7", "192.0.2.8"],
  ["::ffff:192.0.2.7", "::ffff:192.0.2.8"],
];
test.each(different)("[T42] %s and %s are two", (one, other) => {
  expect(addressKey(one)).not.toBe(addressKey(other));
});

test("what is no address is its own key", () => {
  expect(addressKey("")).toBe("");
});
