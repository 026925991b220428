import {
  objectionToText,
  ParleyError,
  type CommandName,
  type CommandParams,
} from "@parley/protocol";
import type { Chat } from "./chat.ts";
import { makeCid } from "./cid.ts";
import type { Place } from "./http.ts";
import type { Outbox } from "./outbox.ts";
import type { Pages } from "./pages.ts";
import type { Presence } from "./presence.ts";
import type { Reading } from "./reading.ts";
import { runCommand, type Requests } from "./requests.ts";
import { fetchDirectory, fetchMembers, searchPeople } from "./rooms-api.ts";
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
  presence: Presence;
}): Verbs {
  const { place, requests, outbox, pages, reading, typing, presence } = parts;
  const newCid = () => makeCid(place.env);
  const run = <Name extends CommandName>(
    name: Name,
    params: CommandParams<Name>,
  ) => runCommand(requests, name, params);
  return {
    open: (stream) => pages.open(stream),
    loadOlder: (stream) => pages.loadOlder(stream),
    loadAround: (stream, seq) => pages.loadAround(stream, seq),
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
    watchPresence: (stream) => presence.watch(stream),
    setAway: (isAway) => presence.setAway(isAway),
    createRoom: (room) => run("room.create", { cid: newCid(), ...room }),
    joinRoom: (stream) => run("room.join", { cid: newCid(), stream }),
    leaveRoom: (stream) => run("room.leave", { cid: newCid(), stream }),
    changeRoom: (stream, changes) =>
      run("room.change", { cid: newCid(), stream, ...changes }),
    inviteToRoom: (stream, people) =>
      run("room.invite", { cid: newCid(), stream, people: [...people] }),
    removeFromRoom: (stream, person) =>
      run("room.remove", { cid: newCid(), stream, person }),
    changeMember: (stream, person, moderator) =>
      run("member.change", { cid: newCid(), stream, person, moderator }),
    async openDirect(people) {
      const asked = { cid: newCid(), people: [...people] };
      return (await run("direct.open", asked)).stream;
    },
    arrangeRoom: (stream, arrangement) =>
      run("room.arrange", { stream, ...arrangement }),
    deleteMessage: (stream, message) =>
      run("message.delete", { cid: newCid(), stream, message }),
    async setPreferences(changes) {
      return (await run("preferences.set", changes)).preferences;
    },
    async blockPerson(person, blocked) {
      await run("person.block", { person, blocked });
    },
    members: (stream) => fetchMembers(place, stream),
    directory: (query) => fetchDirectory(place, query),
    searchPeople: (query) => searchPeople(place, query),
  };
}
