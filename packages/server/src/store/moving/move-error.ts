/** A move that cannot be, or cannot go on; its message is for the operator. */
export class MoveError extends Error {}

/** The operator stopped it between two pages. */
export class MoveStoppedError extends MoveError {
  constructor() {
    super(
      "Stopped. What was copied stays where it is: run the same command again to go on from there.",
    );
  }
}
