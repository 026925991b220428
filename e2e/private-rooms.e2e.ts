import type { PersonAtPage } from "./person-at-page.ts";
import { expect, test } from "./story.ts";

/** What the server says to whoever asks to follow this stream over a socket of their own. */
async function answerToFollowing(
  person: PersonAtPage,
  stream: string,
): Promise<string> {
  return person.page.evaluate(
    (wanted) =>
      new Promise<string>((resolve) => {
        const socket = new WebSocket(`ws://${location.host}/ws`, "parley.v1");
        const hello = { type: "hello", id: 1, cursors: { [wanted]: null } };
        socket.addEventListener("open", () => {
          socket.send(JSON.stringify(hello));
        });
        socket.addEventListener("message", ({ data }) => {
          const said = [JSON.parse(String(data)) as unknown].flat() as {
            type: string;
            stream?: string;
          }[];
          const answer = said.find((one) => one.stream === wanted);
          const isReady = said.some(({ type }) => type === "ready");
          if (answer === undefined && !isReady) return;
          socket.close();
          resolve(answer?.type ?? "nothing");
        });
      }),
    stream,
  );
}

test("[A-1] [A-4] a private room does not exist for others: not on the page, in the directory, over the API, over a socket, or by its people", async ({
  enrol,
  arrive,
}) => {
  const ann = await enrol("Ann");
  const bob = await arrive("Bob");
  const carl = await arrive("Carl");
  await ann.makeRoom("Rose garden", "Private");
  await ann.invite("Bob");
  await ann.say("thorns and all");
  await bob.openRoom("Rose garden");
  await bob.sees("thorns and all");
  await bob.composer.pressSequentially("I am typing");
  await expect(ann.page.getByText("Bob is typing…")).toBeVisible();
  const stream = /r_[\w-]+/u.exec(bob.page.url())?.[0] ?? "";
  const unknown = `r_${"x".repeat(stream.length - 2)}`;

  await expect(carl.rooms).not.toContainText("Rose garden");
  await carl.page.getByRole("button", { name: "Browse rooms" }).click();
  await expect(carl.dialog.getByRole("listitem")).toHaveText([/Lobby/]);
  await carl.dialog.getByLabel("Search all rooms").fill("Rose");
  await expect(
    carl.dialog.getByText("There is no such room yet."),
  ).toBeVisible();
  await carl.page.keyboard.press("Escape");
  await carl.page.getByRole("button", { name: "Jump to…" }).click();
  await carl.dialog.getByRole("combobox").fill("Rose");
  await expect(carl.dialog.getByRole("option")).toHaveCount(0);
  await carl.page.keyboard.press("Escape");
  expect(carl.frames.join()).not.toContain(stream);

  // Whoever has heard of its address gets no further with it.
  await carl.goTo(`/#/${stream}`);
  await expect(carl.heading("Lobby")).toBeVisible();
  await expect(carl.page.getByText("thorns and all")).toHaveCount(0);

  for (const what of ["messages", "members", "presence"]) {
    const there = await carl.asks("GET", `streams/${stream}/${what}`);
    const nowhere = await carl.asks("GET", `streams/${unknown}/${what}`);
    expect(there.status).toBe(404);
    expect(there).toEqual(nowhere);
  }
  expect(await answerToFollowing(carl, stream)).toBe("gone");
  expect(await answerToFollowing(carl, unknown)).toBe("gone");
  // Whoever is in it is answered, so it is not the question that was wrong.
  expect(await answerToFollowing(bob, stream)).not.toBe("gone");

  const { length } = carl.frames;
  await ann.say("nothing for Carl");
  await ann.openRoom("Lobby");
  await ann.say("everybody hears this");
  await carl.sees("everybody hears this");
  expect(carl.frames.slice(length).join()).not.toContain(stream);
  expect(carl.frames.join()).not.toContain("Rose garden");
});

test("[A-1] whoever is bound to a private room is not found by people outside it", async ({
  own,
  arrive,
  sitDown,
}) => {
  const ann = await own("Ann");
  await ann.makeRoom("Offer", "Private");
  const stream = /r_[\w-]+/u.exec(ann.page.url())?.[0] ?? "";
  const { body } = await ann.asks("POST", "invitations", {
    ...{ role: "guest", bound: true, rooms: [stream] },
    ...{ uses: null, expiresInHours: null, note: "" },
  });
  const { token } = body as { token: string };
  const gus = await sitDown("Gustav");
  await gus.goTo();
  await gus.asks("POST", "join", {
    ...{ email: "gus@example.org", name: "Gustav", invitation: token },
  });
  const carl = await arrive("Carl");
  const { people } = await carl.told<{ people: unknown[] }>(
    "people/search?query=Gustav",
  );
  expect(people).toEqual([]);
  await carl.page.getByRole("button", { name: "New message" }).click();
  await carl.dialog.getByRole("combobox").fill("Gustav");
  await expect(carl.dialog.getByText("Nobody is called that.")).toBeVisible();
});
