import { accessSync, constants, mkdirSync } from "node:fs";
import path from "node:path";

/** The data folder cannot be used. */
export class DataFolderError extends Error {}

/**
 * The absolute path of the data folder, made if need be, for its owner alone:
 * it holds what people said. One that is there already keeps the rights that
 * somebody gave it: it may be a folder that others need. Throws
 * DataFolderError with a sentence.
 */
export function openDataFolder(folder: string): string {
  const absolute = path.resolve(folder);
  try {
    mkdirSync(absolute, { recursive: true, mode: 0o700 });
    accessSync(absolute, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw new DataFolderError(
      `The data folder "${absolute}" cannot be made or written. Give Parley a folder of its own with PARLEY_DATA, or change the rights of this one.`,
      { cause },
    );
  }
  return absolute;
}
