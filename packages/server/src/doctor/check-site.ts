import { version } from "@parley/protocol";
import { ask, jsonIn, type Answer } from "./ask.ts";
import { fine, quoted, warning, wrong, type Finding } from "./finding.ts";
import type { LineOptions } from "./line.ts";
import { troubled } from "./trouble.ts";

/** A wrong clock of the machine shows in the times of messages. */
const clockMsMax = 5_000;

export const nginxPass =
  "In nginx, `proxy_pass http://127.0.0.1:8000;` has to name the address that Parley listens on (PORT, PARLEY_HOST).";

/**
 * Whether a Parley answers there, and how it says it is. `isThere`: asking on
 * makes sense.
 */
export async function checkSite(
  origin: URL,
  options: LineOptions,
): Promise<{ isThere: boolean; findings: Finding[] }> {
  let answer: Answer;
  try {
    answer = await ask(new URL("/livez", origin), options);
  } catch (error) {
    return { isThere: false, findings: [troubled("reachable", error)] };
  }
  const first = judgeLive(origin, answer);
  if (first.status === "wrong") return { isThere: false, findings: [first] };
  const findings = [
    first,
    ...judgeHttpVersion(answer),
    await checkHealth(origin, options),
    await checkVersion(origin, options),
    judgeClock(answer),
  ];
  return { isThere: true, findings };
}

function judgeLive(origin: URL, answer: Answer): Finding {
  const { status, ms, headers } = answer;
  const about = "reachable";
  if (status === 200 && jsonIn(answer)?.["status"] === "live") {
    return fine(about, `${origin.origin} answers in ${ms.toFixed(0)} ms.`);
  }
  if (status >= 300 && status < 400) {
    const location = quoted(headers.get("location") ?? "nowhere");
    return wrong(
      about,
      `${origin.origin} sends everybody on to ${location}.`,
      "Check that address instead: it is what people end up with, and what PARLEY_URL has to be.",
    );
  }
  if (status === 502 || status === 503 || status === 504) {
    return wrong(
      about,
      `A proxy answers with ${status}: it does not reach Parley behind it.`,
      `Is Parley running? ${nginxPass} In Caddy: \`reverse_proxy 127.0.0.1:8000\`.`,
    );
  }
  if (status === 429) {
    return wrong(
      about,
      "The proxy says that this address asks too often (429).",
      "Wait a minute, or raise its limit on requests.",
    );
  }
  return wrong(
    about,
    `Something answers with ${status}, but it is not Parley.`,
    `Check host and port, and that the proxy passes every path on. ${nginxPass}`,
  );
}

function judgeHttpVersion({ httpVersion, headers }: Answer): Finding[] {
  if (httpVersion !== "1.0") return [];
  const via = quoted(headers.get("server") ?? headers.get("via") ?? "unknown");
  return [
    warning(
      "HTTP",
      `What stands in front speaks HTTP/1.0 (${via}), which knows no WebSockets.`,
      "Use a proxy that speaks HTTP/1.1, such as those in deploy/.",
    ),
  ];
}

async function checkHealth(
  origin: URL,
  options: LineOptions,
): Promise<Finding> {
  const about = "health";
  try {
    const answer = await ask(new URL("/healthz", origin), options);
    const said = jsonIn(answer) ?? {};
    if (answer.status === 200 && said["status"] === "ready") {
      return fine(about, "/healthz says ready, /livez says live.");
    }
    if (said["status"] === "not ready") {
      const missing = ["store", "bus"].filter((part) => said[part] !== "ok");
      const names = missing.map((part) =>
        part === "store" ? "its database" : "NATS",
      );
      return wrong(
        about,
        `/healthz says that Parley does not reach ${names.join(" and ")}.`,
        "Sockets stay open and wait. Start what is missing; Parley's log says how it is tried.",
      );
    }
    return warning(
      about,
      `/healthz answers with ${answer.status}, while /livez is well.`,
      "A proxy may hide it. That is fine for people; whoever watches the process should ask Parley itself.",
    );
  } catch (error) {
    return troubled(about, error);
  }
}

async function checkVersion(
  origin: URL,
  options: LineOptions,
): Promise<Finding> {
  const about = "version";
  try {
    const answer = await ask(new URL("/api/openapi.json", origin), options);
    const info = jsonIn(answer)?.["info"] as
      { title?: unknown; version?: unknown } | undefined;
    if (info?.title !== "Parley" || typeof info.version !== "string") {
      return wrong(
        about,
        `/api/openapi.json answers with ${answer.status} and does not say that this is Parley.`,
        `The proxy has to pass /api/ on, too. ${nginxPass}`,
      );
    }
    const theirs = quoted(info.version);
    if (theirs === version) {
      return fine(about, `Parley ${theirs}, as this program.`);
    }
    return warning(
      about,
      `The server is Parley ${theirs}, and this program is ${version}.`,
      "Use the doctor of the same version, or restart the server with the program that is installed now.",
    );
  } catch (error) {
    return troubled(about, error);
  }
}

function judgeClock({ headers, ms }: Answer): Finding {
  const about = "clock";
  const theirs = Date.parse(headers.get("date") ?? "");
  if (Number.isNaN(theirs)) {
    return warning(
      about,
      "The answer does not say what time it is there.",
      "A proxy took the Date header away; Parley sends it.",
    );
  }
  // The header has whole seconds, and was written somewhere on the way.
  const early = theirs - Date.now();
  const late = theirs + 1_000 - (Date.now() - ms);
  const aheadMs = early > 0 ? early : late < 0 ? late : 0;
  if (Math.abs(aheadMs) <= clockMsMax) {
    return fine(about, "The server's clock and this machine's agree.");
  }
  const seconds = Math.round(Math.abs(aheadMs) / 1_000);
  return warning(
    about,
    `The server's clock is ${seconds} s ${aheadMs > 0 ? "ahead of" : "behind"} this machine's.`,
    "Let both be set by NTP: timedatectl set-ntp true",
  );
}
