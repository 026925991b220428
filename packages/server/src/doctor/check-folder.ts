import { accessSync, constants, statfsSync, statSync } from "node:fs";
import path from "node:path";
import { databaseFile } from "../store/sqlite/open.ts";
import { fine, warning, wrong, type Finding } from "./finding.ts";
import { holderOf } from "./holder.ts";

/** Linux's numbers of file systems on which a data folder should not be. */
const unfit: Record<number, readonly [name: string, why: string]> = {
  0x6969: ["NFS", "network"],
  0x517b: ["SMB", "network"],
  0xff534d42: ["CIFS", "network"],
  0xfe534d42: ["SMB2", "network"],
  0x01021997: ["9P", "network"],
  0x5346414f: ["AFS", "network"],
  0x00c36400: ["Ceph", "network"],
  0x786f4256: ["a shared folder of VirtualBox", "network"],
  0x01021994: ["tmpfs", "memory"],
  0x858458f6: ["ramfs", "memory"],
  0x794c7630: ["overlayfs", "container"],
};

const whys: Record<string, readonly [found: string, remedy: string]> = {
  network: [
    "a file system over the network, whose locks and syncs do not hold what they promise",
    "Put the folder on a disk of this machine. For data on another machine there is PostgreSQL: docs/scaling.md",
  ],
  memory: [
    "in memory: everything is gone when the machine restarts",
    "Put the folder on a disk.",
  ],
  container: [
    "inside a container's own layer: everything is gone when the container is removed",
    "Give the container a volume: docker run -v parley:/data -e PARLEY_DATA=/data …",
  ],
};

const bytesMin = 1_073_741_824;
const shareMin = 0.05;

/**
 * Whether it cannot even be seen what is in the folder: it is made for its
 * owner alone, and somebody else looks.
 */
export function isHidden(folder: string): boolean {
  try {
    statSync(path.join(folder, databaseFile));
    return false;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EACCES";
  }
}

/** The data folder itself. */
export function checkFolder(
  folder: string,
  { isServerThere }: { isServerThere: boolean },
): Finding[] {
  const rights = checkRights(folder);
  if (isHidden(folder)) return [rights];
  return [
    rights,
    ...checkFileSystem(folder),
    checkHolder(folder, isServerThere),
  ];
}

function checkRights(folder: string): Finding {
  const about = "data folder";
  const { R_OK, W_OK, X_OK } = constants;
  try {
    accessSync(folder, R_OK | W_OK | X_OK);
    accessSync(path.join(folder, databaseFile), R_OK | W_OK);
  } catch {
    return wrong(
      about,
      `"${folder}" cannot be written by this user.`,
      "Run the doctor as the user that Parley runs as (sudo -u parley parley doctor), or give that user the folder: chown -R parley: …",
    );
  }
  const { mode } = statSync(path.join(folder, databaseFile));
  if ((mode & 0o007) !== 0) {
    return warning(
      about,
      `Anybody on this machine may read what was said (${path.join(folder, databaseFile)}).`,
      `chmod o= ${path.join(folder, databaseFile)}`,
    );
  }
  return fine(about, `"${folder}" can be written, and is read by its owner.`);
}

function checkFileSystem(folder: string): Finding[] {
  const about = "disk";
  const { type, bsize, blocks, bavail } = statfsSync(folder);
  const findings: Finding[] = [];
  // Some systems give the number with a sign.
  const [name, why] = unfit[type >>> 0] ?? [];
  const [found, remedy] = whys[why ?? ""] ?? [];
  if (found !== undefined && remedy !== undefined) {
    findings.push(
      warning(about, `The data folder is on ${name}, ${found}.`, remedy),
    );
  }
  const free = bavail * bsize;
  const share = blocks > 0 ? bavail / blocks : 1;
  const gigabytes = (free / bytesMin).toFixed(1);
  const percent = (share * 100).toFixed(0);
  findings.push(
    free < bytesMin || share < shareMin
      ? warning(
          about,
          `Only ${gigabytes} GB (${percent} %) are free. On a full disk nothing more is taken; what was acknowledged stays.`,
          "Make room, or move the folder to a larger disk.",
        )
      : fine(about, `${gigabytes} GB (${percent} %) are free.`),
  );
  return findings;
}

/** The lock lets nobody else in; what can still be is that one asks the wrong one. */
function checkHolder(folder: string, isServerThere: boolean): Finding {
  const about = "who has it";
  const holder = holderOf(folder);
  if (holder === undefined) {
    return fine(about, "This system does not tell which process has it.");
  }
  if (holder > 0) {
    return fine(about, `One Parley has the folder (process ${holder}).`);
  }
  return isServerThere
    ? warning(
        about,
        "A Parley answers, but none runs on this data folder: it has another one.",
        "Give the doctor the same PARLEY_DATA (or --data) as the server, so that it looks at the right one.",
      )
    : fine(about, "No Parley runs on the folder now.");
}
