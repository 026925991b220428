/**
 * The subprotocol's name. A breaking change is a new name; what is only added
 * (keys, types, events) is ignored by those who do not know it.
 */
export const subprotocol = "parley.v1";

/** The program's version, the same for all packages. */
export const version = "0.1.0";

/**
 * What the wire looked like in each revision, newest last, so that it cannot
 * change by accident: fingerprint.test.ts compares the last line with the
 * catalog. Add a line; never change an old one.
 */
export const revisions: readonly Revision[] = [
  {
    revision: 1,
    fingerprint: "ef6f75dcd9c43266",
    change: "hello, messages, rooms, read marks, typing.",
    deployFirst: "either",
  },
  {
    revision: 2,
    fingerprint: "dbb618ce4f230934",
    change: "The inbox tells that a session has ended; welcome names the node.",
    deployFirst: "either",
  },
  {
    revision: 3,
    fingerprint: "b96aaff2f8114e1d",
    change:
      "People have ranks and user names; private and direct rooms, their members and moderators; messages are deleted; who is here.",
    deployFirst: "server",
  },
];

export interface Revision {
  revision: number;
  /** First 16 hex digits of the SHA-256 over the catalog's JSON Schemas. */
  fingerprint: string;
  change: string;
  /** Which side must be deployed first for this change to be harmless. */
  deployFirst: "server" | "client" | "either";
}
