import type { PersonAtPage } from "./person-at-page.ts";
import { expect, password, test } from "./story.ts";

async function administer(
  owner: PersonAtPage,
  name: string,
  act: string,
): Promise<void> {
  await owner.goTo("/admin#people");
  await owner.choose(`Options for ${name}`, act);
  await owner.dialog.getByRole("button", { name: act }).click();
}

test("[A-2] a suspended person is out within a second and told why at the door; restored, they find everything as it was", async ({
  own,
  enrol,
}) => {
  const ann = await own("Ann");
  const bob = await enrol("Bob");
  await bob.makeRoom("Bob's corner", "Private");
  await bob.say("mine alone");
  await bob.sees("mine alone");
  let isOpen = true;
  bob.page.on("websocket", (socket) => {
    isOpen = true;
    socket.on("close", () => {
      isOpen = false;
    });
  });
  await bob.page.reload();
  await bob.sees("mine alone");

  await administer(ann, "Bob", "Suspend");
  await expect(ann.page.getByText("suspended", { exact: true })).toBeVisible();
  const signIn = bob.page.getByRole("button", { name: "Sign in" });
  await expect(signIn).toBeVisible({ timeout: 1_000 });
  expect(isOpen).toBe(false);
  expect((await bob.asks("GET", "rooms")).status).toBe(401);

  await bob.signIn("bob", "something else entirely");
  await expect(
    bob.page.getByText(/The name or the password is wrong/),
  ).toBeVisible();
  await bob.enterPassword("bob", password);
  await expect(bob.page.getByText(/This account is suspended/)).toBeVisible();
  await expect(bob.composer).toBeHidden();

  await administer(ann, "Bob", "Restore");
  await expect(ann.page.getByText("suspended", { exact: true })).toBeHidden();
  await bob.enterPassword("bob", password);
  await bob.openRoom("Bob's corner");
  await bob.sees("mine alone");
  await bob.say("and back");
  await bob.sees("and back");
});
