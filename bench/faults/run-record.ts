/** A message that somebody wrote, and what became of it. */
export interface Post {
  /** Which client. */
  by: number;
  cid: string;
  stream: string;
  text: string;
  /** When it was to be written (ms of performance.now(), one process). */
  at: number;
  /** The highest seq of its stream acknowledged to anybody before that (O-4). */
  floor: number;
  ack?: { seq: number; at: number; node: string };
}

/** A post on the screen of one client, the author's too. */
export interface Sight {
  cid: string;
  at: number;
  /** The node that the client was connected to. */
  node: string;
}

/** What a screen showed of a stream without interruption, as [seq, cid]. */
export interface Slice {
  from: number;
  to: number;
  rows: [seq: number, cid: string][];
}

export interface Closing {
  node: string;
  code: number;
  at: number;
}

/** Something that was done to the servers, from … to. */
export interface Fault {
  name: string;
  from: number;
  /** When it was over, that is, when what was gone accepted again. */
  to: number;
}

/** What all clients of a run wrote down; one process, so one clock. */
export class RunRecord {
  /** By cid, in the order of writing. */
  readonly posts = new Map<string, Post>();
  readonly sights: Sight[] = [];
  /** Sockets that ended while the run went on. */
  readonly closings: Closing[] = [];
  readonly faults: Fault[] = [];
  /** Answers with an error, by code; the SDK tries again where that helps. */
  readonly refusals = new Map<string, number>();
  /** Posts that their author was shown as failed. */
  readonly failed = new Set<string>();
  /** Acknowledgements that contradict each other. */
  readonly contradictions: string[] = [];
  readonly #highest = new Map<string, number>();

  wrote(post: Omit<Post, "floor" | "ack">): void {
    const floor = this.#highest.get(post.stream) ?? 0;
    this.posts.set(post.cid, { ...post, floor });
  }

  acknowledged(cid: string, seq: number, node: string): void {
    const post = this.posts.get(cid);
    if (post === undefined) return;
    if (post.ack === undefined) {
      post.ack = { seq, at: performance.now(), node };
    } else if (post.ack.seq !== seq) {
      this.contradictions.push(`${cid} was ${post.ack.seq}, then ${seq}`);
    }
    const highest = this.#highest.get(post.stream) ?? 0;
    this.#highest.set(post.stream, Math.max(highest, seq));
  }

  refused(code: string): void {
    this.refusals.set(code, (this.refusals.get(code) ?? 0) + 1);
  }

  /** Notes what happens to the servers until `act` resolves. */
  async during(name: string, act: () => Promise<void>): Promise<Fault> {
    const from = performance.now();
    await act();
    const fault = { name, from, to: performance.now() };
    this.faults.push(fault);
    return fault;
  }
}
