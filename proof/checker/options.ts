import type { Digest } from "../history/digest.ts";

/** What has to have happened in a run for it to prove anything. */
export interface Demands {
  acknowledgedMin: number;
  /** The kinds that were asked for: each has to have happened. */
  faultKinds: readonly string[];
  /** Of each device that was there from the beginning to the end. */
  reconnectsMin: number;
  /** Messages whose deletion was acknowledged. */
  deletionsMin: number;
  /** How often somebody was taken out of a room by somebody else. */
  removalsMin: number;
  /** Share of the posts whose outcome nobody was told. */
  unknownMax: number;
  /** Somebody looked at the screens when all was quiet. */
  quietLooksMin: number;
}

export interface CheckOptions {
  /** Without it every run counts, however little happened in it. */
  demands?: Partial<Demands>;
  /** Numbers that were there before the run, by stream: nobody wrote them in it. */
  before?: ReadonlyMap<string, number>;
  /** What messages said that were there before the run, by cid: some may be deleted in it. */
  texts?: ReadonlyMap<string, Digest>;
  /** People who posted without writing it down, such as on the simple wire. */
  unrecorded?: ReadonlySet<string>;
  /** An older database was put in place of the newer one, with a new epoch. */
  wasRestored?: boolean;
  /** One node serves everybody: then a resume, too, has all that was acknowledged (O-5). */
  isOneNode?: boolean;
  /** All screens are the same so long after the last fault, at most (L-2). */
  equalMs?: number;
  /** Nothing comes any more so long after a session was ended. */
  revokedMs?: number;
  /** … or so long, where a fault may have lost the word of it (P16). */
  revokedLateMs?: number;
  /** A post is answered within this time while nothing is wrong (L-1). */
  answerMs?: number;
}

/** What the rules of one check have in common. */
export const defaults = {
  equalMs: 5_000,
  revokedMs: 1_000,
  revokedLateMs: 2_500,
  answerMs: 5_000,
};
