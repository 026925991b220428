import { readFile } from "node:fs/promises";
import { folded } from "../names/folded.ts";
import listPath from "./common-passwords.txt" with { type: "file" };

/** A unit shorter than this, said again and again, is no password either. */
const unitMin = 5;

let list: Promise<ReadonlySet<string>> | undefined;

/**
 * Whether it is among those that are tried first: as it is, said twice, or with
 * digits and signs around it, which every program that guesses tries too.
 */
export async function isCommonPassword(password: string): Promise<boolean> {
  const text = folded(password);
  const unit = repeatedUnit(text);
  if (unit.length < unitMin) return true;
  list ??= read();
  const common = await list;
  return [text, unit, bare(text), bare(unit)].some((one) => common.has(one));
}

/** Read when the first password is chosen: most starts never need it. */
async function read(): Promise<ReadonlySet<string>> {
  const text = await readFile(listPath, "utf8");
  // Above the empty line it says where it is from.
  const lines = text.slice(text.indexOf("\n\n") + 2).trimEnd();
  return new Set(lines.split("\n"));
}

/** Without the digits and signs at both ends. */
function bare(text: string): string {
  return text.replace(/^[^\p{L}]+/u, "").replace(/[^\p{L}]+$/u, "");
}

/** The shortest beginning that makes the whole when it is said again and again. */
function repeatedUnit(text: string): string {
  const at = `${text}${text}`.indexOf(text, 1);
  return text.slice(0, at);
}
