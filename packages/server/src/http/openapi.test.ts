import { afterAll, beforeAll, expect, test } from "bun:test";
import { errors, isErrorCode, version } from "@parley/protocol";
import { askHttp } from "../testing/ask-http.ts";
import {
  startTestServer,
  type TestServer,
} from "../testing/start-test-server.ts";

interface Operation {
  summary?: string;
  parameters?: { name: string; in: string; description?: string }[];
  requestBody?: { content: Record<string, { schema: unknown }> };
  responses: Record<
    string,
    { description: string; content?: Record<string, { schema: unknown }> }
  >;
}

interface OpenApi {
  openapi: string;
  info: { title: string; version: string };
  paths: Record<string, Record<string, Operation>>;
}

let server: TestServer;
let document: OpenApi;
let operations: [string, Operation][];
beforeAll(async () => {
  server = await startTestServer();
  document = (await askHttp(server, "/api/openapi.json")).json as OpenApi;
  operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): [string, Operation] => [
      `${method.toUpperCase()} ${path}`,
      operation,
    ]),
  );
});
afterAll(() => server[Symbol.asyncDispose]());

test("the OpenAPI document names this version", () => {
  expect(document.openapi).toStartWith("3.");
  expect(document.info).toMatchObject({ title: "Parley", version });
});

test("the OpenAPI document is the same bytes for everybody, as JSON", async () => {
  const [one, other] = await Promise.all([
    askHttp(server, "/api/openapi.json"),
    askHttp(server, "/api/openapi.json"),
  ]);
  expect(one.headers.get("content-type")).toBe(
    "application/json; charset=utf-8",
  );
  expect(other.text).toBe(one.text);
});

test("the OpenAPI document has every route, and no other", () => {
  expect(operations.map(([route]) => route).sort()).toEqual([
    "DELETE /api/invitations/{id}",
    "DELETE /api/sessions/{id}",
    "GET /api/admin/log",
    "GET /api/admin/outbound",
    "GET /api/admin/people",
    "GET /api/admin/people/{id}/sessions",
    "GET /api/admin/rooms",
    "GET /api/admin/settings",
    "GET /api/directory",
    "GET /api/invitations",
    "GET /api/me",
    "GET /api/people",
    "GET /api/people/search",
    "GET /api/people/{id}/avatar",
    "GET /api/rooms",
    "GET /api/server",
    "GET /api/sessions",
    "GET /api/streams/{stream}/members",
    "GET /api/streams/{stream}/messages",
    "GET /api/streams/{stream}/presence",
    "PATCH /api/admin/people/{id}",
    "PATCH /api/admin/rooms/{stream}",
    "PATCH /api/admin/settings",
    "PATCH /api/me",
    "POST /api/account",
    "POST /api/admin/people",
    "POST /api/admin/people/{id}/reset-link",
    "POST /api/admin/people/{id}/sign-out",
    "POST /api/admin/people/{id}/suspend",
    "POST /api/confirm",
    "POST /api/invitations",
    "POST /api/invitations/accept",
    "POST /api/invitations/look",
    "POST /api/join",
    "POST /api/leave",
    "POST /api/password",
    "POST /api/reset",
    "POST /api/sessions/end-others",
    "POST /api/setup",
    "POST /api/sign-in",
  ]);
});

test("every route of the document is one that the server answers", async () => {
  for (const [route] of operations) {
    const [method = "", path = ""] = route.split(" ");
    const filled = path.replace(/\{\w+\}/, "r_abcdefghij");
    const { json } = await askHttp(server, filled, { method });
    expect(json).not.toMatchObject({ error: { code: "not_found" } });
    expect(json).not.toMatchObject({ error: { code: "method_not_allowed" } });
  }
});

test("every route says what it is for and what it answers", () => {
  for (const [, { summary, responses, parameters = [] }] of operations) {
    expect(summary).toMatch(/^[A-Z].{8,}\.$/);
    expect(Object.keys(responses)).toContain("200");
    for (const { description, name, in: where } of parameters) {
      if (where !== "query") continue;
      expect(`${name}: ${description ?? ""}`).toMatch(/: \S/);
    }
  }
});

test("every refusal in the document is a code of the closed list, under its own status", () => {
  let refusals = 0;
  for (const [, { responses }] of operations) {
    for (const [status, { description }] of Object.entries(responses)) {
      if (status === "200") continue;
      for (const code of description.split(", ")) {
        refusals += 1;
        expect(isErrorCode(code)).toBe(true);
        if (isErrorCode(code)) expect(errors[code].status).toBe(Number(status));
      }
    }
  }
  expect(refusals).toBeGreaterThan(15);
});

test("no schema in the document points at one that is missing", () => {
  const text = JSON.stringify(document);
  const wanted = [...text.matchAll(/"\$ref":"#\/([^"]+)"/g)].map(
    ([, path = ""]) => path,
  );
  for (const path of wanted) {
    let value: unknown = document;
    for (const part of path.split("/")) {
      value = (value as Record<string, unknown>)[part];
    }
    expect(value).toBeObject();
  }
});
