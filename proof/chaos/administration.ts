import type { PlannedPerson } from "./plan.ts";

/** Longer than any answer may take; then another node is asked. */
const answerMsMax = 6_000;
const againMs = 100;

interface Asked {
  cookie?: string;
  body: object;
}

/** A place that has just begun gets its first owner: a guest who holds the link. */
export async function becomeOwner(
  origin: string,
  person: PlannedPerson,
  code: string,
): Promise<void> {
  const { email, name } = person.me;
  const place = { name: "Place", joinMode: "open", domains: [] };
  await take(origin, person, "/api/setup", {
    ...{ code, email, name, ...credentialsOf(person) },
    place: { ...place, language: "auto" },
  });
}

/** A guest gets a password, so that they can come back after their sessions have ended. */
export async function claimAccount(
  origin: string,
  person: PlannedPerson,
): Promise<void> {
  await take(origin, person, "/api/account", {
    ...{ email: person.me.email, ...credentialsOf(person) },
  });
}

async function take(
  origin: string,
  person: PlannedPerson,
  path: string,
  body: object,
): Promise<void> {
  const { cookie } = person;
  const response = await request(origin, path, { cookie, body });
  const text = await response.text();
  if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`);
  person.cookie = cookieOf(response);
  person.me = (JSON.parse(text) as Pick<PlannedPerson, "me">).me;
  person.hasAccount = true;
}

function credentialsOf({ me }: PlannedPerson) {
  const username = me.email.split("@")[0] ?? "";
  return { username, password: "correct horse battery" };
}

function cookieOf(response: Response): string {
  const cookies = response.headers.getSetCookie();
  const session = cookies.find((one) => one.startsWith("parley_sid="));
  return session?.split(";")[0] ?? "";
}

function request(
  origin: string,
  path: string,
  { cookie, body }: Asked,
): Promise<Response> {
  return fetch(`${origin}${path}`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      origin,
      ...(cookie === undefined ? {} : { cookie }),
    },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(answerMsMax),
  });
}

/** What the owner does to people, through whichever node answers. */
export class Administration {
  readonly #ports: readonly number[];
  readonly #owner: PlannedPerson;
  #next = 0;

  constructor(ports: readonly number[], owner: PlannedPerson) {
    this.#ports = ports;
    this.#owner = owner;
  }

  /** Resolves when the server has said so, however often it has to be asked. */
  async suspend({ me }: PlannedPerson, suspended: boolean): Promise<void> {
    const path = `/api/admin/people/${me.id}/suspend`;
    for (;;) {
      const { cookie } = this.#owner;
      const response = await this.#ask(path, { cookie, body: { suspended } });
      if (response.ok) return;
      // Their own session may have run out while a clock was wrong.
      if (response.status !== 401 && response.status !== 403) {
        throw new Error(`${path}: ${response.status}`);
      }
      this.#owner.cookie = await this.signIn(this.#owner);
    }
  }

  /** A new session; answers with its cookie. */
  async signIn(person: PlannedPerson): Promise<string> {
    const { username, password } = credentialsOf(person);
    const body = { login: username, password };
    const response = await this.#ask("/api/sign-in", { body });
    if (!response.ok) throw new Error(`sign-in: ${response.status}`);
    return cookieOf(response);
  }

  /** The first answer that is one: not that it cannot be had just now. */
  async #ask(path: string, asked: Asked): Promise<Response> {
    for (;;) {
      const port = this.#ports[this.#next % this.#ports.length] ?? 0;
      try {
        const origin = `http://127.0.0.1:${port}`;
        const response = await request(origin, path, asked);
        await response.arrayBuffer();
        if (response.status < 500 && response.status !== 429) return response;
      } catch {
        // It is down, stands still or is cut off.
      }
      this.#next += 1;
      await Bun.sleep(againMs);
    }
  }
}
