const words = [
  "shipping",
  "你好",
  "now",
  "naïve",
  "👩‍👩‍👧 family",
  "**bold**",
  "`code`",
  "https://example.org/a_b",
  "مرحبا",
  "3 < 4 & 5",
  "at ten",
];

/** What people write: no two texts are the same, since each begins with its name. */
export function textOf(
  name: string,
  how: "typed" | "pasted",
  random: () => number,
): string {
  const count = Math.floor(random() * 6);
  const picked = Array.from(
    { length: count },
    () => words[Math.floor(random() * words.length)] ?? "",
  );
  // Enter would send a line that is typed.
  const line = how === "pasted" && random() < 0.2 ? "\n" : " ";
  const end = random() < 0.1 ? "  " : "";
  return `${name}${line}${picked.join(" ")}${end}`.trimStart();
}
