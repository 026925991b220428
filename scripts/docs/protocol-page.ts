import { z } from "zod";
import { closeCodes } from "../../packages/protocol/src/close-codes.ts";
import {
  answers,
  commands,
  events,
  questions,
  signals,
  simpleExample,
} from "../../packages/protocol/src/catalog.ts";
import { errors } from "../../packages/protocol/src/errors.ts";
import { limits } from "../../packages/protocol/src/limits.ts";
import { revisions } from "../../packages/protocol/src/version.ts";
import { malformedInput } from "./malformed-input.ts";
import { sampleSession } from "./sample-session.ts";

/** docs/protocol.md: everything that may be said, from its definitions. */
export function protocolPage(): string {
  return [
    head,
    ...section("Commands", commandWords, [
      ...questions.map((one) => entry(one, [one.example], one.params)),
      ...commands.map((one) =>
        entry(one, [one.example.ask, one.example.answer], one.params),
      ),
    ]),
    ...section(
      "Answers",
      "What the server says to the one who asked. Each carries the command's `id`.",
      answers.map((one) => entry(one, [one.example], one.frame)),
    ),
    ...section(
      "Events",
      "Facts of a stream, numbered 1, 2, 3 … without holes. Every event carries `stream`, `seq`, `at` (milliseconds, never decreasing within a stream) and `by`; the one that a command made carries its `cid`. An unknown type still moves the cursor.",
      events.map((one) => entry(one, [one.example], one.data)),
    ),
    ...section(
      "Signals",
      "Said and forgotten: no number, never stored, never replayed, may be dropped.",
      signals.map((one) => entry(one, [one.example], one.frame)),
    ),
    "## Errors",
    '`retryable` says whether the same command may be sent again with the same cid. After a final error nothing was stored, ever. Over HTTP the same codes come as `{"error":{"code","message","retryAfterMs"?}}` with the status given.',
    table(
      ["Code", "Status", "Retryable", "Message"],
      Object.entries(errors).map(([code, { status, retryable, message }]) => [
        `\`${code}\``,
        String(status),
        retryable ? "yes" : "no",
        message,
      ]),
    ),
    "## Close codes",
    "The range says what a client does, also with a code it does not know: 4000–4099 stop, 4100–4199 back off (5–60 s), 4200–4299 reconnect (0.5–12 s, full jitter). 1001, 1005, 1006 and 1011 are like 4200; 1002, 1003 and 1007–1010 are a mistake: back off.",
    table(
      ["Code", "Why"],
      Object.values(closeCodes).map(({ code, sentence }) => [
        String(code),
        sentence,
      ]),
    ),
    "## What bad input gets",
    malformedInput,
    "## Sizes",
    table(
      ["Limit", "Value"],
      Object.entries(limits).map(([name, value]) => [
        `\`${name}\``,
        value.toLocaleString("en"),
      ]),
    ),
    "## The simple wire",
    simpleWireWords,
    fenced([simpleExample]),
    "## A sample session",
    sampleSession,
    "## Revisions",
    table(
      ["Revision", "Fingerprint", "Change", "Deploy first"],
      revisions.map(({ revision, fingerprint, change, deployFirst }) => [
        String(revision),
        `\`${fingerprint}\``,
        change,
        deployFirst,
      ]),
    ),
  ].join("\n\n");
}

const head = `# The protocol parley.v1

<!-- Made from packages/protocol/src by \`npm run docs\`. -->

One WebSocket at \`/ws\` (RFC 6455, text frames, no compression), offered with
\`Sec-WebSocket-Protocol: parley.v1\` and the session cookie of
\`POST /api/join\`. A frame is one JSON object or an array of objects. The kind
follows from the keys: an \`id\` makes a command or its answer, a \`seq\` an
event, neither a signal. Unknown keys and types are ignored.

- A **stream** is a numbered log: every room has one (\`r_…\`), every person has
  one (\`inbox\`: rooms joined and left, read marks).
- A **cid** is the id that a client gives a command that makes an event (a UUID
  of version 7, lower case). The same cid twice is one event, for ever.
- A **cursor** is the last \`seq\` that a client has of a stream. The **epoch**
  changes only when the log may have gone backwards.
- \`ok\` means: on disk. It is sent, and the event delivered, only after the
  commit has returned.

A client applies an event whose \`seq\` is its cursor + 1, ignores one at or
below it, and asks \`history\` when there is a hole. It answers \`ping\` with
\`pong\` and takes ${limits.silenceMs / 1000} seconds of silence for death. A
device that knows nothing asks \`GET /api/rooms\` first: the heads given there
are its cursors. What is fetched, cached or large goes over HTTP; its document
is at \`/api/openapi.json\`.`;

const commandWords =
  "A command carries an `id` (a whole number from 1) and gets exactly one answer with the same `id`: `ok` or `error`. `hello`, `follow` and `history` have answers of their own instead of `ok`. Posts are done in the order in which they are sent; one need not wait for the answer of another.";

const simpleWireWords =
  "A client that offers no subprotocol speaks the protocol of the WebSocket tutorials: it needs no cookie, sends objects of three keys, and receives the same three keys for every message of the lobby, its own included, in order. What it says is stored and shown to everybody; each name it speaks under is a guest, in the lobby until the connection ends. Addresses of others are never sent: `email` is an alias made of the author's id. There is no cid, so a repeat is a second message. What cannot be accepted closes the connection with 4009 and the reason in words. With `PARLEY_SIMPLE_WIRE=html` (the default) `&`, `<` and `>` in `username` and `message` are escaped on the way out, because the tutorial's page puts both into its HTML; `text` sends them as they are; `off` refuses such clients.";

interface Described {
  name: string;
  summary: string;
}

function section(title: string, words: string, entries: string[]): string[] {
  return [`## ${title}`, words, ...entries];
}

function entry(
  { name, summary }: Described,
  examples: readonly object[],
  schema: z.ZodType,
): string {
  const fields = fieldsOf(schema);
  return [
    `### ${name}`,
    summary,
    fields.length > 0 ? fields.join("\n") : "",
    fenced(examples),
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

interface JsonSchema {
  type?: string | string[];
  anyOf?: JsonSchema[];
  enum?: unknown[];
  const?: unknown;
  items?: JsonSchema;
  description?: string;
  properties?: Record<string, JsonSchema>;
  required?: string[];
}

function fieldsOf(schema: z.ZodType): string[] {
  const json = z.toJSONSchema(schema, {
    io: "input",
    unrepresentable: "any",
  }) as JsonSchema;
  return Object.entries(json.properties ?? {})
    .filter(([name]) => name !== "type" && name !== "id")
    .map(([name, field]) => {
      const isNeeded = json.required?.includes(name) ?? false;
      const note = field.description ? `: ${field.description}` : "";
      return `- \`${name}\` ${typeOf(field)}${isNeeded ? "" : ", optional"}${note}`;
    });
}

function typeOf(schema: JsonSchema): string {
  if (schema.enum)
    return schema.enum.map((one) => `\`${String(one)}\``).join(" | ");
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  if (schema.anyOf) return schema.anyOf.map(typeOf).join(" | ");
  if (schema.items) return `list of ${typeOf(schema.items)}`;
  return [schema.type ?? "anything"].flat().join(" | ");
}

function fenced(examples: readonly object[]): string {
  return examples
    .map((example) => "```json\n" + JSON.stringify(example) + "\n```")
    .join("\n\n");
}

function table(names: readonly string[], rows: readonly string[][]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(names), line(names.map(() => "---")), ...rows.map(line)].join(
    "\n",
  );
}
