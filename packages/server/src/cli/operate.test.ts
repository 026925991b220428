import { afterAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import type { OperatorAnswer } from "../operator/operate.ts";
import { askHttp } from "../testing/ask-http.ts";
import { enter } from "../testing/enter.ts";
import {
  runParley,
  startParley,
  type ParleyProcess,
} from "../testing/parley-process.ts";
import { setupAnswers } from "../testing/owned-place.ts";
import { cookiesOf, goodPassword, signIn } from "../testing/test-account.ts";
import { joinAs } from "../testing/test-guest.ts";
import { temporaryFolder } from "../testing/temporary-folder.ts";

// The real command, beside a server that runs and without one.

// Starting a process takes its time on a busy machine.
setDefaultTimeout(60_000);

const scratch = temporaryFolder();
afterAll(() => {
  rmSync(scratch, { recursive: true, force: true });
});

let folders = 0;
const newFolder = (): string => path.join(scratch, `data ${(folders += 1)}`);

/** The command on this folder, as words. */
const on =
  (data: string) =>
  (...words: string[]) =>
    runParley({ words, environment: { PARLEY_DATA: data } });

/** Its answer as JSON; it has to succeed. */
const jsonOn =
  (data: string) =>
  async (...words: string[]): Promise<OperatorAnswer> => {
    const { code, output, errors } = await on(data)(...words, "--json");
    expect([code, errors]).toEqual([0, ""]);
    return JSON.parse(output) as OperatorAnswer;
  };

const tokenOf = (answer: OperatorAnswer): string => {
  if (answer.told !== "link") throw new Error(`no link: ${answer.told}`);
  return answer.link.split("#")[1] ?? "";
};

async function isStopped(parley: ParleyProcess): Promise<void> {
  parley.signal("SIGTERM");
  expect(await parley.exited).toBe(0);
}

describe("beside a server that runs", () => {
  test("people are added, listed, raised, suspended and restored, and everybody connected hears of it", async () => {
    const data = newFolder();
    await using parley = await startParley({
      environment: { PARLEY_DATA: data },
    });
    const server = { ...parley, folder: data };
    const json = jsonOn(data);
    const added = await json(
      ...["user", "add", "Ann", "--email", "ann@example.org"],
      ...["--name", "Ann 李", "--role", "moderator"],
    );
    expect(tokenOf(added)).toMatch(/^[\w-]{43}$/);
    expect(added).toMatchObject({
      told: "link",
      person: { name: "Ann 李", username: "ann", role: "moderator" },
    });
    const reset = { body: { token: tokenOf(added), password: goodPassword } };
    const answer = await askHttp(server, "/api/reset", reset);
    const { me } = answer.json as { me: never };
    const guest = { me, ...cookiesOf(answer) };
    const ann = await enter(server, "", { guest });

    const role = await on(data)("user", "role", "ann", "administrator");
    expect(role).toEqual({
      ...{ code: 0, errors: "" },
      output: "Ann 李 (ann): administrator.\n",
    });
    const heard = await ann.socket.next(({ type }) => type === "me.changed");
    expect(heard).toMatchObject({
      ...{ by: "u_0founder0", me: { rank: "administrator" } },
    });
    const list = await on(data)("user", "list");
    expect(list.output.split("\n")[0]).toMatch(
      /^USER NAME +NAME +ROLE +E-MAIL/,
    );
    expect(list.output).toMatch(
      /\nann +Ann 李 +administrator +ann@example\.org +\d{4}-\d\d-\d\d +\d{4}-\d\d-\d\d +u_\w+\n/,
    );
    await on(data)("user", "suspend", "ann");
    expect((await ann.socket.closed).code).toBe(4003);
    expect((await signIn(server, "ann", goodPassword)).status).toBe(403);
    expect((await on(data)("user", "restore", "ann")).code).toBe(0);
    expect((await signIn(server, "ann", goodPassword)).status).toBe(200);
    expect(await json("user", "sign-out", "ann")).toMatchObject({ ended: 1 });
    await isStopped(parley);
  });

  test("invitations and rooms: newcomers come by the link, into the rooms that were chosen", async () => {
    const data = newFolder();
    await using parley = await startParley({
      environment: { PARLEY_DATA: data },
    });
    const server = { ...parley, folder: data };
    const json = jsonOn(data);
    const ann = await enter(server, "Ann");
    const stream = await ann.makeRoom("Welcome");
    const invited = await json(
      ...["invite", "--room", "welcome", "--bound", "--uses", "1"],
      ...["--hours", "2", "--note", "for Ben"],
    );
    const body = { email: "b@c", name: "Ben", invitation: tokenOf(invited) };
    const ben = await askHttp(server, "/api/join", { body });
    expect(ben.json).toMatchObject({ me: { bound: true } });
    expect((await askHttp(server, "/api/join", { body })).status).toBe(404);

    const made = await on(data)("room", "default", "Welcome");
    expect(made.output).toBe("Welcome: public, for newcomers.\n");
    const nina = await enter(server, "Nina");
    expect(await nina.say("hi", stream)).toMatchObject({ type: "ok" });
    expect((await on(data)("room", "archive", stream)).output).toBe(
      "Welcome: public, for newcomers, archived.\n",
    );
    expect(await nina.say("hi", stream)).toMatchObject({ code: "archived" });
    await json("room", "restore", stream);
    await json("room", "default", stream, "--off");
    const rooms = await on(data)("room", "list");
    expect(rooms.output).toMatch(/^NAME +KIND +PEOPLE +ID\nLobby +lobby +2 /);
    await Promise.all([ann.leave(), nina.leave()]);
  });

  test("[T37] a setup link makes its holder the owner, and is made while there is none", async () => {
    const data = newFolder();
    await using parley = await startParley({
      environment: { PARLEY_DATA: data },
    });
    const server = { ...parley, folder: data };
    const code = tokenOf(await jsonOn(data)("setup-link"));
    const body = { code, ...setupAnswers };
    expect((await askHttp(server, "/api/setup", { body })).status).toBe(200);
    const { code: exit, errors, output } = await on(data)("setup-link");
    expect([exit, output]).toEqual([1, ""]);
    expect(errors).toBe(
      "parley: This place has an owner already. For a new password of theirs: parley user reset-link.\n",
    );
    const last = await on(data)("user", "role", "olga", "member");
    expect(last).toMatchObject({
      ...{ code: 1, output: "" },
      errors: "parley: A place needs an owner. Make somebody else one first.\n",
    });
    // A later start prints no link any more.
    await isStopped(parley);
    await using again = await startParley({
      environment: { PARLEY_DATA: data },
    });
    expect(again.output()).toStartWith("\n  Our place is running.\n");
    expect(again.output()).not.toContain("setup");
  });

  test("[T59] nobody else reaches it: a socket for its owner alone, in the folder, gone with the server", async () => {
    const data = newFolder();
    await using parley = await startParley({
      environment: { PARLEY_DATA: data },
    });
    const { mode } = statSync(path.join(data, "parley.sock"));
    expect((mode & 0o777).toString(8)).toBe("600");
    await isStopped(parley);
    expect(readdirSync(data).sort()).toEqual(["lock.db", "parley.db"]);
  });

  test("after a kill -9 the command works without the server, and the next server with it", async () => {
    const data = newFolder();
    const killed = await startParley({ environment: { PARLEY_DATA: data } });
    await joinAs(killed, "Ann");
    killed.signal("SIGKILL");
    await killed.exited;
    expect(existsSync(path.join(data, "parley.sock"))).toBe(true);
    const without = await on(data)("room", "list");
    expect([without.code, without.errors]).toEqual([0, ""]);
    await using next = await startParley({
      environment: { PARLEY_DATA: data },
    });
    expect((await on(data)("user", "list")).code).toBe(0);
    await isStopped(next);
  });

  test("a folder whose path is too long for a socket is served all the same", async () => {
    const data = path.join(scratch, "x".repeat(120), "data");
    mkdirSync(path.dirname(data));
    await using parley = await startParley({
      environment: { PARLEY_DATA: data },
    });
    const listed = await on(data)("room", "list");
    expect([listed.code, listed.errors]).toEqual([0, ""]);
    expect(listed.output).toContain("Lobby");
    await isStopped(parley);
    expect(readdirSync(data).sort()).toEqual(["lock.db", "parley.db"]);
  });
});

describe("without a server", () => {
  test("what was done is there when it starts, and the folder is left as a stop leaves it", async () => {
    const data = newFolder();
    await isStopped(await startParley({ environment: { PARLEY_DATA: data } }));
    const json = jsonOn(data);
    await json(
      ...["user", "add", "ann", "--email", "a@b.c", "--role", "owner"],
    );
    const made = await json("invite", "--role", "member");
    expect(readdirSync(data).sort()).toEqual(["lock.db", "parley.db"]);
    await using parley = await startParley({
      environment: { PARLEY_DATA: data },
    });
    expect(parley.output()).not.toContain("setup");
    const look = { body: { token: tokenOf(made) } };
    const seen = await askHttp(parley, "/api/invitations/look", look);
    expect(seen.json).toMatchObject({ by: "Parley", role: "member" });
  });

  test("a folder without data stays so: a misspelt one must not become a place", async () => {
    const data = newFolder();
    const { code, output, errors } = await on(data)("user", "list");
    expect([code, output]).toEqual([1, ""]);
    expect(errors).toMatch(/^parley: There is no data of Parley in "[^\n]+\n$/);
    expect(existsSync(data)).toBe(false);
  });
});

describe("what cannot be is a sentence", () => {
  const usage: [string[], RegExp][] = [
    [["user"], /user needs a word: list, add, /],
    [["user", "dance"], /user needs a word/],
    [["user", "add"], /needs a user name/],
    [["user", "add", "ann"], /needs an address: --email/],
    [["user", "add", "ann", "--email", "nowhere"], /not an e-mail address/],
    [["user", "add", "A!", "--email", "a@b"], /A user name has 2 to 32/],
    [["user", "add", "ann", "--email", "a@b", "--role", "king"], /A role is/],
    [["user", "role", "ann"], /A role is one of owner, /],
    [["user", "role", "ann", "guest"], /A role is/],
    [["user", "suspend"], /needs a user name or an id/],
    [["user", "list", "a", "b"], /"b" is one word too many/],
    [["user", "list", "--role", "member"], /--role means nothing to user/],
    [["invite", "--uses", "0"], /--uses must be a whole number/],
    [["invite", "--bound"], /--bound is for guests, and needs a --room/],
    [["room", "archive"], /needs the name or id of a room/],
    [["room", "list", "--off"], /--off means nothing to room/],
    [["setup-link", "now"], /"now" is one word too many/],
  ];
  for (const [words, sentence] of usage) {
    test(`parley ${words.join(" ")}: exit 2`, async () => {
      const { code, output, errors } = await runParley({ words });
      expect([code, output]).toEqual([2, ""]);
      expect(errors.split("\n")[0]).toMatch(sentence);
    });
  }

  test("nobody and no room of that name, and names that are taken: exit 1", async () => {
    const data = newFolder();
    await using parley = await startParley({
      environment: { PARLEY_DATA: data },
    });
    const wrong: [string[], string][] = [
      [
        ["user", "role", "bob", "member"],
        'Nobody has the user name or id "bob"',
      ],
      [["user", "suspend", "u_0founder0"], "Nobody has the user name or id"],
      [["room", "archive", "Nowhere"], 'no room with the name or id "Nowhere"'],
      [["room", "archive", "Lobby"], "You may not do this here."],
      [["invite", "--room", "Nowhere"], "no room with the name or id"],
      [["user", "add", "admin", "--email", "a@b"], "This name looks like one"],
    ];
    for (const [words, sentence] of wrong) {
      const { code, output, errors } = await on(data)(...words);
      expect([code, output]).toEqual([1, ""]);
      expect(errors).toStartWith("parley: ");
      expect(errors).toContain(sentence);
      expect(errors.trimEnd()).not.toContain("\n");
    }
    await isStopped(parley);
  });
});
