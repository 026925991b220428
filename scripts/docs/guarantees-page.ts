import { readFileSync } from "node:fs";
import path from "node:path";

// The files behind each promise are not written by hand: they are the tests
// whose names carry its number.

const root = path.join(import.meta.dir, "../..");
const page = "docs/guarantees.md";

/** Tests, and what real servers and clients in tests are judged by. */
const carriers = new Bun.Glob(
  "{packages,bench,e2e,proof}/**/{*.test,*.e2e,*.contract,crash-cycles,posting-client}.ts",
);

/** These show that checkers find what they should; they prove nothing of Parley. */
const ofCheckers =
  /^(?:bench\/faults\/check|proof\/(?:checker|history|browser))/;

const definition =
  /^- \*\*([A-Z]+-?\d+)\*\*[^]*?(?=^- \*\*|^#|^$(?:\n(?! {2})))/gm;
const listing = /(?:\s+`(?:packages|bench|e2e|proof)\/[\w./-]+\.ts`,?)+\s*$/;

/** docs/guarantees.md with the lists of files as they are now. Throws when a test carries a number that no page defines. */
export function guaranteesPage(): string {
  const files = filesByNumber();
  const text = readFileSync(path.join(root, page), "utf8");
  const defined = new Set<string>();
  const listed = text.replace(definition, (entry: string, number: string) => {
    defined.add(number);
    const found = files.get(number) ?? [];
    const list = found.map((file) => `\n  \`${file}\``).join(",");
    return `${entry.replace(listing, "").trimEnd()}${list}\n`;
  });
  demandDefined(files, defined);
  return listed;
}

function filesByNumber(): Map<string, string[]> {
  const files = new Map<string, string[]>();
  for (const file of [...carriers.scanSync(root)].sort(byPlace)) {
    if (file.includes("node_modules") || ofCheckers.test(file)) continue;
    const text = readFileSync(path.join(root, file), "utf8");
    for (const [, number = ""] of new Set(
      text.matchAll(/\[([A-Z]+-?\d+)\]/g),
    )) {
      const ofNumber = files.get(number) ?? [];
      if (!ofNumber.includes(file)) ofNumber.push(file);
      files.set(number, ofNumber);
    }
  }
  return files;
}

function demandDefined(
  files: ReadonlyMap<string, readonly string[]>,
  defined: ReadonlySet<string>,
): void {
  const hostile = readFileSync(
    path.join(root, "docs/hostile-input.md"),
    "utf8",
  );
  for (const [number, [file = ""]] of files) {
    const isKnown =
      defined.has(number) || new RegExp(`\\b${number}\\b`).test(hostile);
    if (!isKnown) {
      throw new Error(`${file} carries [${number}], which no page defines`);
    }
  }
}

const order = ["packages", "bench", "e2e", "proof"];

function byPlace(one: string, other: string): number {
  const place = (file: string): number =>
    order.indexOf(file.slice(0, file.indexOf("/")));
  return place(one) - place(other) || (one < other ? -1 : 1);
}
