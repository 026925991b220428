import { join } from "node:path";
import { compiled } from "../compiled.ts";
import type { Peer } from "./peer.ts";
import { spawnServer } from "./server-process.ts";
import { simpleWire } from "./simple-wire.ts";

const source = join(import.meta.dirname, "tutorial", "main.go");

/** Where Debian's golang-…-dev packages put their sources. */
const debianGoPath = "/usr/share/gocode";

type Build = { program: string } | { missing: string };
let build: Promise<Build> | undefined;

/** The tutorial's server in Go, as people build it by following the tutorial. */
export const tutorial: Peer = {
  name: "go",
  title: "the tutorial's Go server",
  isDurable: false,
  async start({ isPinned }) {
    build ??= compile();
    const built = await build;
    if ("missing" in built) {
      return { status: "missing", reason: built.missing };
    }
    const running = await spawnServer({
      command: (port) => [built.program, String(port)],
      isPinned,
    });
    return {
      status: "running",
      // One handshake at a time: its map of clients has no lock, and a crowd
      // that comes at once can end the program before anything is measured.
      server: {
        ...running,
        loadOptions: [...simpleWire(running.port), "--connecting", "1"],
      },
    };
  },
};

async function compile(): Promise<Build> {
  const go = Bun.which("go");
  if (go === null) return { missing: "go is not installed" };
  const own = process.env["GOPATH"];
  let complaint = "";
  const program = await compiled("tutorial", [source], async (output) => {
    const compiling = Bun.spawn([go, "build", "-o", output, source], {
      env: {
        ...process.env,
        // Without modules, so that nothing is downloaded.
        GO111MODULE: "off",
        GOPATH: own === undefined ? debianGoPath : `${own}:${debianGoPath}`,
      },
      stdout: "ignore",
      stderr: "pipe",
    });
    complaint = await new Response(compiling.stderr).text();
    return (await compiling.exited) === 0;
  });
  if (program !== undefined) return { program };
  return {
    missing: complaint.includes("cannot find package")
      ? "gorilla/websocket is not installed (Debian: golang-github-gorilla-websocket-dev)"
      : "it did not compile with this version of go",
  };
}
