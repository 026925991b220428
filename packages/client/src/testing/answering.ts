import type { Env, HttpAnswer, HttpRequest } from "../env.ts";
import { createModelServer } from "./model-server.ts";
import { createWire } from "./wire.ts";

/** A machine whose every request is answered like this. */
export function answering(answer: HttpAnswer): {
  env: Env;
  asked: HttpRequest[];
} {
  const { env } = createWire(createModelServer()).device("u_Ann0000000");
  const asked: HttpRequest[] = [];
  const later = Promise.resolve();
  return {
    asked,
    env: {
      ...env,
      fetch(request, done) {
        asked.push(request);
        void later.then(() => done(answer));
        return () => undefined;
      },
    },
  };
}

export function refused(status: number, code: string, more = {}): HttpAnswer {
  const error = { code, message: "No.", ...more };
  return { status, text: JSON.stringify({ error }) };
}
