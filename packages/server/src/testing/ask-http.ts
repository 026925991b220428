import { expect } from "bun:test";
import { errors, type ErrorCode } from "@parley/protocol";
import type { TestServer } from "./start-test-server.ts";

export interface HttpAnswer {
  status: number;
  headers: Headers;
  text: string;
  /** The text as JSON, undefined when it is none. */
  json: unknown;
}

export interface HttpQuestion {
  method?: string;
  cookie?: string;
  headers?: Record<string, string>;
  /** An object is sent as JSON with the right type, a text as it is. */
  body?: object | string;
}

/** One request; what came back is read whole. */
export async function askHttp(
  { url }: Pick<TestServer, "url">,
  path: string,
  { method, cookie, headers = {}, body }: HttpQuestion = {},
): Promise<HttpAnswer> {
  const isObject = typeof body === "object";
  const response = await fetch(`${url}${path}`, {
    method: method ?? (body === undefined ? "GET" : "POST"),
    redirect: "manual",
    headers: {
      ...(isObject ? { "content-type": "application/json" } : {}),
      ...(cookie === undefined ? {} : { cookie }),
      ...headers,
    },
    ...(body === undefined
      ? {}
      : { body: isObject ? JSON.stringify(body) : body }),
  });
  const text = await response.text();
  const { status, headers: answered } = response;
  return { status, headers: answered, text, json: parsed(text) };
}

/** Exactly one refusal: code, sentence, status, headers, nothing else. */
export function expectRefusal(
  { status, headers, json }: HttpAnswer,
  code: ErrorCode,
): void {
  const { message } = errors[code];
  expect({ status, json }).toEqual({
    status: errors[code].status,
    json: { error: { code, message } },
  });
  expect(headers.get("content-type")).toBe("application/json; charset=utf-8");
  expect(headers.get("cache-control")).toBe("no-store");
  expect(headers.get("x-content-type-options")).toBe("nosniff");
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
