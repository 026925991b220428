import { cut, simulated, tested, type Mutant } from "./mutant.ts";

const store = "packages/server/src/store";
const appendMessages = `${store}/writes/append-messages.ts`;

/** Without the unique index a second copy is stored, not refused. */
const withoutIndex = {
  file: `${store}/migrations/0001-start.ts`,
  find: "create unique index events_cid",
  replace: "create index events_cid",
};

/** What is written: numbers 1 to 4, 12, 14, 17, 22 and 27. */
export const storeMutants: readonly Mutant[] = [
  {
    number: 1,
    name: "ok before COMMIT",
    patches: [
      {
        file: `${store}/sqlite/worker.ts`,
        find: `const committed = await commitBatch(database, batch, Date.now());
    post({ kind: "committed", ...committed });`,
        // Of posts only: people who are not there yet could not post at
        // all. And the disk is a slow one, so that few cuts are enough.
        replace: `const isEarly = batch.every(({ name }) => name === "appendMessage");
    const early = isEarly ? { ...database, commit: () => Promise.resolve() } : database;
    const committed = await commitBatch(early, batch, Date.now());
    post({ kind: "committed", ...committed });
    await new Promise((resolve) => setTimeout(resolve, isEarly ? 5 : 0));
    if (isEarly) await database.commit([], () => new Set());`,
      },
    ],
    caughtBy: ["D-1", "D-6"],
    ...cut,
  },
  {
    number: 2,
    name: "synchronous=NORMAL",
    patches: [
      {
        file: `${store}/sqlite/open.ts`,
        find: 'database.run("PRAGMA synchronous = FULL");',
        replace: 'database.run("PRAGMA synchronous = NORMAL");',
      },
      {
        file: `${store}/sqlite/open.ts`,
        find: 'demand(database, "synchronous", 2);',
        replace: 'demand(database, "synchronous", 1);',
      },
    ],
    caughtBy: ["D-1", "D-6"],
    ...cut,
  },
  {
    number: 3,
    name: "cid remembered in memory only",
    patches: [
      withoutIndex,
      {
        file: appendMessages,
        find: "for (const row of earlierRows) earlier.set(`${row.by} ${row.cid}`, row);",
        replace: `const memory = globalThis as { remembered?: Set<string> };
  const remembered = (memory.remembered ??= new Set());
  for (const row of earlierRows) {
    if (remembered.has(row.cid)) earlier.set(\`\${row.by} \${row.cid}\`, row);
  }
  for (const { cid } of posts) remembered.add(cid);`,
      },
      {
        // Each start of a server has forgotten them.
        file: "packages/server/src/compose-server.ts",
        find: "  const limiter = new Limiter(config);",
        replace: `  (globalThis as { remembered?: Set<string> }).remembered = new Set();
  const limiter = new Limiter(config);`,
      },
    ],
    caughtBy: ["D-3"],
    ...simulated,
  },
  {
    number: 4,
    name: "cid known for a while only (5 s: a simulated run is no longer than a minute)",
    patches: [
      withoutIndex,
      {
        file: appendMessages,
        find: "for (const row of earlierRows) earlier.set(`${row.by} ${row.cid}`, row);",
        replace: `for (const row of earlierRows) {
    if (row.at > transaction.now - 5_000) earlier.set(\`\${row.by} \${row.cid}\`, row);
  }`,
      },
    ],
    caughtBy: ["D-3"],
    ...simulated,
  },
  {
    number: 12,
    name: "own messages counted as unread",
    patches: [
      {
        file: `${store}/reads/unread.ts`,
        find: "\n        and by <> ${person}",
        replace: "",
      },
    ],
    caughtBy: ["U-1"],
    ...simulated,
  },
  {
    number: 14,
    name: "seq taken outside the transaction of its events",
    patches: [
      {
        file: `${store}/writes/append-messages.ts`,
        find: "const taken = await takeNumbers(transaction, counts);",
        replace: `const taken = await takeNumbers(transaction, counts);
  await sql.raw("commit").execute(transaction.db);
  // The disk is a slow one, so that few cuts are enough.
  await new Promise((resolve) => setTimeout(resolve, 5));
  await sql.raw("begin immediate").execute(transaction.db);`,
      },
    ],
    caughtBy: ["D-5"],
    ...cut,
  },
  {
    number: 17,
    name: "read mark set instead of raised",
    patches: [
      {
        file: `${store}/writes/mark-read.ts`,
        find: "if (upTo <= member.read) return",
        replace: "if (upTo === member.read) return",
      },
    ],
    caughtBy: ["U-2", "U-5", "U-1"],
    ...simulated,
  },
  {
    number: 22,
    name: "a deletion removes the event's row",
    patches: [
      {
        file: `${store}/writes/delete-message.ts`,
        find: `  await db
    .updateTable("messages")
    .set({ text: "", deleted: 1 })`,
        replace: `  await db
    .deleteFrom("messages")
    .where("stream", "=", stream)
    .where("seq", "=", seq)
    .execute();
  await db
    .deleteFrom("events")`,
      },
    ],
    caughtBy: ["D-5", "D-1"],
    ...simulated,
  },
  {
    number: 27,
    name: "a refusal takes rows of its neighbours along",
    patches: [
      {
        file: `${store}/commit-batch.ts`,
        find: "await Promise.all(written.splice(0));",
        replace: "",
      },
    ],
    caughtBy: ["D-1", "D-5"],
    // Found with real processes; a simulated commit is too small for it.
    ...tested(`${store}/commit-batch.test.ts`, "a refusal takes none"),
  },
];
