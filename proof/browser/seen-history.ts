import type {
  Done,
  Seen,
  SeenEnter,
  SeenQuiet,
} from "../../e2e/screens/seen.ts";
import { textDigest } from "../history/digest.ts";
import { MemoryHistory } from "../history/history.ts";
import type { FinalLog, HistoryRecord } from "../history/record.ts";
import { tellerOf, type Device } from "../history/recorded-device.ts";
import { SeenScreen } from "./seen-screen.ts";
import { SeenWire } from "./seen-wire.ts";
import type { TabFile } from "./tab-file.ts";
import { WrittenTexts } from "./written-texts.ts";

/** "99+" beside a room's name: so many or more. */
const countMax = 100;

/** What the tabs of a run saw, in the records that every run is judged by. */
export function seenHistory(
  tabs: readonly TabFile[],
  log: FinalLog,
): HistoryRecord[] {
  const texts = new WrittenTexts(tabs, log);
  return tabs.flatMap((tab) => new SeenTab(tab, texts, log).history());
}

class SeenTab {
  readonly #file: TabFile;
  readonly #texts: WrittenTexts;
  readonly #log: FinalLog;
  readonly #history = new MemoryHistory();
  readonly #clock = { now: 0 };
  readonly #tell: ReturnType<typeof tellerOf>;
  readonly #wire: SeenWire;
  #screen: SeenScreen;
  #connections = 0;
  #unseen = 0;
  readonly #failed = new Set<string>();

  constructor(file: TabFile, texts: WrittenTexts, log: FinalLog) {
    this.#file = file;
    this.#texts = texts;
    this.#log = log;
    const device: Device = {
      history: this.#history,
      now: () => this.#clock.now,
      person: file.person,
      device: file.tab,
      nextConnection: () => `${file.tab} ${++this.#connections}`,
    };
    this.#tell = tellerOf(device);
    this.#wire = new SeenWire(device, this.#clock);
    this.#screen = new SeenScreen(texts);
  }

  history(): HistoryRecord[] {
    for (const record of this.#file.records) this.#take(record);
    this.#wire.end();
    return this.#history.records;
  }

  #take(record: Seen | Done): void {
    this.#clock.now = record.t;
    switch (record.k) {
      case "done":
        this.#done(record);
        break;
      case "life":
        this.#wire.end();
        this.#screen = new SeenScreen(this.#texts);
        this.#tell({ k: "boot" });
        break;
      case "returned":
        break;
      case "enter":
        this.#entered(record);
        break;
      case "socket":
        this.#wire.play(record);
        break;
      case "page":
        this.#clock.now = record.asked;
        this.#wire.playPage(record);
        break;
      case "rows":
        this.#screen.take(record);
        this.#failures();
        this.#shown();
        break;
      case "quiet":
        this.#shown(record);
        break;
    }
  }

  #done({ is }: Done): void {
    if (is !== "crashed" && is !== "closed") return;
    this.#wire.end();
    // Closed, it had the time to keep what was written in its last moment.
    if (is === "crashed") this.#tell({ k: "crash" });
  }

  #entered(enter: SeenEnter): void {
    const { stream, text } = enter;
    this.#unseen += 1;
    const cid =
      this.#texts.cidOf(this.#file.person, enter) ??
      `never seen: ${this.#file.tab} ${this.#unseen}`;
    this.#tell({ k: "wrote", stream, cid, h: textDigest(text) });
  }

  #failures(): void {
    for (const cid of this.#screen.shown()?.failed ?? []) {
      if (this.#failed.has(cid)) continue;
      this.#failed.add(cid);
      // The page has words for the code; which they were does not matter.
      this.#tell({ k: "failed", cid, code: "shown" });
    }
  }

  #shown(quiet?: SeenQuiet): void {
    const { stream } = this.#screen;
    const shown = this.#screen.shown();
    if (shown === undefined) return;
    if (quiet === undefined) {
      // A page has a count for its rooms, but does not say up to where; while
      // things move, nothing is claimed of it.
      const { to } = shown;
      const counts = { read: to, unread: 0, head: to };
      this.#tell({ k: "shown", stream, ...shown, ...counts, quiet: false });
      return;
    }
    const { person } = this.#file;
    const head = this.#log.streams.get(stream)?.at(-1)?.seq ?? 0;
    const mark = this.#log.marks.find(
      (one) => one.stream === stream && one.person === person,
    );
    const flaw = shown.flaw ?? flawInCounts(quiet);
    this.#tell({
      ...{ k: "shown", stream, ...shown },
      ...(flaw === undefined ? {} : { flaw }),
      // At quiet it claims to have everything.
      ...{ to: Math.max(head, shown.to), head },
      ...{ read: mark?.read ?? 0, unread: countIn(quiet, stream) },
      quiet: true,
    });
  }
}

function countIn({ badges }: SeenQuiet, stream: string): number {
  const badge = badges[stream] ?? "";
  return badge.endsWith("+") ? countMax : Number(badge);
}

/** The title has the sum of what stands beside the rooms' names. */
function flawInCounts(quiet: SeenQuiet): string | undefined {
  const counts = Object.keys(quiet.badges).map((room) => countIn(quiet, room));
  const sum = counts.reduce((total, count) => total + count, 0);
  const [, inTitle = "0"] = /^\((\d+)\+?\)/.exec(quiet.title) ?? [];
  const isRight = Math.min(sum, countMax - 1) === Number(inTitle);
  return isRight
    ? undefined
    : `[U-5] the title says ${inTitle}, the rooms ${sum}`;
}
