import { existsSync } from "node:fs";
import path from "node:path";
import type { Config } from "../config.ts";
import { databaseFile } from "../store/sqlite/open.ts";
import { checkFolder, isHidden } from "./check-folder.ts";
import { checkOpenFiles, checkRuntime } from "./check-machine.ts";
import { checkPage } from "./check-page.ts";
import { checkSite } from "./check-site.ts";
import { checkIdle, checkSocket } from "./check-socket.ts";
import { checkSqlite } from "./check-sqlite.ts";
import { checkTls } from "./check-tls.ts";
import { warning, type Finding } from "./finding.ts";
import { holderOf } from "./holder.ts";
import type { LineOptions } from "./line.ts";

export interface ExamineOptions extends LineOptions {
  origin: URL;
  config: Config;
  /** How long a connection is held open; 0: it is not tried. */
  idleSeconds?: number;
  /** Called with each as it is found. */
  onFinding: (finding: Finding) => void;
}

/** Everything that can be found out, from outside first. */
export async function examine(options: ExamineOptions): Promise<Finding[]> {
  const all: Finding[] = [];
  const tell = (findings: readonly Finding[]): void => {
    for (const finding of findings) {
      all.push(finding);
      options.onFinding(finding);
    }
  };
  const isThere = await lookFromOutside(options, tell);
  await lookFromInside(options, isThere, tell);
  return all;
}

async function lookFromOutside(
  { origin, config, idleSeconds = 0, ca, msMax }: ExamineOptions,
  tell: (findings: readonly Finding[]) => void,
): Promise<boolean> {
  const options = { ca, ...(msMax === undefined ? {} : { msMax }) };
  tell(await checkTls(origin, options));
  const { isThere, findings } = await checkSite(origin, options);
  tell(findings);
  if (!isThere) return false;
  tell(await checkPage(origin, options));
  tell(checkAddress(origin, config));
  const sockets = await checkSocket(origin, options);
  tell(sockets);
  const isOpen = sockets[0]?.status !== "wrong";
  if (idleSeconds > 0 && isOpen) {
    tell([await checkIdle(origin, { ...options, seconds: idleSeconds })]);
  }
  return true;
}

/** Whether what is asked is what this configuration says people type. */
function checkAddress(origin: URL, { url, origins }: Config): Finding[] {
  const isOwn = url === "" || url === origin.origin;
  if (isOwn || origins.includes(origin.origin)) return [];
  return [
    warning(
      "address",
      `PARLEY_URL is ${url}, and what is looked at is ${origin.origin}: browsers get in at the former only.`,
      `Look at what people use: parley doctor ${url}`,
    ),
  ];
}

/** What this machine tells, if it is the one. */
async function lookFromInside(
  { config }: ExamineOptions,
  isServerThere: boolean,
  tell: (findings: readonly Finding[]) => void,
): Promise<void> {
  tell([checkRuntime()]);
  if (config.databaseUrl !== "") {
    tell([checkOpenFiles(config, undefined)]);
    const { checkPostgres } = await import("./check-postgres.ts");
    tell(await checkPostgres(config));
    if (config.natsUrl.length === 0) return;
    const { checkNats } = await import("./check-nats.ts");
    tell(await checkNats(config));
    return;
  }
  const folder = path.resolve(config.data);
  if (isHidden(folder)) tell(checkFolder(folder, { isServerThere }));
  if (!existsSync(path.join(folder, databaseFile))) return;
  tell([checkOpenFiles(config, holderOf(folder))]);
  tell(checkFolder(folder, { isServerThere }));
  tell(checkSqlite(folder));
}
