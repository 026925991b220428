/** Where a story takes place: one server or several, as seen from outside. */
export interface Place extends AsyncDisposable {
  /** What people type into their browsers. */
  readonly url: string;
  /** Ends all of it without a chance to finish anything. */
  kill(): Promise<void>;
  startAgain(): Promise<void>;
  /** The link on the terminal that makes whoever opens it the owner. */
  setupLink(): Promise<string>;
}

/** Settings as an operator would write them. */
export type Settings = Record<string, string>;
