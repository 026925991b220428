import { readConfig } from "../config.ts";
import { securityHeaders } from "../http/security-headers.ts";
import { ask, type Answer } from "./ask.ts";
import { fine, quoted, warning, wrong, type Finding } from "./finding.ts";
import type { LineOptions } from "./line.ts";
import { troubled } from "./trouble.ts";

/** Whether the page arrives as Parley sent it. */
export async function checkPage(
  origin: URL,
  options: LineOptions,
): Promise<Finding[]> {
  const headers = { "accept-encoding": "br, gzip" };
  try {
    const answer = await ask(new URL("/", origin), { ...options, headers });
    const about = "page";
    const { status } = answer;
    const type = answer.headers.get("content-type") ?? "nothing";
    if (status === 404) {
      return [
        wrong(
          about,
          "There is no page: / answers with 404.",
          "Parley was started from source without the page. Build it: npm run build",
        ),
      ];
    }
    if (status !== 200 || !type.startsWith("text/html")) {
      return [
        wrong(
          about,
          `/ answers with ${status} and ${quoted(type)} instead of the page.`,
          "The proxy has to pass / on as well, without a page of its own.",
        ),
      ];
    }
    return [
      judgeEncoding(answer),
      await checkScript(origin, options),
      ...judgeHeaders(origin, answer),
    ];
  } catch (error) {
    return [troubled("page", error)];
  }
}

function judgeEncoding({ headers }: Answer): Finding {
  const encoding = headers.get("content-encoding");
  return encoding === undefined
    ? warning(
        "page",
        "The page is served, but not compressed.",
        "The proxy takes Accept-Encoding away from requests. Remove the line that does (in nginx: proxy_set_header Accept-Encoding). Or the page was built without it: npm run build",
      )
    : fine("page", `The page is served, compressed (${quoted(encoding)}).`);
}

/** The page's first script: what a browser is told it is decides whether it runs. */
async function checkScript(
  origin: URL,
  options: LineOptions,
): Promise<Finding> {
  const about = "script";
  const plain = await ask(new URL("/", origin), options);
  const [, path] = /src="(\/assets\/[\w.-]+\.js)"/.exec(plain.body) ?? [];
  if (path === undefined) {
    return wrong(
      about,
      "The page names no script.",
      "Something between changes the page. Switch off what does (minifiers, snippets that are put in).",
    );
  }
  const headers = { "accept-encoding": "br, gzip" };
  const answer = await ask(new URL(path, origin), { ...options, headers });
  const type = answer.headers.get("content-type") ?? "nothing";
  if (
    answer.status !== 200 ||
    !/^(?:text|application)\/javascript/.test(type)
  ) {
    return wrong(
      about,
      `${path} answers with ${answer.status} and ${quoted(type)}: no browser would run it.`,
      "The proxy has to pass /assets/ on, and leave Content-Type as it is.",
    );
  }
  const cache = answer.headers.get("cache-control") ?? "";
  return cache.includes("immutable")
    ? fine(about, `${path} comes as ${quoted(type)}, to be kept for ever.`)
    : warning(
        about,
        "Scripts come without Parley's Cache-Control, so browsers fetch them again each time.",
        "The proxy overwrites it. Remove the line that does (in nginx: expires, or add_header Cache-Control).",
      );
}

function judgeHeaders(origin: URL, { headers }: Answer): Finding[] {
  const about = "headers";
  const wanted = securityHeaders(readConfig({ PARLEY_URL: origin.origin }));
  const secure = "Strict-Transport-Security";
  const others = Object.entries(wanted).filter(([name]) => name !== secure);
  const missing = others
    .filter(([name]) => !headers.has(name.toLowerCase()))
    .map(([name]) => name);
  const changed = others
    .filter(([name, value]) => {
      const found = headers.get(name.toLowerCase());
      return found !== undefined && found !== value;
    })
    .map(([name]) => name);
  const findings: Finding[] = [];
  if (missing.length > 0) {
    findings.push(
      wrong(
        about,
        `These security headers do not arrive: ${missing.join(", ")}.`,
        "The proxy takes them away. Remove the line that does (in nginx: proxy_hide_header).",
      ),
    );
  }
  if (changed.length > 0) {
    findings.push(
      warning(
        about,
        `These security headers arrive otherwise than Parley sends them: ${changed.join(", ")}.`,
        "The proxy adds its own, or this is another version of Parley. Leave them to Parley (in nginx: remove add_header).",
      ),
    );
  }
  if (findings.length === 0) {
    findings.push(
      fine(about, "All security headers arrive as they were sent."),
    );
  }
  if (secure in wanted && !headers.has(secure.toLowerCase())) {
    findings.push(
      warning(
        "https",
        "Parley does not know that people come by https: its cookie is not marked Secure.",
        `Set PARLEY_URL=${origin.origin} and restart it.`,
      ),
    );
  }
  return findings;
}
