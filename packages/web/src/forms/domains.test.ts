import { expect, test } from "bun:test";
import { readDomains } from "./domains.ts";

test("domains are read as people type them, each once", () => {
  expect(readDomains(" Example.org,@team.example  example.org、a.cn ")).toEqual(
    ["example.org", "team.example", "a.cn"],
  );
  expect(readDomains(" ")).toEqual([]);
});
