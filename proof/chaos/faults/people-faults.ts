import type { FaultKind, World } from "../world.ts";

/**
 * What the owner does to people while they have the chat open. While nothing
 * else is wrong, everything has to be over for them within a second.
 */
export const peopleFaults: readonly FaultKind[] = [
  {
    name: "suspension",
    on: "both",
    needs: ["servers", "clients", "postgres", "nats", "ways"],
    strike: (world) => suspend(world, "suspension"),
  },
  {
    name: "suspension meanwhile",
    on: "both",
    needs: ["clients"],
    strike: (world) => suspend(world, "suspension meanwhile"),
  },
];

async function suspend(world: World, name: string): Promise<void> {
  const { administration, people } = world;
  const known = people.slice(1).filter(({ hasAccount }) => hasAccount);
  const victim = world.oneOf(known);
  // It makes nothing else slower or less certain: it is over at once.
  await world.during(name, victim.me.id, () => Promise.resolve());
  await administration.suspend(victim, true);
  world.sessionsEnded(victim);
  await Bun.sleep(world.lasting(1_500, 6_000));
  await administration.suspend(victim, false);
  world.seat(victim, await administration.signIn(victim));
}
