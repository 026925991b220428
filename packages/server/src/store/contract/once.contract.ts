import { describe, expect, test } from "bun:test";
import type { Me } from "@parley/protocol";
import { newRoomId } from "../../identifiers.ts";
import type { WriteInput, WriteName } from "../writes/writes.ts";
import type { StoreUnderTest } from "./store-under-test.ts";

type Asked = {
  [Name in WriteName]: readonly [Name, WriteInput<Name>];
}[WriteName];

interface Answer {
  stream: string;
  seq: number;
  repeated?: true | undefined;
}

/** Who is in a room that Ann moderates; Dan is not. */
interface Scene {
  ann: Me;
  ben: Me;
  cleo: Me;
  dan: Me;
  stream: string;
  /** Of Ben's. */
  message: number;
  /** Of Ben's, too. */
  other: number;
}

interface Command {
  name: string;
  ask: (scene: Scene, cid: string) => Asked;
  /** The same cid for something else. */
  otherwise: (scene: Scene, cid: string) => readonly Asked[];
}

const from = ({ ann, stream }: Scene, cid: string) => ({
  ...{ by: ann.id, stream, cid },
});

const change = (
  scene: Scene,
  cid: string,
  changes: WriteInput<"changeRoom">["changes"],
): Asked => ["changeRoom", { ...from(scene, cid), changes }];

const moderate = (
  scene: Scene,
  cid: string,
  { id: person }: Me,
  moderator: boolean,
): Asked => ["changeMember", { ...from(scene, cid), person, moderator }];

const direct = ({ ann }: Scene, cid: string, others: readonly Me[]): Asked => [
  "openDirect",
  {
    ...{ stream: newRoomId(), by: ann.id, cid },
    people: others.map(({ id }) => id),
  },
];

const commands: readonly Command[] = [
  {
    name: "changing a room",
    ask: (scene, cid) =>
      change(scene, cid, { topic: "Words", readOnly: true, archived: true }),
    otherwise: (scene, cid) => [
      change(scene, cid, { topic: "Other" }),
      change(scene, cid, { topic: "Words", readOnly: false, archived: true }),
      change(scene, cid, { archived: true }),
    ],
  },
  {
    name: "letting somebody in",
    ask: (scene, cid) => [
      "inviteToRoom",
      { ...from(scene, cid), people: [scene.ben.id, scene.dan.id] },
    ],
    otherwise: (scene, cid) => [
      ["inviteToRoom", { ...from(scene, cid), people: [scene.cleo.id] }],
      ["joinRoom", from(scene, cid)],
    ],
  },
  {
    name: "taking somebody out",
    ask: (scene, cid) => [
      "removeFromRoom",
      { ...from(scene, cid), person: scene.ben.id },
    ],
    otherwise: (scene, cid) => [
      ["removeFromRoom", { ...from(scene, cid), person: scene.cleo.id }],
      ["leaveRoom", from(scene, cid)],
    ],
  },
  {
    name: "making somebody a moderator",
    ask: (scene, cid) => moderate(scene, cid, scene.ben, true),
    otherwise: (scene, cid) => [
      moderate(scene, cid, scene.cleo, true),
      moderate(scene, cid, scene.ben, false),
    ],
  },
  {
    name: "opening a direct room",
    ask: (scene, cid) => direct(scene, cid, [scene.ben]),
    otherwise: (scene, cid) => [
      direct(scene, cid, [scene.cleo]),
      direct(scene, cid, [scene.ben, scene.cleo]),
      [
        "createRoom",
        {
          ...{ stream: newRoomId(), by: scene.ann.id, cid },
          ...{ name: `Room ${cid}`, topic: "" },
        },
      ],
    ],
  },
  {
    name: "making a private room",
    ask: ({ ann }, cid) => [
      "createRoom",
      {
        ...{ stream: newRoomId(), by: ann.id, cid, topic: "" },
        ...{ name: `Room ${cid}`, kind: "private" },
      },
    ],
    otherwise: (scene, cid) => [
      direct(scene, cid, [scene.ben]),
      [
        "createRoom",
        {
          ...{ stream: newRoomId(), by: scene.ann.id, cid },
          ...{ name: `Room ${cid}`, topic: "" },
        },
      ],
    ],
  },
  {
    name: "deleting a message",
    ask: (scene, cid) => [
      "deleteMessage",
      { ...from(scene, cid), message: scene.message },
    ],
    otherwise: (scene, cid) => [
      ["deleteMessage", { ...from(scene, cid), message: scene.other }],
      ["leaveRoom", from(scene, cid)],
    ],
  },
];

/** Every command that makes an event is done once, however often it is asked. */
export function onceContract(under: StoreUnderTest): void {
  const { ask, cid, fate, guest, head, join, post, reopen, room } = under;

  async function sceneOf(): Promise<Scene> {
    const [ann, ben, cleo, dan] = await Promise.all(
      ["Ann", "Ben", "Cleo", "Dan"].map((name) => guest(name)),
    );
    if (!ann || !ben || !cleo || !dan) throw new Error("somebody is missing");
    const stream = await room(ann);
    for (const person of [ben, cleo]) await join(person, stream);
    const { seq: message } = await post(ben, "one", { stream });
    const { seq: other } = await post(ben, "two", { stream });
    return { ann, ben, cleo, dan, stream, message, other };
  }

  const write = ([name, input]: Asked): Promise<Answer> =>
    under.store.write(name, input) as Promise<Answer>;

  describe("[D-3] [J12] a command and its cid", () => {
    for (const { name, ask: asking, otherwise } of commands) {
      test(`${name}: the first answer again, also after a restart, and nothing is done twice`, async () => {
        const scene = await sceneOf();
        const own = cid();
        const first = await write(asking(scene, own));
        expect(first).not.toHaveProperty("repeated");
        const heads = [await head(scene.stream), await head(first.stream)];
        expect(await write(asking(scene, own))).toEqual({
          ...{ ...first, repeated: true },
        });
        await reopen();
        expect(await write(asking(scene, own))).toEqual({
          ...{ ...first, repeated: true },
        });
        const now = [await head(scene.stream), await head(first.stream)];
        expect(now).toEqual(heads);
      });

      test(`${name}, from two tabs in one moment: one event, and both get its number`, async () => {
        const scene = await sceneOf();
        const own = cid();
        const answers = await Promise.all(
          Array.from({ length: 6 }, () => write(asking(scene, own))),
        );
        const seqs = new Set(
          answers.map(({ stream, seq }) => `${stream} ${seq}`),
        );
        expect(seqs.size).toBe(1);
        const news = answers.filter(({ repeated }) => repeated !== true);
        expect(news).toHaveLength(1);
      });

      test(`${name}: with the same cid for something else it is cid_conflict, and nothing happens`, async () => {
        const scene = await sceneOf();
        const own = cid();
        await write(asking(scene, own));
        const before = await head(scene.stream);
        for (const [other, input] of otherwise(scene, own)) {
          expect(await fate(other, input)).toBe("cid_conflict");
        }
        expect(await head(scene.stream)).toBe(before);
      });

      test(`[D-4] ${name}: who may no longer do it hears that it was done when they ask again`, async () => {
        const scene = await sceneOf();
        const own = cid();
        const first = await write(asking(scene, own));
        const { ann, stream } = scene;
        await ask(
          `delete from members where stream = '${stream}' and person = '${ann.id}'`,
        );
        await ask(`update people set suspended_at = 1 where id = '${ann.id}'`);
        const again = await write(asking(scene, own));
        expect(again).toEqual({ ...first, repeated: true });
        const [name, input] = asking(scene, cid());
        expect(await fate(name, input)).toBe("unauthenticated");
      });
    }
  });
}
