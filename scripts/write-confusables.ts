import { readFileSync, writeFileSync } from "node:fs";

// Makes packages/server/src/names/confusables.txt from Unicode's own file:
//   bun scripts/write-confusables.ts confusables.txt
// which is at https://www.unicode.org/Public/security/<version>/confusables.txt
// and in the sources of ICU (icu/source/data/unidata/confusables.txt).

const target = new URL(
  "../packages/server/src/names/confusables.txt",
  import.meta.url,
);

/** What no name can hold (names.ts in the protocol) needs no look-alike. */
const neverInNames =
  /[\p{Cc}\p{Default_Ignorable_Code_Point}\p{White_Space}\p{Cn}\u2800]/u;

const licence = `# Characters that look like others: for each line, whatever stands behind the
# space looks like what stands before it. Of Unicode's confusables.txt, only what
# is left of a name after NFKC. Below the empty line. Written by scripts/write-confusables.ts.
#
# VERSION
#
# UNICODE, INC. LICENSE AGREEMENT - DATA FILES AND SOFTWARE
#
# Copyright © 1991-2022 Unicode, Inc. All rights reserved.
# Distributed under the Terms of Use in https://www.unicode.org/copyright.html.
#
# Permission is hereby granted, free of charge, to any person obtaining
# a copy of the Unicode data files and any associated documentation
# (the "Data Files") or Unicode software and any associated documentation
# (the "Software") to deal in the Data Files or Software
# without restriction, including without limitation the rights to use,
# copy, modify, merge, publish, distribute, and/or sell copies of
# the Data Files or Software, and to permit persons to whom the Data Files
# or Software are furnished to do so, provided that either
# (a) this copyright and permission notice appear with all copies
# of the Data Files or Software, or
# (b) this copyright and permission notice appear in associated
# Documentation.
#
# THE DATA FILES AND SOFTWARE ARE PROVIDED "AS IS", WITHOUT WARRANTY OF
# ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
# WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND
# NONINFRINGEMENT OF THIRD PARTY RIGHTS.
# IN NO EVENT SHALL THE COPYRIGHT HOLDER OR HOLDERS INCLUDED IN THIS
# NOTICE BE LIABLE FOR ANY CLAIM, OR ANY SPECIAL INDIRECT OR CONSEQUENTIAL
# DAMAGES, OR ANY DAMAGES WHATSOEVER RESULTING FROM LOSS OF USE,
# DATA OR PROFITS, WHETHER IN AN ACTION OF CONTRACT, NEGLIGENCE OR OTHER
# TORTIOUS ACTION, ARISING OUT OF OR IN CONNECTION WITH THE USE OR
# PERFORMANCE OF THE DATA FILES OR SOFTWARE.
#
# Except as contained in this notice, the name of a copyright holder
# shall not be used in advertising or otherwise to promote the sale,
# use or other dealings in these Data Files or Software without prior
# written authorization of the copyright holder.
`;

const [source] = process.argv.slice(2);
if (source === undefined) {
  console.error("Say where Unicode's confusables.txt is.");
  process.exit(1);
}
const text = readFileSync(source, "utf8");
const version = /^# Version: (?<number>.+)$/m.exec(text)?.groups?.["number"];
if (version === undefined) {
  console.error(`${source} is no confusables.txt of Unicode.`);
  process.exit(1);
}

/** What looks like each target, in the order of the code points. */
const lookAlikes = new Map<string, string[]>();
for (const line of text.split("\n")) {
  const [, from, to] =
    /^\ufeff?([0-9A-F]+)\s*;\s*([0-9A-F ]+?)\s*;\s*MA/.exec(line) ?? [];
  if (from === undefined || to === undefined) continue;
  const character = String.fromCodePoint(Number.parseInt(from, 16));
  const prototype = to
    .split(" ")
    .map((code) => String.fromCodePoint(Number.parseInt(code, 16)))
    .join("")
    // White space inside a line would be its end, and names have it single.
    .replace(/\s/gu, "");
  const isLeft = character.normalize("NFKC").normalize("NFD") === character;
  if (!isLeft || neverInNames.test(character) || prototype === "") continue;
  const others = lookAlikes.get(prototype);
  if (others) others.push(character);
  else lookAlikes.set(prototype, [character]);
}

const lines = [...lookAlikes].map(
  ([prototype, others]) => `${prototype} ${others.sort().join("")}`,
);
const head = licence.replace(
  "VERSION",
  `confusables.txt of Unicode ${version}`,
);
writeFileSync(target, `${head}\n${lines.sort().join("\n")}\n`);
