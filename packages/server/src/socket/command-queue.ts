/** Commands of one connection that wait or are being done. */
const commandsMax = 64;

export interface QueuedCommand {
  /** Starts it; what has to happen in order happens before it returns. */
  start: () => Promise<void>;
  /** Whether the next may start before this one has ended. */
  isPipelined: boolean;
}

/**
 * One connection's commands, in order. Bun runs asynchronous message handlers
 * side by side, so the order has to be kept here. Posts are pipelined: they
 * enter the store's queue in order, and a post need not wait for the commit of
 * the one before it. Everything else starts when all before it has ended.
 * Made when first needed: an idle connection has none.
 */
export class CommandQueue {
  readonly #waiting: QueuedCommand[] = [];
  #running = 0;
  #isBlocked = false;
  #isStopped = false;
  #onIdle: (() => void) | undefined;

  get size(): number {
    return this.#waiting.length + this.#running;
  }

  /** False when there are too many already; then it was not taken. */
  add(command: QueuedCommand): boolean {
    if (this.size >= commandsMax || this.#isStopped) return false;
    this.#waiting.push(command);
    this.#run();
    return true;
  }

  /** Holds everything back until `resume`: while it is not known who this is. */
  pause(): void {
    this.#isBlocked = true;
  }

  resume(): void {
    this.#isBlocked = false;
    this.#run();
  }

  /** Resolves when all that was taken has ended. */
  idle(): Promise<void> {
    if (this.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#onIdle = resolve;
    });
  }

  /** Forgets what has not started. */
  stop(): void {
    this.#isStopped = true;
    this.#waiting.length = 0;
  }

  #run(): void {
    while (!this.#isBlocked) {
      const command = this.#waiting[0];
      if (command === undefined) return;
      // It may rest on what those before it do: a follow on its room.join.
      if (!command.isPipelined && this.#running > 0) return;
      this.#waiting.shift();
      this.#running += 1;
      if (!command.isPipelined) this.#isBlocked = true;
      void this.#finish(command, command.start());
    }
  }

  async #finish(command: QueuedCommand, done: Promise<void>): Promise<void> {
    await done;
    this.#running -= 1;
    if (command.isPipelined) this.#run();
    else this.resume();
    if (this.size === 0) this.#onIdle?.();
  }
}
