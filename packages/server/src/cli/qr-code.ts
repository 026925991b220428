import { renderUnicodeCompact } from "uqr";

/** A link to point a phone at; nothing where no screen would show it. */
export function qrCode(link: string): string {
  if (!process.stdout.isTTY) return "";
  return `\n${drawn(link)}\n`;
}

/** Light on dark, as terminals mostly are, with the rim that readers want. */
export function drawn(link: string): string {
  return renderUnicodeCompact(link, { border: 2 })
    .split("\n")
    .map((line) => `  ${line}`)
    .join("\n");
}
