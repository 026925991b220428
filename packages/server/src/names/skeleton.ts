import list from "./confusables.txt" with { type: "text" };
import { folded } from "./folded.ts";

/** Until nothing changes; of all that the list knows, the second time is the last. */
const roundsMax = 4;

/** What holds emoji together, and what chooses one of their looks. */
const invisible = /\p{Default_Ignorable_Code_Point}/gu;

let lookAlikes: ReadonlyMap<string, string> | undefined;

/**
 * What a name looks like: two names with one skeleton are one to the eye (UTS
 * 39, section 4), whatever their case, width or script. Not for showing.
 */
export function skeleton(name: string): string {
  let form = folded(name);
  for (let round = 0; round < roundsMax; round += 1) {
    // What a character looks like may be a capital (0 is O), so folded again.
    const next = folded(prototypes(form));
    if (next === form) break;
    form = next;
  }
  return form;
}

/**
 * All that a new name might be taken for. A capital I is an i, and it looks
 * like an l: PaypaI is "paypai" by its letters and "paypal" to the eye.
 */
export function skeletons(name: string): string[] {
  const byEye = skeleton(prototypes(name.normalize("NFKC")));
  return [...new Set([skeleton(name), byEye])];
}

function prototypes(text: string): string {
  lookAlikes ??= read();
  let looks = "";
  for (const character of text.normalize("NFD").replace(invisible, "")) {
    looks += lookAlikes.get(character) ?? character;
  }
  return looks.normalize("NFD");
}

/** Each character with what it looks like. */
function read(): ReadonlyMap<string, string> {
  // Above the empty line it says where it is from.
  const lines = list.slice(list.indexOf("\n\n") + 2).split("\n");
  const looks = new Map<string, string>();
  for (const line of lines) {
    const end = line.indexOf(" ");
    for (const one of line.slice(end + 1)) looks.set(one, line.slice(0, end));
  }
  return looks;
}
