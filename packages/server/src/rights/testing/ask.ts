import { cpSync, rmSync } from "node:fs";
import { joinFrame, type FrameObject } from "@parley/protocol";
import { commands } from "@parley/protocol/catalog";
import { newCid } from "../../identifiers.ts";
import { askHttp } from "../../testing/ask-http.ts";
import {
  startTestServer,
  type OpenTestServer,
} from "../../testing/start-test-server.ts";
import { temporaryFolder } from "../../testing/temporary-folder.ts";
import { TestSocket } from "../../testing/test-socket.ts";
import { isMember, roomNames } from "./actors.ts";
import { leaksIn, type Heard } from "./leaks.ts";
import type { HttpQuestion, Question, SocketQuestion } from "./questions.ts";
import {
  mailOf,
  matrixSettings,
  type Part,
  type Template,
} from "./template.ts";

/** One cell: what came back when this one asked for that. */
export interface Answer {
  /** `ok`, `nothing` of a list without it, or why not: the error's or close's code. */
  cell: string;
  /** The whole answer, but for what the question itself put in. */
  masked: string;
}

/** All answers of one table, and all that was told besides. */
export interface Asked {
  question: Question;
  part: Part;
  /** By row; without those of which there is no sample. */
  answers: Map<string, Answer>;
  /** What was told to them that they may not know. */
  leaks: string[];
}

type Asking = Omit<Asked, "leaks"> & Heard;

/** Asks these questions of everybody, one after the other, in a copy of the place. */
export async function askAll(
  template: Template,
  questions: readonly Question[],
): Promise<Asked[][]> {
  const folder = temporaryFolder();
  cpSync(template.folder, folder, { recursive: true });
  const server = await startTestServer(matrixSettings, { folder });
  const all: Asked[][] = [];
  try {
    for (const question of questions) {
      const asking = template.parts.map(async (part) => {
        const { heard, known, ...asked } = await ("route" in question
          ? askRoute(server, question, part)
          : askSocket(server, question, part));
        const leaks = leaksIn(asked, { heard, known }, template.parts);
        return { ...asked, leaks };
      });
      all.push(await Promise.all(asking));
    }
    return all;
  } finally {
    await server[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function askRoute(
  server: OpenTestServer,
  question: HttpQuestion,
  part: Part,
): Promise<Asking> {
  const [method = "", pattern = ""] = question.route.split(" ");
  const asked = empty(question, part);
  for (const row of question.rows) {
    const sample = question.ask(part, row);
    if (sample === undefined) continue;
    const { path = pattern, body, signsIn } = sample;
    const { cookie } = part;
    const { status, headers, text, json } = await askHttp(server, path, {
      ...{ method, ...(cookie === undefined ? {} : { cookie }) },
      ...(body === undefined ? {} : { body }),
    });
    const isListed = question.lists?.(text, part, row) ?? true;
    const code = (json as { error?: { code?: string } } | undefined)?.error
      ?.code;
    const cell = status === 200 ? (isListed ? "ok" : "nothing") : undefined;
    const told = [...headers].filter(([name]) => name !== "date");
    asked.answers.set(row, {
      cell: cell ?? code ?? String(status),
      masked: JSON.stringify([status, told, mask(text, question, part, row)]),
    });
    asked.heard.push(text, JSON.stringify(told));
    asked.known.push(JSON.stringify(body ?? {}));
    if (signsIn !== undefined) asked.known.push(mailOf(signsIn));
  }
  return asked;
}

async function askSocket(
  server: OpenTestServer,
  question: SocketQuestion,
  part: Part,
): Promise<Asking> {
  const asked = empty(question, part);
  const sockets: Speaker[] = [];
  const samples = question.rows.flatMap((row) => {
    const params = question.params(part, row);
    return params === undefined ? [] : [{ row, params }];
  });
  for (const { row, params } of samples) {
    // Hello is said once per connection, and everything else after it.
    const isHello = question.command === "hello";
    let [speaker] = sockets;
    if (speaker === undefined || isHello) {
      speaker = await Speaker.open(server, part);
      sockets.push(speaker);
      if (!isHello) await speaker.greet(part);
    }
    const said = commands.find(({ name }) => name === question.command);
    const takesCid = said !== undefined && "cid" in said.params.shape;
    const frame = {
      ...{ type: question.command, ...params },
      ...(takesCid ? { cid: newCid(server.store.now()) } : {}),
    };
    const { cell, text, id } = await speaker.ask(frame);
    const masked = mask(text, question, part, row)
      .replace(/"cid":"[\w-]+"/, '"cid":""')
      .replaceAll(`"id":${id}`, '"id":0')
      .replace(/"now":\d+/, '"now":0');
    asked.answers.set(row, { cell, masked });
  }
  for (const { socket } of sockets) {
    asked.heard.push(
      joinFrame(socket.received.map((one) => JSON.stringify(one))),
    );
    socket.close();
    await socket.closed;
  }
  return asked;
}

function empty(question: Question, part: Part): Asking {
  return {
    ...{ question, part, answers: new Map<string, Answer>(), heard: [] },
    known: [part.email],
  };
}

/** What the question named is the same word in every answer. */
function mask(
  text: string,
  { roomOf, personOf }: Question,
  { rooms, people }: Part,
  row: string,
): string {
  const room = roomOf?.(row);
  const person = personOf?.(row);
  let masked = text;
  if (room !== undefined) masked = masked.replaceAll(rooms[room].stream, "r");
  if (person !== undefined) masked = masked.replaceAll(people[person], "u");
  return masked;
}

/** Somebody's socket, which may be closed on them. */
class Speaker {
  readonly socket: TestSocket;
  #lastId = 0;

  private constructor(socket: TestSocket) {
    this.socket = socket;
  }

  static async open(server: OpenTestServer, part: Part): Promise<Speaker> {
    const socket = await TestSocket.open(server, {
      ...(part.cookie === undefined ? {} : { cookie: part.cookie }),
      protocols: ["parley.v1"],
    });
    return new Speaker(socket);
  }

  /** Says hello, and from then on hears of all their rooms. */
  async greet({ asking, rooms }: Part): Promise<void> {
    const followed = roomNames
      .filter((name) => isMember(asking, name))
      .map((name) => rooms[name].stream);
    const cursors: Record<string, null> = { inbox: null };
    for (const stream of followed) cursors[stream] = null;
    await this.ask({ type: "hello", cursors });
  }

  async ask(
    frame: FrameObject,
  ): Promise<{ cell: string; text: string; id: number }> {
    const id = (this.#lastId += 1);
    const isHello = frame["type"] === "hello";
    this.socket.send({ ...frame, id });
    const last = this.socket.next((object) => {
      const isAnswer = object["id"] === id && object["type"] !== "welcome";
      return isAnswer && (!isHello || object["type"] === "ready");
    }, 10_000);
    const ended = await Promise.race([
      last.then(() => undefined),
      this.socket.closed,
    ]);
    last.catch(() => undefined);
    if (ended !== undefined) {
      const cell = String(ended.code);
      return { cell, text: JSON.stringify(ended), id };
    }
    const answers = this.socket.received.filter((one) => one["id"] === id);
    return {
      ...{ id, cell: cellOf(answers) },
      text: joinFrame(answers.map((one) => JSON.stringify(one))),
    };
  }
}

function cellOf(answers: readonly FrameObject[]): string {
  const error = answers.find(({ type }) => type === "error");
  if (error !== undefined) return String(error["code"]);
  return answers.some(({ type }) => type === "gone") ? "gone" : "ok";
}
