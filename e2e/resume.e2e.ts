import { expect, test } from "./story.ts";

test("[P8] [V-1] what both sides write while the network is away is there once, in one order, when it is back", async ({
  arrive,
}) => {
  const ann = await arrive("Ann");
  const bob = await arrive("Bob");
  await ann.say("before");
  await bob.sees("before");

  await ann.setOffline(true);
  for (let n = 1; n <= 3; n += 1) await ann.say(`ann offline ${n}`);
  for (let n = 1; n <= 3; n += 1) await bob.say(`bob meanwhile ${n}`);
  await expect(ann.message("ann offline 3")).toHaveAttribute(
    "data-status",
    "waiting",
  );
  await ann.setOffline(false);

  for (const person of [ann, bob]) {
    for (let n = 1; n <= 3; n += 1) {
      await person.sees(`ann offline ${n}`);
      await person.sees(`bob meanwhile ${n}`);
    }
  }
  await expect
    .poll(async () => JSON.stringify(await ann.stored()))
    .toBe(JSON.stringify(await bob.stored()));
});

test("[P1] the server is killed and started again: pages come back by themselves and nothing is lost or doubled", async ({
  arrive,
  parley,
}) => {
  const ann = await arrive("Ann");
  const bob = await arrive("Bob");
  await ann.say("before the crash");
  await bob.sees("before the crash");

  await parley.kill();
  await ann.say("written while it was down");
  await bob.say("me too");
  await parley.startAgain();

  for (const person of [ann, bob]) {
    await person.sees("before the crash");
    await person.sees("written while it was down");
    await person.sees("me too");
  }
  await ann.say("after");
  await bob.sees("after");
  expect(await ann.stored()).toEqual(await bob.stored());
});
