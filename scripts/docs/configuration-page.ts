import { settings } from "../../packages/server/src/config.ts";
import { limits } from "../../packages/protocol/src/limits.ts";

const generated =
  "<!-- Made from packages/server/src/config.ts by `npm run docs`. -->";

/** docs/configuration.md. */
export function configurationPage(): string {
  const rows = Object.values(settings).map(
    ({ variable, defaultText, sentence }) =>
      `| \`${variable}\` | ${defaultText === "" ? "" : `\`${defaultText}\``} | ${sentence} |`,
  );
  const sizes = Object.entries(limits).map(
    ([name, value]) => `| \`${name}\` | ${value.toLocaleString("en")} |`,
  );
  return `# Configuration

${generated}

Nothing has to be configured. Every setting is an environment variable; \`PORT\`
and \`PARLEY_DATA\` can also be given as \`--port\` and \`--data\`. A setting that
is wrong is named at the start, and Parley does not start.

| Setting | Default | What it does |
| --- | --- | --- |
${rows.join("\n")}

## Sizes

These belong to the protocol and cannot be changed
(\`packages/protocol/src/limits.ts\`).

| Size | Value |
| --- | --- |
${sizes.join("\n")}
`;
}
