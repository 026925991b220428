/** A server that is measured beside others. */
export interface Peer {
  /** For --only. */
  name: string;
  /** What the table calls it. */
  title: string;
  /** An acknowledged message survives a power cut. */
  isDurable: boolean;
  start(options: StartOptions): Promise<Started>;
}

export interface StartOptions {
  /** How many connections there will be. */
  people: number;
  /** How many of them are different people, in turn; all, when not said. */
  different?: number;
  /** Kept to the server's core; else it may use all. */
  isPinned: boolean;
}

export type Started =
  | { status: "running"; server: RunningServer }
  /** It cannot run on this machine; the reason is for the table. */
  | { status: "missing"; reason: string };

export interface RunningServer extends AsyncDisposable {
  pid: number;
  /** How the load generator talks with it. */
  loadOptions: string[];
}
