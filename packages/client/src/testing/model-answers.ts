import {
  errors,
  type ErrorCode,
  type FrameObject,
  type RoomKind,
} from "@parley/protocol";
import type { ModelLog, RoomChanges, Wanted } from "./model-log.ts";

export interface Refused {
  code: ErrorCode;
  retryAfterMs?: number;
}

/** What a server makes of commands: the log's change, and the one answer. */
export function createModelAnswers(
  log: ModelLog,
): (person: string, command: FrameObject) => FrameObject {
  const answers = new Map<string, FrameObject>();

  return (person, command) => {
    const { type, cid, text, upTo } = command;
    const stream = String(command["stream"]);
    const known = answers.get(`${person} ${String(cid)}`);
    if (known !== undefined) return { ...known, repeated: true };
    const kept = (answer: FrameObject) => {
      const ok = { type: "ok", cid, ...answer };
      answers.set(`${person} ${String(cid)}`, ok);
      return ok;
    };
    const head = () => log.events(stream, person).length;
    const others = () => command["people"] as string[];
    const newStream = () => `r_Made${String(answers.size).padStart(4, "0")}`;
    switch (type) {
      case "message.post": {
        if (!log.isIn(stream, person)) return refusal({ code: "not_found" });
        const said = { type: "message.posted", by: person, cid, text };
        const { seq, at } = log.append(stream, said);
        return kept({ stream, seq, at });
      }
      case "room.create": {
        const made = newStream();
        const kind = command["kind"] as RoomKind | undefined;
        log.addRoom(made, String(command["name"]), [person], kind ?? "public");
        return kept({ stream: made, seq: 1 });
      }
      case "direct.open": {
        const made = newStream();
        log.addRoom(made, "", [person, ...others()], "direct");
        return kept({ stream: made, seq: 1 });
      }
      case "room.change": {
        const { name, topic, readOnly, archived } = command as RoomChanges;
        const all = { name, topic, readOnly, archived };
        const given = Object.entries(all).filter(([, it]) => it !== undefined);
        log.changeRoom(stream, Object.fromEntries(given));
        return kept({ stream, seq: head() });
      }
      case "room.invite":
        for (const id of others()) log.join(id, stream, person);
        return kept({ stream, seq: head() });
      case "room.remove":
        log.leave(String(command["person"]), stream, person);
        return kept({ stream, seq: head() });
      case "member.change": {
        const isModerator = command["moderator"] === true;
        log.setModerator(stream, String(command["person"]), isModerator);
        return kept({ stream, seq: head() });
      }
      case "message.delete":
        log.deleteMessage(person, stream, Number(command["message"]));
        return kept({ stream, seq: head() });
      case "room.arrange": {
        const wanted = command as Wanted;
        return { type: "ok", stream, ...log.arrange(person, stream, wanted) };
      }
      case "preferences.set": {
        const chosen = new Map(Object.entries(command));
        for (const key of ["type", "id"]) chosen.delete(key);
        const wanted = Object.fromEntries(chosen);
        return { type: "ok", preferences: log.setPreferences(person, wanted) };
      }
      case "person.block": {
        const { person: other, blocked } = command;
        log.block(person, String(other), blocked === true);
        return { type: "ok", person: other, blocked };
      }
      case "room.join":
        log.join(person, stream);
        return kept({ stream, seq: head() });
      case "room.leave":
        log.leave(person, stream);
        return kept({ stream, seq: head() });
      case "read.mark":
        if (Number(upTo) > head()) return refusal({ code: "invalid_seq" });
        log.mark(person, stream, Number(upTo));
        return { type: "ok", stream, read: log.read(person, stream) };
      default:
        return refusal({ code: "unknown_type" });
    }
  };
}

export function refusal({ code, retryAfterMs }: Refused): FrameObject {
  const { message, retryable } = errors[code];
  return { type: "error", code, message, retryable, retryAfterMs };
}
