import { beforeAll, describe, expect, test } from "bun:test";
import type { Me } from "@parley/protocol";
import { newRoomId } from "../../identifiers.ts";
import type { StoreUnderTest } from "./store-under-test.ts";

/** Finding rooms by words, taken literally. */
export function directoryContract(under: StoreUnderTest): void {
  const { guest, room, join } = under;

  describe("the directory", () => {
    let ann: Me;
    const tag = newRoomId().slice(2);
    const found = async (query: string): Promise<string[]> =>
      (await under.store.reads.directory(ann.id, query))
        .map(({ name }) => name)
        .filter((name) => name.endsWith(tag));
    beforeAll(async () => {
      ann = await guest();
      const ben = await guest("Ben");
      await room(ben, `100% ${tag}`, "percent");
      await room(ben, `snake_case ${tag}`, "underscore");
      await room(ben, `back\\slash ${tag}`, "Über Äpfel");
      await room(ben, `'quote" ${tag}`, "'; drop table rooms; --");
      const mine = await room(ann, `设计 Design ${tag}`, "Screens");
      await join(ben, mine);
    });

    const cases: [string, string[]][] = [
      ["%", [`100% ${tag}`]],
      ["0% ", [`100% ${tag}`]],
      ["_", [`snake_case ${tag}`]],
      ["e_c", [`snake_case ${tag}`]],
      ["\\", [`back\\slash ${tag}`]],
      ["\\s", [`back\\slash ${tag}`]],
      ["'", [`'quote" ${tag}`]],
      ['"', [`'quote" ${tag}`]],
      ["'; drop", [`'quote" ${tag}`]],
      ["设计", [`设计 Design ${tag}`]],
      ["dEsI", [`设计 Design ${tag}`]],
      ["ｄｅｓｉｇｎ", [`设计 Design ${tag}`]],
      ["SCREENS", [`设计 Design ${tag}`]],
      ["über", [`back\\slash ${tag}`]],
      ["ÄPFEL", [`back\\slash ${tag}`]],
      ["nothing of the kind", []],
    ];
    for (const [query, names] of cases) {
      test(`[T12] ${query} is looked for as it stands, in names and topics`, async () => {
        expect(await found(query)).toEqual(names);
      });
    }

    test("without a query it lists every room, with how many are in it and whether one is oneself", async () => {
      const rows = await under.store.reads.directory(ann.id, "");
      const mine = rows.find(({ name }) => name === `设计 Design ${tag}`);
      expect(mine).toMatchObject({ members: 2, joined: true });
      const other = rows.find(({ name }) => name === `100% ${tag}`);
      expect(other).toMatchObject({ members: 1, joined: false });
      expect(rows.some(({ stream }) => stream === under.store.lobby)).toBe(
        true,
      );
    });
  });
}
