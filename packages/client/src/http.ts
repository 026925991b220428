import type { Env, HttpRequest } from "./env.ts";
import { errorFrom, NetworkError, type Failure } from "./errors.ts";

// How a server is asked over HTTP. What it may be asked is in rooms-api.ts,
// account-api.ts and administration-api.ts.

/** A server, seen over HTTP: its origin, and the machine to reach it from. */
export interface Place {
  url: string;
  env: Env;
}

/** What came of a request. Callbacks, not promises: the core never waits. */
export type Fetched<Value> =
  { status: "fine"; value: Value } | { status: "failed"; error: Failure };

/** A person waits for this; whoever is slower is as good as away. */
const answerMsMax = 15_000;

/** True for the answer that only signing in again can change. */
export function isSignedOut(error: unknown): boolean {
  return (error as Partial<Failure>).code === "unauthenticated";
}

export function get<Value>(place: Place, path: string): Promise<Value> {
  return send(place, "GET", path);
}

export function post<Value>(
  place: Place,
  path: string,
  body: object,
): Promise<Value> {
  return send(place, "POST", path, body);
}

export function patch<Value>(
  place: Place,
  path: string,
  body: object,
): Promise<Value> {
  return send(place, "PATCH", path, body);
}

export function remove<Value>(place: Place, path: string): Promise<Value> {
  return send(place, "DELETE", path);
}

/** The query of an address, from what is given; "" when nothing is. */
export function queryOf(
  given: Readonly<Record<string, string | number | undefined>>,
): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(given)) {
    if (value !== undefined) query.set(name, String(value));
  }
  return query.size === 0 ? "" : `?${query.toString()}`;
}

/** Throws ParleyError when refused, or NetworkError. */
function send<Value>(
  place: Place,
  method: HttpRequest["method"],
  path: string,
  body?: object,
): Promise<Value> {
  return new Promise((resolve, reject) => {
    request<Value>(place, { method, path, body }, (fetched) => {
      if (fetched.status === "fine") resolve(fetched.value);
      else reject(fetched.error);
    });
  });
}

/** Asks, and calls `done` exactly once, within 15 s. */
export function request<Value>(
  { url, env }: Place,
  {
    method = "GET",
    path,
    body,
  }: {
    method?: HttpRequest["method"];
    path: string;
    body?: object | undefined;
  },
  done: (fetched: Fetched<Value>) => void,
): void {
  let isDone = false;
  const finish = (fetched: Fetched<Value>) => {
    if (isDone) return;
    isDone = true;
    env.clearTimer(timer);
    done(fetched);
  };
  const cancel = env.fetch(
    {
      method,
      url: new URL(path, url).href,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    },
    ({ status, text }) => finish(read<Value>(status, text)),
  );
  const timer = env.setTimer(answerMsMax, () => {
    finish({ status: "failed", error: new NetworkError() });
    cancel();
  });
}

function read<Value>(status: number, text: string): Fetched<Value> {
  const json = parse(text);
  if (status >= 200 && status < 300 && json !== undefined) {
    return { status: "fine", value: json as Value };
  }
  const refusal = (json as { error?: object } | null | undefined)?.error;
  // Without our own words it was a proxy or nobody that answered, not Parley.
  const error = refusal ? errorFrom(refusal) : new NetworkError();
  return { status: "failed", error };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
