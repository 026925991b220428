import type { Config } from "../config.ts";
import { openFilesMax } from "../limits/open-files.ts";
import { fine, warning, wrong, type Finding } from "./finding.ts";

/** What Parley is built and tested with. */
const testedRuntime = "1.4.5";

/** The system's default of 1,024 files is where places first run out. */
const connectionsMin = 2_000;

export function checkRuntime(): Finding {
  const about = "runtime";
  const { platform, arch } = process;
  const { bun } = process.versions;
  const found = `Bun ${bun} on ${platform} ${arch}.`;
  return bun === testedRuntime
    ? fine(about, found)
    : warning(
        about,
        found,
        `Parley is tested with Bun ${testedRuntime}: npm start uses that one.`,
      );
}

/** `server`: the process that runs here, whose limit is not this shell's. */
export function checkOpenFiles(
  { connectionsMax }: Pick<Config, "connectionsMax">,
  server: number | undefined,
): Finding {
  const about = "open files";
  const isServer = server !== undefined && server > 0;
  const { max, forConnections } = openFilesMax(isServer ? server : "self");
  const whose = isServer ? "The server" : "A server started from this shell";
  const count = (value: number) => value.toLocaleString("en");
  const remedy =
    "With systemd: LimitNOFILE=65536 in the service (deploy/parley.service has it). In a shell: ulimit -n 65536. In Docker: --ulimit nofile=65536";
  if (connectionsMax !== "auto" && connectionsMax > forConnections) {
    return wrong(
      about,
      `PARLEY_CONNECTIONS_MAX is ${count(connectionsMax)}, but with ${count(max)} open files there is room for ${count(forConnections)}: beyond that, connections would hang.`,
      remedy,
    );
  }
  const found = `${whose} may have ${count(max)} files open: room for ${count(forConnections)} connections.`;
  return forConnections < connectionsMin && connectionsMax === "auto"
    ? warning(about, found, remedy)
    : fine(about, found);
}
