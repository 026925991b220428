interface Answering {
  sendAnswers(): void;
}

/**
 * Answers that come due in one turn go out together: a commit answers many
 * commands at once, and each write of its own would cost a system call.
 */
export class AnswerBatch {
  #due: Answering[] = [];

  add(connection: Answering): void {
    // The microtasks that are queued already (the other writes of this commit)
    // run before this one.
    if (this.#due.length === 0) queueMicrotask(this.#flush);
    this.#due.push(connection);
  }

  readonly #flush = (): void => {
    const due = this.#due;
    this.#due = [];
    for (const connection of due) connection.sendAnswers();
  };
}
