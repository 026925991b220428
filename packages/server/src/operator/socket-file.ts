import {
  mkdtempSync,
  readFileSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

/**
 * Where the running server listens for its operator. Whoever may open the data
 * folder may open it; nobody else gets there.
 */
const socketName = "parley.sock";

/** Says where it is when the folder's own path is too long for a socket. */
const placeName = "parley.sock.path";

/** What the systems have room for in a socket's address: macOS the least, 104. */
const pathBytesMax = 100;

/**
 * The path to listen on. What is there is of a server that is no more: whoever
 * asks has the folder for themselves.
 */
export function makeSocketPath(folder: string): string {
  removeSocket(folder);
  const usual = path.join(folder, socketName);
  if (Buffer.byteLength(usual) <= pathBytesMax) return usual;
  // A folder of its own, which nobody else may look into.
  const short = path.join(mkdtempSync(path.join(tmpdir(), "parley-")), "sock");
  writeFileSync(path.join(folder, placeName), short, { mode: 0o600 });
  return short;
}

/** Where a server would listen that has this folder. */
export function findSocketPath(folder: string): string {
  const usual = path.join(folder, socketName);
  try {
    const place = path.join(folder, placeName);
    const socket = readFileSync(place, "utf8");
    // A folder for temporary things is swept, and what is called so again may
    // be another user's, who would be told what an operator asks.
    const isSameOwner = ownerOf(path.dirname(socket)) === ownerOf(place);
    return isSameOwner ? socket : usual;
  } catch {
    return usual;
  }
}

function ownerOf(file: string): number {
  return statSync(file).uid;
}

/** Leaves nothing of it behind. */
export function removeSocket(folder: string): void {
  const found = findSocketPath(folder);
  rmSync(found, { force: true });
  rmSync(path.join(folder, placeName), { force: true });
  const isElsewhere = path.dirname(found) !== path.resolve(folder);
  if (!isElsewhere) return;
  try {
    // Empty, when it is the folder that was made for it.
    rmdirSync(path.dirname(found));
  } catch {
    // Whatever is there besides is not ours to remove.
  }
}
