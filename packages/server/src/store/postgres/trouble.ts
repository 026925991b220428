import { isDriversWord } from "./failures.ts";

/**
 * What went wrong with PostgreSQL, in words that say what to do and hold no
 * password; undefined for what neither it nor its driver has said, which is a
 * mistake of this program. `address` is what the operator knows `url` as.
 */
export function troubleSentence(
  error: unknown,
  url: string,
  address: string,
): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const code =
    "code" in error && typeof error.code === "string" ? error.code : "";
  const where = placeOf(url, address);
  const sentence = sentences[code]?.(where);
  if (sentence !== undefined) return sentence;
  const isKnown = code !== "" || isDriversWord(error) || isOfTheGreeting(error);
  if (!isKnown) return undefined;
  return `PostgreSQL at ${where.host} cannot be used (${error.message}). Check ${address}.`;
}

/** What the driver says of the first words with a server. */
function isOfTheGreeting({ message }: Error): boolean {
  return /^(?:The server does not support SSL|SASL)/.test(message);
}

interface Where {
  host: string;
  database: string;
  user: string;
  address: string;
}

function placeOf(url: string, address: string): Where {
  const { host, pathname, username } = new URL(url);
  return {
    host,
    database: decodeURIComponent(pathname.slice(1)),
    user: decodeURIComponent(username),
    address,
  };
}

const unreachable = ({ host, address }: Where): string =>
  `PostgreSQL at ${host} cannot be reached. Is it running, and is ${address} right?`;

const refused = ({ host, user, address }: Where): string =>
  `PostgreSQL at ${host} does not accept the user "${user}" with this password. Check ${address}.`;

// Codes of five characters are SQLSTATE: PostgreSQL's documentation, appendix A.
const sentences: Record<string, (where: Where) => string> = {
  ECONNREFUSED: unreachable,
  EHOSTUNREACH: unreachable,
  ENETUNREACH: unreachable,
  ETIMEDOUT: unreachable,
  ENOTFOUND: ({ host, address }) =>
    `There is no host "${host}". Check ${address}.`,
  EAI_AGAIN: ({ host, address }) =>
    `The host "${host}" cannot be looked up just now. Check ${address} and the network.`,
  "28P01": refused,
  "28000": refused,
  "3D000": ({ host, database }) =>
    `PostgreSQL at ${host} has no database "${database}". Make it with: create database ${database}`,
  "55P03": ({ host }) =>
    `Another Parley has been changing the tables in PostgreSQL at ${host} for a while. Wait until it has started, or end it.`,
  "42501": ({ user, database }) =>
    `The user "${user}" may not make tables in the database "${database}". Give it the rights: grant create on schema public to ${user}`,
};
