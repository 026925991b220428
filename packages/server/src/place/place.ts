import type { PlaceSettings } from "@parley/protocol";
import type { EncodedEvent } from "../rooms/encoded-event.ts";
import type { PlaceRow } from "../store/place-reads.ts";
import type { Reads } from "../store/store.ts";

/** What of an administrator's acts changes what is kept here. */
const telling = new Set([
  ...["place.claimed", "place.changed", "room.default"],
  // Somebody may be its first owner by that.
  ...["person.added", "person.role"],
]);

/** After a read that failed the next one waits so long. */
const againMs = 1_000;

export interface PlaceOptions {
  reads: Pick<Reads, "place">;
  /** What it is called until its administrators have decided (PARLEY_NAME). */
  name: string;
  onError: (error: unknown) => void;
}

/**
 * What this node knows of the place: what its administrators decided, at hand
 * for who asks every moment. It follows the place's log, so that what was
 * decided through another node is known here within the second. What must not
 * be late by that (who may come in) is asked in the transaction once more.
 */
export class Place implements Disposable {
  readonly #options: PlaceOptions;
  readonly #onChange: ((settings: PlaceSettings) => void)[] = [];
  #row: PlaceRow;
  #reading: Promise<void> | undefined;
  /** How often it was asked for: a read that began before is not enough. */
  #asked = 0;
  #again: ReturnType<typeof setTimeout> | undefined;

  private constructor(options: PlaceOptions, row: PlaceRow) {
    this.#options = options;
    this.#row = row;
  }

  /** Resolves when it is known: without it nobody can be told where they are. */
  static async open(options: PlaceOptions): Promise<Place> {
    for (;;) {
      try {
        return new Place(options, await options.reads.place());
      } catch (error) {
        options.onError(error);
        await new Promise((resolve) => setTimeout(resolve, againMs));
      }
    }
  }

  get settings(): PlaceSettings {
    return { name: this.#options.name, ...this.#row.settings };
  }

  /** Whether somebody owns it. */
  get isClaimed(): boolean {
    return this.#row.isClaimed;
  }

  /** Rooms that newcomers are put into, as far as is known here. */
  get defaults(): readonly string[] {
    return this.#row.defaults;
  }

  /** Hears of whatever was decided since. */
  onChange(listener: (settings: PlaceSettings) => void): void {
    this.#onChange.push(listener);
  }

  /** The place's log, as it is delivered here: in order and without holes. */
  hear(events: readonly EncodedEvent[]): void {
    const isNews = events.some(
      ({ committed: { event } }) =>
        event.type === "place.acted" && telling.has(event.act),
    );
    if (isNews) this.#follow();
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#again);
  }

  /** Resolves when what is stored by now is known here. */
  async refresh(): Promise<void> {
    this.#asked += 1;
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined;
    });
    await this.#reading;
  }

  /** Until it is known: nothing would tell of it a second time. */
  #follow(): void {
    clearTimeout(this.#again);
    this.refresh().catch((error: unknown) => {
      this.#options.onError(error);
      this.#again = setTimeout(() => {
        this.#follow();
      }, againMs);
    });
  }

  async #read(): Promise<void> {
    const before = this.settings;
    let seen: number;
    do {
      seen = this.#asked;
      this.#row = await this.#options.reads.place();
    } while (seen !== this.#asked);
    const after = this.settings;
    if (JSON.stringify(after) === JSON.stringify(before)) return;
    for (const listener of this.#onChange) listener(after);
  }
}
