import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Person } from "@parley/protocol";
import { askHttp, expectRefusal } from "../testing/ask-http.ts";
import { generous } from "../testing/generous.ts";
import {
  startTestServer,
  type TestServer,
} from "../testing/start-test-server.ts";
import { joinAs, roomsOf, type TestGuest } from "../testing/test-guest.ts";

let server: TestServer;
let ann: TestGuest;
let ben: TestGuest;
let lobby: string;
beforeAll(async () => {
  server = await startTestServer(generous);
  ann = await joinAs(server, "Ada Lovelace");
  ben = await joinAs(server, "山田太郎");
  lobby = (await roomsOf(server, ann)).rooms[0]?.stream ?? "";
});
afterAll(() => server[Symbol.asyncDispose]());

const ask = (path: string, headers: Record<string, string> = {}) =>
  askHttp(server, path, { cookie: ann.cookie, headers });

describe("names", () => {
  test("are told of the people asked for, who exist, and [T34] never with an address", async () => {
    const unknown = "u_0000000000";
    const ids = [ann.me.id, ben.me.id, unknown].join(",");
    const { json, text } = await ask(`/api/people?ids=${ids}`);
    const { people } = json as { people: Person[] };
    expect(new Set(people)).toEqual(
      new Set([
        { id: ann.me.id, name: "Ada Lovelace", kind: "guest" },
        { id: ben.me.id, name: "山田太郎", kind: "guest" },
      ] as Person[]),
    );
    expect(text).not.toContain("example.org");
  });

  const wrong = [
    "",
    "?ids=",
    "?ids=x",
    "?ids=u_abcdefghij,",
    "?ids=u_abcdefghij,r_abcdefghij",
    "?ids=u_abcdefghij&ids=u_abcdefghij",
    "?ids[]=u_abcdefghij",
    "?ids=%27%20or%201=1",
  ];
  for (const query of wrong) {
    test(`[Q7] /api/people${query} is invalid_query`, async () => {
      expectRefusal(await ask(`/api/people${query}`), "invalid_query");
    });
  }
});

describe("members", () => {
  test("come in pages by id, with how many there are", async () => {
    const path = `/api/streams/${lobby}/members`;
    const { json } = await ask(path);
    const { members, count } = json as { members: Person[]; count: number };
    expect(count).toBe(2);
    const ids = members.map(({ id }) => id);
    expect(ids).toEqual([ann.me.id, ben.me.id].sort());

    const first = await ask(`${path}?limit=1`);
    expect((first.json as { members: Person[] }).members).toEqual(
      members.slice(0, 1),
    );
    const second = await ask(`${path}?limit=1&after=${ids[0] ?? ""}`);
    expect(second.json).toEqual({ members: members.slice(1), count: 2 });
    const end = await ask(`${path}?after=${ids[1] ?? ""}`);
    expect(end.json).toEqual({ members: [], count: 2 });
  });

  test("[T34] are told without addresses", async () => {
    const { text } = await ask(`/api/streams/${lobby}/members`);
    expect(text).not.toContain("example.org");
  });

  for (const query of ["limit=0", "limit=201", "limit=x", "after=a&after=b"]) {
    test(`[Q7] ?${query} is invalid_query`, async () => {
      const path = `/api/streams/${lobby}/members?${query}`;
      expectRefusal(await ask(path), "invalid_query");
    });
  }
});

describe("an avatar", () => {
  const avatar = (id: string, headers: Record<string, string> = {}) =>
    ask(`/api/people/${id}/avatar`, headers);

  test("is a picture drawn here, [T24] which can do nothing when it is opened by itself", async () => {
    const { status, headers, text } = await avatar(ann.me.id);
    expect(status).toBe(200);
    expect(headers.get("content-type")).toBe("image/svg+xml");
    expect(headers.get("content-security-policy")).toBe(
      "default-src 'none'; sandbox",
    );
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("cache-control")).toBe("private, max-age=86400");
    expect(text).toContain(">AL</text>");
    // [T33] Nothing in it asks anybody for anything.
    expect(text.replace("http://www.w3.org/2000/svg", "")).not.toMatch(
      /https?:|href|url\(|<script|<image|<style/,
    );
  });

  test("shows the same to everybody, and another to another", async () => {
    const mine = await avatar(ann.me.id);
    const path = `/api/people/${ann.me.id}/avatar`;
    const others = await askHttp(server, path, { cookie: ben.cookie });
    expect(others.text).toBe(mine.text);
    expect((await avatar(ben.me.id)).text).toContain(">山</text>");
  });

  test("that a browser has already is a 304 without a body; [Q20] another's tag is not", async () => {
    const { headers } = await avatar(ann.me.id);
    const etag = headers.get("etag") ?? "";
    expect(etag).toMatch(/^"[\w-]{22}"$/);
    for (const known of [etag, `W/${etag}`, `"x", ${etag}`]) {
      const again = await avatar(ann.me.id, { "if-none-match": known });
      expect(again.status).toBe(304);
      expect(again.text).toBe("");
      expect(again.headers.get("etag")).toBe(etag);
    }
    const other = await avatar(ben.me.id, { "if-none-match": etag });
    expect(other.status).toBe(200);
  });

  test("[Q20] * asks whether there is one, and tells a stranger nothing", async () => {
    const path = `/api/people/${ann.me.id}/avatar`;
    const headers = { "if-none-match": "*" };
    const stranger = await askHttp(server, path, { headers });
    expectRefusal(stranger, "unauthenticated");
    expectRefusal(await avatar("u_0000000000", headers), "not_found");
  });

  test("of a name that is markup shows the markup", async () => {
    const odd = await joinAs(server, "<script> &amp;");
    const { text } = await avatar(odd.me.id);
    expect(text).toContain("&lt;&amp;</text>");
    expect(text).not.toContain("<script");
  });
});
