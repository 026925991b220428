import {
  errors,
  limits,
  type ErrorCode,
  type Event,
  type FrameObject,
} from "@parley/protocol";
import { createModelAnswers, refusal, type Refused } from "./model-answers.ts";
import { createModelLog, type ModelLog } from "./model-log.ts";
import type { ServerEnd, WireServer } from "./wire.ts";

/**
 * What the wire's rules make of a server, in memory and in one turn. Tests
 * compare clients with it.
 */
export interface ModelServer extends WireServer, ModelLog {
  epoch: string;
  isSignedIn: boolean;
  /** A refusal instead of an answer, or null. */
  refuse: (asked: Asked) => Refused | null;
  /** True for an event that this person's socket misses. */
  misses: (event: Event, person: string) => boolean;
  /** One frame to everybody, or to one person; a text goes as it is. */
  say: (
    frame: string | FrameObject | readonly FrameObject[],
    person?: string,
  ) => void;
  close: (code: number) => void;
}

/** A command as a client sent it, and who did. */
export interface Asked {
  person: string;
  command: FrameObject;
}

interface Socket {
  person: string;
  end: ServerEnd;
  follows: Set<string>;
}

export function createModelServer(): ModelServer {
  const log = createModelLog(happened);
  const answerTo = createModelAnswers(log);
  const sockets = new Set<Socket>();

  function happened(event: Event, owner: string | null) {
    for (const socket of sockets) {
      const { person, end, follows } = socket;
      if (!follows.has(event.stream)) continue;
      if (owner !== null && owner !== person) continue;
      if (!server.misses(event, person)) end.send(JSON.stringify(event));
      // Whoever leaves gets the event that says so, and nothing after it.
      const hasLeft = event.type === "member.left" && event.person === person;
      if (hasLeft) follows.delete(event.stream);
    }
  }

  function take(socket: Socket, command: FrameObject) {
    const { person, end, follows } = socket;
    const { type, id } = command;
    const stream = String(command["stream"]);
    const refused = server.refuse({ person, command });
    const reply = (object: FrameObject) =>
      end.send(JSON.stringify({ id, ...object }));
    if (refused !== null) {
      reply(refusal(refused));
      return;
    }
    switch (type) {
      case "hello":
        greet(socket, command);
        break;
      case "follow":
        resume(socket, id, stream, command["cursor"] as number | null, true);
        break;
      case "unfollow":
        follows.delete(stream);
        reply({ type: "ok", stream });
        break;
      case "history": {
        const { after, upTo } = command;
        const all = log.events(stream, person);
        const events = all.slice(Number(after), Number(upTo));
        reply({ type: "events", stream, events });
        break;
      }
      case "ping":
        end.send('{"type":"pong"}');
        break;
      case "pong":
      case "typing":
      case "presence":
        break;
      default:
        reply(answerTo(person, command));
    }
  }

  function greet(socket: Socket, { id, cursors, ...hello }: FrameObject) {
    const { person, end } = socket;
    const isSameLog = hello["epoch"] === server.epoch;
    const { epoch } = server;
    const welcome = { type: "welcome", epoch, me: person, now: log.now() };
    end.send(JSON.stringify({ id, ...welcome }));
    const wanted = cursors as Record<string, number | null>;
    for (const [stream, cursor] of Object.entries(wanted)) {
      resume(socket, id, stream, cursor, isSameLog);
    }
    end.send(JSON.stringify({ type: "ready", id }));
  }

  /** The answer to one cursor of hello, or to follow. */
  function resume(
    { person, end, follows }: Socket,
    id: unknown,
    stream: string,
    cursor: number | null,
    isSameLog: boolean,
  ) {
    const reply = (object: FrameObject) =>
      end.send(JSON.stringify({ id, ...object }));
    if (!log.isIn(stream, person)) {
      reply({ type: "gone", stream });
      return;
    }
    follows.add(stream);
    const events = log.events(stream, person);
    const head = events.length;
    const isNear =
      cursor !== null && cursor <= head && head - cursor <= limits.replayEvents;
    if (!isNear || !isSameLog) {
      reply(resetOf(stream, person, isSameLog));
      return;
    }
    const [first, ...rest] = events.slice(cursor);
    // Both shapes that a frame can have.
    if (first) end.send(JSON.stringify(first));
    if (rest.length > 0) end.send(JSON.stringify(rest));
    reply({ type: "live", heads: { [stream]: head } });
  }

  function resetOf(stream: string, person: string, isSameLog: boolean) {
    const all = log.events(stream, person);
    const events = all.slice(-limits.resetEvents);
    const { read, unread } = log.summary(stream, person) ?? {};
    const reason = isSameLog ? "far" : "epoch";
    const people = authors(events);
    const counts = { head: all.length, read, unread };
    return { type: "reset", stream, reason, ...counts, events, people };
  }

  function authors(events: readonly Event[]) {
    return log.people(events.map(({ by }) => by));
  }

  function fetched(url: URL, person: string): [status: number, body: object] {
    const [, , subject = "", stream = "", part] = url.pathname.split("/");
    if (!server.isSignedIn) return [401, httpError("unauthenticated")];
    const query = url.searchParams;
    switch (part ?? subject) {
      case "me":
        return [200, { me: log.own(person).me }];
      case "rooms": {
        const { epoch } = server;
        const inbox = log.events("inbox", person).length;
        const rooms = log.summaries(person);
        return [200, { epoch, inbox, rooms, ...log.own(person) }];
      }
      case "messages":
        if (log.isIn(stream, person)) return [200, page(stream, query)];
        return [404, httpError("not_found")];
      case "people": {
        const isSearch = stream === "search";
        const ids = isSearch ? [person] : (query.get("ids") ?? "").split(",");
        return [200, { people: log.people(ids) }];
      }
      case "members": {
        const members = log.members(stream);
        return [200, { members, count: members.length }];
      }
      default:
        return [404, httpError("not_found")];
    }
  }

  function page(stream: string, query: URLSearchParams) {
    const head = log.events(stream, "").length;
    const before = Number(query.get("before") ?? head + 1);
    const limit = Number(query.get("limit") ?? 50);
    const after = Number(query.get("after") ?? 0);
    const all = log
      .messages(stream)
      .filter(({ seq }) => after < seq && seq < before);
    const isForward = query.has("after");
    const messages = isForward ? all.slice(0, limit) : all.slice(-limit);
    const isFull = messages.length === limit;
    const first = messages[0]?.seq ?? after + 1;
    const last = messages.at(-1)?.seq ?? before - 1;
    return {
      messages,
      from: !isForward && isFull ? first : after + 1,
      to: isForward && isFull ? last : before - 1,
      head,
      people: authors(messages),
    };
  }

  const server: ModelServer = {
    ...log,
    epoch: "e1",
    isSignedIn: true,
    refuse: () => null,
    misses: () => false,
    say(frame, person) {
      const text = typeof frame === "string" ? frame : JSON.stringify(frame);
      for (const socket of sockets) {
        if (person === undefined || socket.person === person) {
          socket.end.send(text);
        }
      }
    },
    close(code) {
      for (const { end } of sockets) end.close(code);
    },
    accept(end, person) {
      const socket: Socket = { person, end, follows: new Set() };
      sockets.add(socket);
      return {
        received: (text) => take(socket, JSON.parse(text) as FrameObject),
        closed: () => sockets.delete(socket),
      };
    },
    answer({ url }, person) {
      const [status, body] = fetched(new URL(url), person);
      return { status, text: JSON.stringify(body) };
    },
  };
  return server;
}

function httpError(code: ErrorCode) {
  return { error: { code, message: errors[code].message } };
}
