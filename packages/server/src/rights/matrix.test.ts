import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { errors, isAtLeast, isErrorCode, mayInRoom } from "@parley/protocol";
import { commands, questions } from "@parley/protocol/catalog";
import { askHttp } from "../testing/ask-http.ts";
import { isOnCluster } from "../testing/cluster-places.ts";
import { startTestServer } from "../testing/start-test-server.ts";
import { isMember, mayMeet, maySee, type RoomName } from "./testing/actors.ts";
import { askAll, type Asked } from "./testing/ask.ts";
import { adminQuestions } from "./testing/admin-questions.ts";
import { doors, signedInQuestions } from "./testing/http-questions.ts";
import { titleOf, type HttpQuestion } from "./testing/questions.ts";
import { socketQuestions } from "./testing/socket-questions.ts";
import { tablesOf } from "./testing/table.ts";
import { makeTemplate, matrixSettings } from "./testing/template.ts";

const golden = path.join(import.meta.dir, "matrix.txt");
const httpQuestions = [...doors, ...signedInQuestions, ...adminQuestions];
const all = [...socketQuestions, ...httpQuestions];

/** Routes that the OpenAPI document does not describe. */
const undescribed = ["GET /healthz", "GET /livez", "GET /api/openapi.json"];

/** The tables, in the order of the questions. */
const tables: Asked[][] = [];

/** The same, each answer by itself. */
interface Cell extends Omit<Asked, "answers"> {
  row: string;
  cell: string;
  masked: string;
  /** To find it by, when it is wrong. */
  where: string;
}
let cells: Cell[] = [];

// It is about rights, which are decided above any database, in one that can be
// copied; that the others decide the same, store/contract/ shows.
describe.skipIf(isOnCluster)("who may what", () => {
  beforeAll(async () => {
    using template = await makeTemplate();
    const harmless = all.filter(({ isHarmless }) => isHarmless);
    const found = await askAll(template, harmless);
    for (const question of all) {
      if (question.isHarmless) continue;
      found.push(...(await askAll(template, [question])));
    }
    for (const question of all) {
      tables.push(found.find(([first]) => first?.question === question) ?? []);
    }
    cells = tables.flat().flatMap(({ answers, ...asked }) =>
      [...answers].map(([row, answer]) => ({
        ...{ ...asked, ...answer, row },
        where: `${titleOf(asked.question)}, ${asked.part.asking.name}, ${row}`,
      })),
    );
  }, 300_000);
  afterAll(() => {
    tables.length = 0;
  });

  /** Of these cells, which are not as they should be. */
  function wrong(some: Cell[], isRight: (cell: Cell) => boolean): string[] {
    const others = some.filter((cell) => !isRight(cell));
    return others.map(({ where, cell }) => `${where}: ${cell}`);
  }

  function routeOf({ question }: Pick<Asked, "question">): string {
    return "route" in question ? question.route : "";
  }

  function cellAt(title: string, { part, row }: Cell): string | undefined {
    const table = tables.find(
      ([one]) => one && titleOf(one.question) === title,
    );
    const asked = table?.find((one) => one.part === part);
    return asked?.answers.get(row)?.cell;
  }

  test("[T6] every command, question and route has its table", async () => {
    const names = [...commands, ...questions].map(({ name }) => name);
    const asked = new Set(socketQuestions.map(({ command }) => command));
    expect([...asked].sort()).toEqual(names.sort());

    await using server = await startTestServer(matrixSettings);
    const { json } = await askHttp(server, "/api/openapi.json");
    const { paths } = json as { paths: Record<string, object> };
    const routes = Object.entries(paths).flatMap(([pattern, methods]) =>
      Object.keys(methods).map((one) => `${one.toUpperCase()} ${pattern}`),
    );
    const tested = new Set(httpQuestions.map(({ route }) => route));
    expect([...tested].sort()).toEqual([...routes, ...undescribed].sort());
  });

  test("[T6] every cell is as it was read and approved", () => {
    const text = tablesOf(tables);
    if (process.env["PARLEY_WRITE_GOLDEN"] === "1") writeFileSync(golden, text);
    expect(text).toBe(readFileSync(golden, "utf8"));
  });

  test("no cell is a mistake of the server", () => {
    const known = ["ok", "nothing", "gone", "4001"];
    const isKnown = ({ cell }: Cell): boolean =>
      known.includes(cell) || (isErrorCode(cell) && errors[cell].status < 500);
    expect(cells.length).toBeGreaterThan(9_000);
    expect(wrong(cells, isKnown)).toEqual([]);
  });

  test("[A-4] [T7] what one may not see answers as what is not there, to the byte", () => {
    let compared = 0;
    const isAsUnknown = (cell: Cell): boolean => {
      const { question, part } = cell;
      const table = tables.find(([one]) => one?.question === question) ?? [];
      const answers = table.find((one) => one.part === part)?.answers;
      compared += 1;
      return cell.masked === answers?.get("unknown")?.masked;
    };
    const hiddenRooms = cells.filter(({ question, part: { asking }, row }) => {
      const room = question.roomOf?.(row);
      if (room === undefined || room === "unknown") return false;
      const isListed = room === "private" && mayAdminister(asking.role);
      return !maySee(asking, room) && !(isListed && isForRegistrars(question));
    });
    const hiddenPeople = cells.filter(({ question, part: { asking }, row }) => {
      const person = question.personOf?.(row);
      if (person === undefined || person === "unknown") return false;
      // Of whom the others see, an administrator's list tells.
      return asking.isBound === true && !mayMeet(asking, person);
    });
    const hidden = [...hiddenRooms, ...hiddenPeople].filter(hasSession);
    expect(wrong(hidden, isAsUnknown)).toEqual([]);
    expect(compared).toBeGreaterThan(800);
  });

  function mayAdminister(role: Parameters<typeof isAtLeast>[0]): boolean {
    return isAtLeast(role, "administrator");
  }

  /** What administrators do to rooms that they list without being in them. */
  function isForRegistrars(question: Asked["question"]): boolean {
    const title = titleOf(question);
    return (
      title === "room.change: archived, or restored" ||
      title.includes("/api/admin/rooms")
    );
  }

  function hasSession({ part: { asking } }: Pick<Asked, "part">): boolean {
    return asking.without === undefined;
  }

  describe("who has no session", () => {
    const isDoor = ({ question }: Cell): boolean =>
      doors.includes(question as HttpQuestion);

    test("[A-2] gets 4001 on the socket and 401 over HTTP, whatever they ask", () => {
      const inside = cells.filter((cell) => !hasSession(cell) && !isDoor(cell));
      expect(inside.length).toBeGreaterThan(1_000);
      const isRefused = (cell: Cell): boolean =>
        cell.cell === (routeOf(cell) === "" ? "4001" : "unauthenticated");
      expect(wrong(inside, isRefused)).toEqual([]);
    });

    test("[T7] gets the same bytes for everything, but at the door", () => {
      for (const isHttp of [true, false]) {
        const answers = cells.filter(
          (cell) =>
            !hasSession(cell) &&
            !isDoor(cell) &&
            isHttp === (routeOf(cell) !== ""),
        );
        expect(new Set(answers.map(({ masked }) => masked)).size).toBe(1);
      }
    });

    test("finds the same door as everybody else", () => {
      const atDoor = cells.filter((cell) => !hasSession(cell) && isDoor(cell));
      const isOpen = ({ cell }: Cell): boolean => cell !== "unauthenticated";
      expect(wrong(atDoor, isOpen)).toEqual([]);
    });
  });

  describe("administration", () => {
    /** What moderators may do, too. */
    const ofModerators = [
      "GET /api/admin/people",
      "POST /api/admin/people/{id}/suspend",
    ];

    test("[T39] tells those below it nothing but that they may not", () => {
      const below = cells.filter((cell) => {
        const route = routeOf(cell);
        const least = ofModerators.includes(route)
          ? "moderator"
          : "administrator";
        const isAbove = isAtLeast(cell.part.asking.role, least);
        return route.includes("/api/admin/") && hasSession(cell) && !isAbove;
      });
      expect(below.length).toBeGreaterThan(1_000);
      const isForbidden = ({ cell }: Cell): boolean => cell === "forbidden";
      expect(wrong(below, isForbidden)).toEqual([]);
      expect(new Set(below.map(({ masked }) => masked)).size).toBe(1);
    });

    test("[T3] changes nothing for who has not shown their password lately", () => {
      const stale = cells.filter((cell) => {
        const route = routeOf(cell);
        const isChange = /\/api\/(admin|invitations)/.test(route);
        // Whoever holds a link looks at it and takes it for themselves.
        const isOwn = /^GET|\/(?:look|accept)$/.test(route);
        return cell.part.asking.isStale && isChange && !isOwn;
      });
      expect(stale.length).toBeGreaterThan(50);
      const isAsked = ({ cell }: Cell): boolean => cell === "sign_in_again";
      expect(wrong(stale, isAsked)).toEqual([]);
    });
  });

  test("[T6] the socket and HTTP agree on who reads what", () => {
    const ways = ["messages", "members", "presence"].map(
      (what) => `GET /api/streams/{stream}/${what}`,
    );
    const reading = cells.filter(
      ({ question }) => titleOf(question) === "history",
    );
    const readable = {
      ok: ["ok", "ok", "ok"],
      not_found: ["gone", "gone", "nothing"],
    };
    const agrees = (cell: Cell): boolean => {
      if (!hasSession(cell)) return true;
      const expected = cell.cell === "ok" ? readable.ok : readable.not_found;
      const others = ["hello", "follow", "GET /api/rooms"];
      const found = others.map((title) => cellAt(title, cell));
      return (
        ways.every((title) => cellAt(title, cell) === cell.cell) &&
        found.every((one, index) => one === expected[index]) &&
        (cell.cell === "ok") ===
          isMember(cell.part.asking, cell.row as RoomName)
      );
    };
    expect(reading.length).toBeGreaterThan(100);
    expect(wrong(reading, agrees)).toEqual([]);
  });

  test("[T6] the socket and HTTP agree on who archives what", () => {
    const archiving = cells.filter(
      ({ question, part: { asking } }) =>
        titleOf(question) === "room.change: archived, or restored" &&
        mayAdminister(asking.role) &&
        asking.isStale !== true,
    );
    const way = "PATCH /api/admin/rooms/{stream}: archived, or restored";
    expect(archiving.length).toBeGreaterThan(20);
    expect(wrong(archiving, (cell) => cellAt(way, cell) === cell.cell)).toEqual(
      [],
    );
  });

  test("[T6] in rooms, the table of rights decides who is refused", () => {
    const ofRights = cells.filter(
      (cell) => cell.question.right !== undefined && hasSession(cell),
    );
    const isAsDecided = ({ question, part, row, cell }: Cell): boolean => {
      const { asking } = part;
      const room = row as RoomName;
      if (question.right === undefined) return false;
      if (!maySee(asking, room)) return cell === "not_found";
      const isShared = room === "archived" || room === "announcement";
      const kind = isShared ? "public" : (room as "public");
      const isIn = isMember(asking, room);
      const isAllowed = mayInRoom(
        { role: asking.role, bound: asking.isBound },
        question.right,
        {
          ...{ kind, isMember: isIn },
          isModerator:
            isIn &&
            asking.moderates === true &&
            room !== "lobby" &&
            room !== "direct",
        },
      );
      return isAllowed
        ? ["ok", "archived"].includes(cell)
        : cell === "forbidden";
    };
    expect(ofRights.length).toBeGreaterThan(800);
    expect(wrong(ofRights, isAsDecided)).toEqual([]);
  });

  test("[T34] [T8] nobody is told another's address, or of a room that is closed to them", () => {
    expect(tables.flat().flatMap(({ leaks }) => leaks)).toEqual([]);
  });
});
