import { objectionToText, ParleyError } from "@parley/protocol";
import type { Chat } from "./chat.ts";
import { makeCid } from "./cid.ts";
import { fetchDirectory, fetchMembers, type Place } from "./http.ts";
import type { Outbox } from "./outbox.ts";
import type { Pages } from "./pages.ts";
import type { Reading } from "./reading.ts";
import { runCommand, type Requests } from "./requests.ts";
import type { Typing } from "./typing.ts";

type Verbs = Omit<
  Chat,
  "state" | "wire" | "subscribe" | "subscribeWire" | "reconnectNow" | "close"
>;

/** What a person can do, each by the part that does it. */
export function createVerbs(parts: {
  place: Place;
  requests: Requests;
  outbox: Outbox;
  pages: Pages;
  reading: Reading;
  typing: Typing;
}): Verbs {
  const { place, requests, outbox, pages, reading, typing } = parts;
  const newCid = () => makeCid(place.env);
  return {
    open: (stream) => pages.open(stream),
    loadOlder: (stream) => pages.loadOlder(stream),
    fillHole: (stream, hole, end) => pages.fillHole(stream, hole, end),
    post(stream, text) {
      const objection = objectionToText(text);
      if (objection !== undefined) throw new ParleyError(objection);
      return outbox.add(stream, text);
    },
    retry: (_stream, cid) => outbox.retry(cid),
    discard: (_stream, cid) => outbox.discard(cid),
    markRead: (stream, upTo) => reading.mark(stream, upTo),
    typing: (stream) => typing.tell(stream),
    createRoom: (room) =>
      runCommand(requests, "room.create", { cid: newCid(), ...room }),
    joinRoom: (stream) =>
      runCommand(requests, "room.join", { cid: newCid(), stream }),
    leaveRoom: (stream) =>
      runCommand(requests, "room.leave", { cid: newCid(), stream }),
    members: (stream) => fetchMembers(place, stream),
    directory: (query) => fetchDirectory(place, query),
  };
}
