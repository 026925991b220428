import { ask } from "./ask.ts";
import { fine, quoted, warning, wrong, type Finding } from "./finding.ts";
import { Line, LineError, type LineOptions, type TlsFacts } from "./line.ts";
import { troubled } from "./trouble.ts";

/** Certificates are renewed a month before their end: later, something is stuck. */
const daysMin = 14;

const dayMs = 86_400_000;

/** The certificate, the protocol, and what people get who leave out the s. */
export async function checkTls(
  origin: URL,
  options: LineOptions,
): Promise<Finding[]> {
  if (origin.protocol !== "https:") return [];
  let facts: TlsFacts | undefined;
  try {
    using line = await Line.open(origin, options);
    facts = line.tls;
  } catch (error) {
    return [troubled("TLS", error)];
  }
  if (facts === undefined) return [];
  return [
    judgeCertificate(origin, facts),
    await checkOldTls(origin, options, facts),
    ...(origin.port === "" ? [await checkRedirect(origin)] : []),
  ];
}

function judgeCertificate(origin: URL, facts: TlsFacts): Finding {
  const about = "certificate";
  const { certificate, objection } = facts;
  const until = Date.parse(certificate.valid_to);
  const days = Math.floor((until - Date.now()) / dayMs);
  const renew =
    "Renew it, and let it renew itself: certbot renew, or Caddy, which does it alone.";
  if (days < 0) {
    return wrong(about, `It ended ${-days} days ago.`, renew);
  }
  if (objection !== undefined) {
    const [what, remedy] = explain(objection, origin);
    return wrong(about, `No browser accepts it: ${what}.`, remedy);
  }
  if (days < daysMin) {
    return warning(about, `It is good for ${days} more days only.`, renew);
  }
  return fine(
    about,
    `It is for ${origin.hostname} and good for ${days} more days.`,
  );
}

function explain(objection: string, { hostname }: URL): [string, string] {
  if (/ALTNAME/.test(objection)) {
    return [
      "it is for another name",
      `Get one for ${hostname}: certbot certonly -d ${hostname}`,
    ];
  }
  if (/SELF_SIGNED|self.signed/i.test(objection)) {
    return [
      "it is signed by nobody whom browsers know",
      "Get one from a public authority, such as Let's Encrypt. For an authority of one's own: NODE_EXTRA_CA_CERTS=ca.pem parley doctor …",
    ];
  }
  if (/UNABLE_TO|unable to/i.test(objection)) {
    return [
      "the certificates between it and a known authority are missing",
      "Serve the whole chain. In nginx: ssl_certificate …/fullchain.pem; (not cert.pem)",
    ];
  }
  if (/NOT_YET_VALID/.test(objection)) {
    return [
      "it is not valid yet",
      "Check this machine's clock, and the server's: timedatectl",
    ];
  }
  return [quoted(objection), "Get a new one from a public authority."];
}

/** What browsers no longer speak is for those who listen in. */
async function checkOldTls(
  origin: URL,
  options: LineOptions,
  { protocol }: TlsFacts,
): Promise<Finding> {
  const about = "TLS";
  try {
    using line = await Line.open(origin, { ...options, newestTls: "TLSv1.1" });
    if (line.tls !== undefined) {
      return warning(
        about,
        `It speaks ${quoted(protocol)}, but ${quoted(line.tls.protocol)} as well, which is broken.`,
        "In nginx: ssl_protocols TLSv1.2 TLSv1.3;",
      );
    }
  } catch (error) {
    if (!(error instanceof LineError)) throw error;
  }
  return fine(about, `${quoted(protocol)}; versions before 1.2 are refused.`);
}

async function checkRedirect(origin: URL): Promise<Finding> {
  return judgeRedirect(origin, new URL(`http://${origin.hostname}/`));
}

/** What happens to people who type the name without https. */
export async function judgeRedirect(origin: URL, plain: URL): Promise<Finding> {
  const about = "http";
  const remedy =
    "In nginx: server { listen 80; listen [::]:80; return 308 https://$host$request_uri; }";
  try {
    const { status, headers } = await ask(plain);
    const location = headers.get("location") ?? "";
    if (status >= 300 && status < 400 && location.startsWith("https://")) {
      return fine(about, "Who types no https is sent on to it.");
    }
    return warning(
      about,
      `${plain.origin} answers with ${status} instead of sending people on to ${origin.origin}.`,
      remedy,
    );
  } catch (error) {
    if (!(error instanceof LineError)) throw error;
    return warning(
      about,
      "Nothing answers on port 80: who types no https may find nothing.",
      remedy,
    );
  }
}
