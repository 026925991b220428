import { existsSync, statSync } from "node:fs";
import path from "node:path";
import { sqliteWords } from "../store/migrations/dialect-words.ts";
import { migrationsFor } from "../store/migrations/migrations.ts";
import { databaseFile, openForReading } from "../store/sqlite/open.ts";
import { fine, quoted, warning, wrong, type Finding } from "./finding.ts";

type Database = ReturnType<typeof openForReading>;

/** SQLite takes the log into the file every 4 MB, unless a reader never ends. */
const logBytesMax = 268_435_456;

/** The database of a data folder, on a connection that cannot write. */
export function checkSqlite(folder: string): Finding[] {
  const about = "database";
  const file = path.join(folder, databaseFile);
  try {
    using database = openForReading(file);
    return [
      checkPages(database),
      checkMode(database),
      checkLog(file),
      checkVersion(database),
    ];
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return [
      wrong(
        about,
        `"${file}" cannot be read (${quoted(reason)}).`,
        "Stop the server and put a backup in its place: parley restore BACKUP.db --replace (the old file is kept).",
      ),
    ];
  }
}

function checkPages(database: Database): Finding {
  const about = "database";
  const said = valueOf(database, "pragma quick_check(1)");
  return said === "ok"
    ? fine(about, "SQLite finds every page in order (quick_check).")
    : wrong(
        about,
        `SQLite finds damage: ${quoted(said)}.`,
        "Stop the server and put a backup in its place: parley restore BACKUP.db --replace (the old file is kept). Then have the disk checked.",
      );
}

/** `synchronous` belongs to a connection: the server reads its own back and does not start without it. */
function checkMode(database: Database): Finding {
  const about = "durability";
  const mode = valueOf(database, "pragma journal_mode");
  return mode === "wal" || mode === "delete"
    ? fine(
        about,
        mode === "wal"
          ? "journal_mode is wal; the server demands synchronous=FULL of itself."
          : "journal_mode is delete, as in a fresh restore; the next start makes it wal.",
      )
    : wrong(
        about,
        `journal_mode is ${quoted(mode)}: an acknowledged message would not survive a power cut.`,
        "Something else than Parley changed it. Restart the server, which sets and demands it.",
      );
}

function checkLog(file: string): Finding {
  const about = "log size";
  const log = `${file}-wal`;
  const bytes = existsSync(log) ? statSync(log).size : 0;
  const megabytes = (bytes / 1_048_576).toFixed(1);
  return bytes > logBytesMax
    ? warning(
        about,
        `SQLite's write-ahead log has grown to ${megabytes} MB: somebody reads without end.`,
        "End other programs that have parley.db open (lsof shows them); a restart of Parley takes the log into the file.",
      )
    : fine(about, `SQLite's write-ahead log has ${megabytes} MB.`);
}

function checkVersion(database: Database): Finding {
  const about = "tables";
  const known = migrationsFor(sqliteWords).length;
  const version = Number(
    valueOf(database, "select value from meta where key = 'version'"),
  );
  if (version === known) {
    return fine(about, `The database has this program's version (${known}).`);
  }
  return version > known
    ? wrong(
        about,
        `The database is of a newer Parley (its version is ${version}, this program knows ${known}).`,
        "Start the newer program; this one refuses.",
      )
    : warning(
        about,
        `The database has version ${version}; this program's is ${known}.`,
        "The next start of this program brings it up to date. Make a backup before: parley backup TO.db",
      );
}

function valueOf(database: Database, text: string): string {
  using query = database.prepare<Record<string, string | number>, []>(text);
  const [value = "nothing"] = Object.values(query.get() ?? {});
  return String(value);
}
