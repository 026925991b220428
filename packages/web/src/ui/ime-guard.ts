/** What the guard needs to know of a key press. */
export interface KeyPress {
  readonly isComposing: boolean;
  readonly keyCode: number;
}

/**
 * The key press that confirms a composition can come after its end: Safari's
 * does. It is over with the next release of a key, or after this long.
 */
const confirmingMsMax = 100;

/**
 * Tells the keys that an input method takes from those that are meant for the
 * page. Whoever writes Chinese or Japanese presses Enter, Tab, Escape and the
 * arrows to choose words: none of them may send, close or move anything here.
 */
export class ImeGuard {
  #endedAt = Number.NEGATIVE_INFINITY;

  compositionEnded(now: number): void {
    this.#endedAt = now;
  }

  keyReleased(): void {
    this.#endedAt = Number.NEGATIVE_INFINITY;
  }

  /** True when the input method has this key, and nobody else may act on it. */
  takes(press: KeyPress, now: number): boolean {
    const justEnded = now - this.#endedAt < confirmingMsMax;
    // 229 is what every engine reports for a key that an input method handles.
    return press.isComposing || press.keyCode === 229 || justEnded;
  }
}

const guard = new ImeGuard();

/** Follows all compositions of the page, so that no field has to. Call once. */
export function watchInputMethod(page: Document): void {
  const isCapture = true;
  page.addEventListener(
    "compositionend",
    () => guard.compositionEnded(performance.now()),
    isCapture,
  );
  page.addEventListener("keyup", () => guard.keyReleased(), isCapture);
}

/**
 * Every handler of keys, in text fields and for shortcuts, asks this first and
 * does nothing when it is true.
 */
export function isForInputMethod(event: KeyboardEvent): boolean {
  return guard.takes(event, performance.now());
}
