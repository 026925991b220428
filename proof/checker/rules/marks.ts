import type { Marked } from "../../history/record.ts";
import type { Devices } from "../devices.ts";
import type { Judgement } from "../judgement.ts";

/** A mark is the highest that its person was ever told, and not above the head (U-2). */
export class Marks {
  readonly #judgement: Judgement;
  /** By stream, then by person. */
  readonly #highest = new Map<string, Map<string, Marked>>();

  constructor(judgement: Judgement) {
    this.#judgement = judgement;
  }

  marked(record: Marked): void {
    const { stream, p, seq } = record;
    let ofStream = this.#highest.get(stream);
    if (ofStream === undefined) {
      ofStream = new Map();
      this.#highest.set(stream, ofStream);
    }
    if (seq > (ofStream.get(p)?.seq ?? 0)) ofStream.set(p, record);
  }

  end(devices: Devices, t: number): void {
    const { log, findings } = this.#judgement;
    const marks = new Map<string, number>();
    for (const { stream, person, read } of log.final.marks) {
      marks.set(`${stream} ${person}`, read);
      const told = this.#highest.get(stream)?.get(person);
      const head = log.streams.get(stream)?.head ?? 0;
      if (told !== undefined && read < told.seq) {
        const words = `${person} was told that ${stream} is read up to ${told.seq}, and the mark is ${read}`;
        findings.add({ rule: "U-2", t: told.t, words, stream, c: told.c });
      }
      if (read > head) {
        const words = `${person} has read ${stream} up to ${read}, and the log goes to ${head}`;
        findings.add({ rule: "U-2", t, words, stream });
      }
    }
    this.#compareDevices(devices, marks);
  }

  /** All devices of a person agree when all is quiet (U-5). */
  #compareDevices(devices: Devices, marks: ReadonlyMap<string, number>): void {
    for (const { c, person, streams, endedAt } of devices.all.values()) {
      if (endedAt < Infinity) continue;
      for (const [stream, { quiet }] of streams) {
        const mark = marks.get(`${stream} ${person}`);
        if (quiet === undefined || mark === undefined || quiet.read === mark) {
          continue;
        }
        const words = `${c} shows ${stream} as read up to ${quiet.read}, and the mark is ${mark}`;
        const { t } = quiet;
        this.#judgement.findings.add({ rule: "U-5", t, words, stream, c });
      }
    }
  }
}
