// What a page under observation writes down. The page says only what it saw:
// whose a row is, and what its text was before it was drawn, is found out when
// the run is judged (proof/browser).

export type RowStatus = "stored" | "waiting" | "failed";

/** A row as the DOM has it; a hole in the history is a word of its own. */
export type SeenRow =
  [seq: number | null, cid: string, status: RowStatus, text: string] | "hole";

interface When {
  /** Milliseconds of the machine's clock, with fractions. */
  t: number;
  /** Which document of the tab: a reload begins another. */
  life: string;
  /** Counts the document's records from 0. The same one may be told twice. */
  n: number;
}

/** A document began. */
export interface SeenBeginning extends When {
  k: "life";
}

/** A document came back out of the browser's cache of pages that were left. */
export interface SeenReturn extends When {
  k: "returned";
}

/** Enter was pressed, and the composer let the text go. */
export interface SeenEnter extends When {
  k: "enter";
  stream: string;
  text: string;
}

/** The page's socket: `conn` counts those of a document. */
export interface SeenSocket extends When {
  k: "socket";
  conn: number;
  is: "open" | "in" | "out" | "closed";
  text?: string;
  code?: number;
  by?: "client" | "server";
}

/** A page of history that came over HTTP. */
export interface SeenPage extends When {
  k: "page";
  asked: number;
  url: string;
  text: string;
}

/**
 * The rows of the open room, when they are not as they were: `same` rows at the
 * top and at the end are those of the record before, `rows` stand between.
 */
export interface SeenRows extends When {
  k: "rows";
  stream: string;
  same: [top: number, end: number];
  rows: SeenRow[];
  /** How often the page was looked at since the record before. */
  looks: number;
}

/** Everything else on the page that has a number, once nothing moves any more. */
export interface SeenQuiet extends When {
  k: "quiet";
  title: string;
  /** What stands beside each room's name; a room without a count has "". */
  badges: Record<string, string>;
  /** What stands in the composer. */
  draft: string;
}

export type Seen =
  | SeenBeginning
  | SeenReturn
  | SeenEnter
  | SeenSocket
  | SeenPage
  | SeenRows
  | SeenQuiet;

/** What whoever makes the run does to a tab; in the tab's file among what it saw. */
export interface Done {
  t: number;
  k: "done";
  is: "opened" | "reloaded" | "closed" | "crashed";
}

/** What a run leaves in its folder, as run.json: a file of records per tab besides. */
export interface RunFiles {
  seed: number;
  seconds: number;
  /** The kinds of faults that were asked for. */
  kinds: readonly string[];
  /** The SQLite file of the server, which has stopped. */
  database: string;
  tabs: { tab: string; person: string; file: string }[];
  /** Records of proof/history that are not of a client: faults, server, phases. */
  events: string;
}
