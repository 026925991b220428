import { expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { Gravatar } from "./gravatar.ts";

const png = Uint8Array.from([
  0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3,
]);

/** A server in Gravatar's place that notes what it is asked. */
function startPictures(answer: (path: string) => Response) {
  const asked: string[] = [];
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch: ({ url }) => {
      const { pathname, search } = new URL(url);
      asked.push(pathname + search);
      return answer(pathname);
    },
  });
  const gravatar = new Gravatar(`http://127.0.0.1:${server.port}`);
  return {
    asked,
    gravatar,
    [Symbol.asyncDispose]: () => server.stop(true),
  };
}

test("[T34] the server asks once per address, by a hash, and keeps the answer", async () => {
  await using pictures = startPictures(() => new Response(png));
  const { gravatar, asked } = pictures;
  const first = await gravatar.find("Ann@Example.org ");
  const again = await gravatar.find("ann@example.org");
  expect(first).toEqual({ body: png, type: "image/png" });
  expect(again).toBe(first);
  const hash = createHash("sha256").update("ann@example.org").digest("hex");
  expect(asked).toEqual([`/avatar/${hash}?s=160&d=404`]);
});

test("who has no picture is not asked about again within a day", async () => {
  await using pictures = startPictures(
    () => new Response("no", { status: 404 }),
  );
  const { gravatar, asked } = pictures;
  expect(await gravatar.find("bob@example.org", 0)).toBeUndefined();
  expect(await gravatar.find("bob@example.org", 86_399_999)).toBeUndefined();
  expect(asked).toHaveLength(1);
  await gravatar.find("bob@example.org", 86_400_000);
  expect(asked).toHaveLength(2);
});

test("[T25] what only says that it is a picture is not passed on", async () => {
  await using pictures = startPictures(
    () =>
      new Response("<script>alert(1)</script>", {
        headers: { "content-type": "image/png" },
      }),
  );
  expect(await pictures.gravatar.find("a@example.org")).toBeUndefined();
});

test("[T31] a redirect is not followed, an endless picture not read to its end", async () => {
  await using elsewhere = startPictures(() =>
    Response.redirect("http://127.0.0.1:1/inside"),
  );
  expect(await elsewhere.gravatar.find("a@example.org")).toBeUndefined();
  await using endless = startPictures(
    () =>
      new Response(
        new ReadableStream({
          pull: (controller) => {
            controller.enqueue(new Uint8Array(65_536).fill(0x89));
          },
        }),
      ),
  );
  expect(await endless.gravatar.find("a@example.org")).toBeUndefined();
});
