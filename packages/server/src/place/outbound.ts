import type { Config } from "../config.ts";

export interface Outbound {
  what: "gravatar" | "postgres" | "nats";
  /** Where it goes; empty where it goes nowhere. */
  host: string;
  on: boolean;
  /** A sentence for administrators. */
  why: string;
}

/**
 * Everything that this server asks of other machines. What is not in this list
 * it does not do: the page asks nothing of any third party either.
 */
export function outbound({
  gravatar,
  databaseUrl,
  natsUrl,
}: Pick<Config, "gravatar" | "databaseUrl" | "natsUrl">): Outbound[] {
  return [
    {
      what: "gravatar",
      host: "gravatar.com",
      on: gravatar,
      why: "Pictures of people, asked for with a hash of their address (PARLEY_GRAVATAR).",
    },
    {
      what: "postgres",
      host: databaseUrl === "" ? "" : hostOf(databaseUrl),
      on: databaseUrl !== "",
      why: "Where everything is kept, instead of the data folder (PARLEY_DATABASE_URL).",
    },
    {
      what: "nats",
      host: natsUrl.map(hostOf).join(", "),
      on: natsUrl.length > 0,
      why: "How the nodes of this place tell each other what was said (PARLEY_NATS_URL).",
    },
  ];
}

/** Without the password that the address may hold. */
function hostOf(url: string): string {
  return new URL(url).host;
}
