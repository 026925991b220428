import { describe, expect, test } from "bun:test";
import { keepDraft, readDraft } from "./drafts.ts";

function memoryStorage(): Storage {
  const values = new Map<string, string>();
  return {
    getItem: (key: string) => values.get(key) ?? null,
    setItem: (key: string, value: string) => void values.set(key, value),
    removeItem: (key: string) => void values.delete(key),
    get length() {
      return values.size;
    },
  } as Storage;
}

const lobby = { person: "u_ann", stream: "r_lobby" };

describe("[D4] typed text is never lost", () => {
  test("a draft is there again after a reload, exactly as typed", () => {
    const storage = memoryStorage();
    keepDraft(lobby, "  half a thought 你好\n", storage);
    expect(readDraft(lobby, storage)).toBe("  half a thought 你好\n");
  });

  test("each room and each person has a draft of its own", () => {
    const storage = memoryStorage();
    keepDraft(lobby, "one", storage);
    keepDraft({ ...lobby, stream: "r_other" }, "two", storage);
    expect(readDraft(lobby, storage)).toBe("one");
    expect(readDraft({ ...lobby, person: "u_bob" }, storage)).toBe("");
  });

  test("an empty draft leaves nothing behind", () => {
    const storage = memoryStorage();
    keepDraft(lobby, "one", storage);
    keepDraft(lobby, "", storage);
    expect(storage.length).toBe(0);
  });

  test("storage that is full or forbidden stops nobody from writing", () => {
    const refuse = () => {
      throw new Error("QuotaExceededError");
    };
    const storage = { getItem: refuse, setItem: refuse, removeItem: refuse };
    expect(() => keepDraft(lobby, "one", storage)).not.toThrow();
    expect(readDraft(lobby, storage)).toBe("");
  });
});
