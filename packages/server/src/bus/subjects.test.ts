import { expect, test } from "bun:test";
import { nodesSubject, Subjects } from "./subjects.ts";

test("[T62] whatever a stream or a database is called, its subject is its own and has no room for wildcards", () => {
  const names = [
    ...["", " ", ".", "*", ">", "a.b", "a b", "a*", "=2E", "=", "nodes"],
    ...["r_8fK2qZ7mQa", "inbox:u_3hT9pLz6Vb", "inbox-u_3hT9pLz6Vb", "设计"],
    ...["\r\nPUB x 1", "\t", "a:b", "a=3Ab"],
  ];
  const subjects = names.flatMap((instance) => {
    const of = new Subjects(instance, "boot");
    const streams = names.map((stream) => of.stream(stream));
    return [...streams, of.heads, of.presence, of.probe, of.echo];
  });
  expect(new Set(subjects).size).toBe(subjects.length);
  expect(subjects).not.toContain(nodesSubject);
  for (const subject of subjects) {
    expect(subject).toMatch(/^parley(\.[\w=-]+){2,3}$/);
  }
  expect(new Subjects("9Zk", "boot").stream("inbox:u_3hT9pLz6Vb")).toBe(
    "parley.9Zk.s.inbox=3Au_3hT9pLz6Vb",
  );
});
