import { createHash } from "node:crypto";
import { expect, test } from "./story.ts";

test("the connection panel shows one's own handshake, and how Sec-WebSocket-Accept follows from the key", async ({
  arrive,
}) => {
  const ann = await arrive("Ann");
  await ann.page.getByRole("button", { name: /^Connection/ }).click();
  const panel = ann.page.getByRole("complementary", { name: "Connection" });
  await expect(panel).toContainText("parley.v1");
  await panel.getByText("Handshake", { exact: true }).click();
  const text = await panel.innerText();
  const key = /[A-Za-z0-9+/]{22}==/.exec(text)?.[0] ?? "";
  const accept = createHash("sha1")
    .update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
    .digest("base64");
  expect(text).toContain(accept);
  await ann.say("seen as a frame");
  await expect(panel).toContainText("message.post");
});

test("offline is said in a thin line, and so is what happens to what one writes", async ({
  arrive,
}) => {
  const ann = await arrive("Ann");
  await ann.setOffline(true);
  await expect(
    ann.page.getByRole("status").filter({ hasText: /will be sent/i }),
  ).toBeVisible();
  await ann.setOffline(false);
  await expect(
    ann.page.getByRole("status").filter({ hasText: /will be sent/i }),
  ).toHaveCount(0);
});
