import { expect, test } from "bun:test";
import { openFilesMax } from "./open-files.ts";

/** What a process sees that was started with this limit. */
async function seenWith(openFiles: number): Promise<unknown> {
  const script = `import { openFilesMax } from "${import.meta.dir}/open-files.ts";
    console.log(JSON.stringify(openFilesMax()));`;
  const child = Bun.spawn(
    [
      "sh",
      "-c",
      `ulimit -n ${openFiles} && exec "$0" -e "$1"`,
      process.execPath,
      script,
    ],
    { stdout: "pipe" },
  );
  return JSON.parse(await new Response(child.stdout).text());
}

test("[P19] sockets stay well below the limit on open files: 64 below when it is small, 256 otherwise", async () => {
  expect(await seenWith(256)).toEqual({ max: 256, forConnections: 192 });
  expect(await seenWith(1_024)).toEqual({ max: 1_024, forConnections: 768 });
});

test("this process's own limit leaves room for at least one socket", () => {
  const { max, forConnections } = openFilesMax();
  expect(max).toBeGreaterThan(0);
  expect(forConnections).toBeWithin(1, max);
});
