import type { Event } from "@parley/protocol";
import { expect, test } from "bun:test";
import { applyEvent } from "./apply-event.ts";
import { applyReset, type Reset } from "./apply-reset.ts";
import { applyRooms } from "./apply-rooms.ts";
import { emptyModel, type ChatModel } from "./chat-model.ts";
import { holesOf } from "./runs.ts";
import { annHerself, answerOf } from "./testing/rooms-answer.ts";

const bob = "u_Bob0000000";
const stream = "r_Lobby00000";

/** The room was followed from its head of 10 up to this number. */
function followedTo(seq: number, openRoom: string | null): ChatModel {
  const place = { stream, name: "Lobby", kind: "lobby", topic: "" } as const;
  const listed = applyRooms(
    emptyModel(annHerself),
    answerOf(1, { ...place, head: 10, read: 10, unread: 0 }),
  );
  let model: ChatModel = { ...listed, openRoom };
  for (let next = 11; next <= seq; next += 1) {
    model = applyEvent(model, posted(next));
  }
  return model;
}

function posted(seq: number): Event {
  const cid = `c${seq}`;
  const text = `m${seq}`;
  return { type: "message.posted", stream, seq, at: seq, by: bob, cid, text };
}

/** A reset to this head, with the newest 50 events. */
function resetTo(head: number, reason: Reset["reason"]): Reset {
  const events = Array.from({ length: 50 }, (_, n) => posted(head - 49 + n));
  const counts = { read: 10, unread: 100 };
  const place = { type: "reset", id: 1, stream, people: [] } as const;
  return { ...place, reason, head, ...counts, events } as unknown as Reset;
}

function room(model: ChatModel) {
  const found = model.rooms.get(stream);
  if (found === undefined) throw new Error("The room is gone.");
  return found;
}

test("[V-3] after too much was missed, what was known stays, with a hole before the page", () => {
  const { timeline, head, unread, membersAsOf } = room(
    applyReset(followedTo(40, stream), resetTo(900, "far")),
  );
  expect(timeline).toMatchObject({ status: "loaded", from: 851, to: 900 });
  expect(timeline.older).toMatchObject([{ from: 11, to: 40 }]);
  expect(holesOf(timeline)).toEqual([{ after: 40, upTo: 850 }]);
  // The first unread message lies in the hole: the server has counted.
  expect({ head, unread }).toEqual({ head: 900, unread: 100 });
  // And so may people who have come or gone.
  expect(membersAsOf).toBe(900);
});

test("[U-6] what comes after a reset is counted on from the server's count", () => {
  const reset = { ...resetTo(900, "far"), unread: 7 };
  const model = applyReset(followedTo(40, stream), reset);
  expect(room(model).unread).toBe(7);
  expect(room(applyEvent(model, posted(901))).unread).toBe(8);
});

test("[S-1] of a log that went another way no row is kept", () => {
  for (const reason of ["epoch", "future", "fresh"] as const) {
    const model = applyReset(followedTo(40, stream), resetTo(900, reason));
    expect(room(model).timeline).toMatchObject({ from: 851, older: [] });
  }
});

test("[E-2] of a room that nobody looks at, the page is all that stays after a gap: what is older may be deleted", () => {
  const model = applyReset(followedTo(410, null), resetTo(900, "far"));
  const { older, messages } = room(model).timeline;
  expect(messages).toHaveLength(50);
  expect(older).toEqual([]);
});
