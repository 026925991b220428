import { expect, test } from "bun:test";
import { emptyModel } from "./chat-model.ts";
import { nothingWritten, snapshotIn, snapshotRecords } from "./snapshot.ts";

test("whoever has another name since the last page is shown with that one", () => {
  const before = emptyModel({ id: "u_Ann0000000", name: "Ann", kind: "guest" });
  const snapshot = { model: { ...before, epoch: "e1" }, marks: new Map() };
  const { puts } = snapshotRecords(snapshot, nothingWritten, "s 1");
  const now = emptyModel({ id: "u_Ann0000000", name: "Anna", kind: "guest" });
  const found = snapshotIn(puts, now)?.model.people.get("u_Ann0000000");
  expect(found?.name).toBe("Anna");
});
