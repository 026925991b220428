import { SQL } from "bun";
import type { Ground } from "../place.ts";
import type { FaultKind, World } from "../world.ts";
import { troubleOnTheWay } from "./way-trouble.ts";

type Cluster = Extract<Ground, { kind: "cluster" }>;

/** What happens to PostgreSQL, and between it and the nodes. */
export const postgresFaults: readonly FaultKind[] = [
  restart("fast"),
  restart("immediate"),
  restart("kill -9"),
  {
    ...kind("pg_terminate_backend"),
    strike: async (world) => {
      const { databaseUrl } = clusterOf(world);
      await world.during("pg_terminate_backend", "PostgreSQL", async () => {
        await using sql = new SQL(databaseUrl, { max: 1 });
        await sql`select pg_terminate_backend(pid) from pg_stat_activity
          where datname = current_database() and pid <> pg_backend_pid()`;
      });
    },
  },
  {
    ...kind("a lock on a stream"),
    strike: async (world) => {
      const { databaseUrl } = clusterOf(world);
      const ms = world.lasting(1_000, 3_000);
      await world.during(
        "a lock on a stream",
        "PostgreSQL",
        async () => {
          await using sql = new SQL(databaseUrl, { max: 1 });
          await sql.begin(async (held) => {
            await held`select id from streams order by random()
              limit 5 for update`;
            await Bun.sleep(ms);
          });
        },
        { ms },
      );
    },
  },
  ...troubleOnTheWay("PostgreSQL", "postgres", ({ toPostgres }) => toPostgres),
];

function kind(name: string): Pick<FaultKind, "name" | "on" | "needs"> {
  return { name, on: "several", needs: ["postgres"] };
}

function restart(how: "fast" | "immediate" | "kill -9"): FaultKind {
  const name = `PostgreSQL ${how}`;
  return {
    ...kind(name),
    strike: async (world) => {
      const { postgres } = clusterOf(world);
      await world.during(name, "PostgreSQL", async () => {
        await postgres.end(how);
        await Bun.sleep(world.lasting(100, 2_000));
        await postgres.startAgain();
      });
    },
  };
}

export function clusterOf({ place: { ground } }: World): Cluster {
  if (ground.kind === "sqlite") throw new Error("there is one node only");
  return ground;
}
