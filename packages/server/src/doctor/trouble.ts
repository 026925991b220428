import { LineError } from "./line.ts";
import { quoted, wrong, type Finding } from "./finding.ts";

/** Why nothing came of asking, as the end of a sentence, and what to do. */
interface Trouble {
  what: string;
  remedy: string;
}

const start =
  "Start Parley, or name the address people type: parley doctor https://chat.example.org";

const troubles: Record<string, Trouble> = {
  ECONNREFUSED: { what: "nothing listens there", remedy: start },
  ENOTFOUND: {
    what: "there is no such host",
    remedy: "Check the address, and that its name is in the DNS.",
  },
  EAI_AGAIN: {
    what: "its name cannot be looked up just now",
    remedy: "Check this machine's network and DNS.",
  },
  TIMEOUT: {
    what: "it does not answer within 5 seconds",
    remedy:
      "A firewall may swallow what is sent there, or the process stands still: look at its log.",
  },
  CLOSED: {
    what: "it closes the connection without an answer",
    remedy: "Look at the log of the proxy in front, or of what listens there.",
  },
  NOT_HTTP: {
    what: "what it answers is not HTTP",
    remedy:
      "Something else listens there. Check host and port; with TLS the address begins with https://.",
  },
  HEADERS: {
    what: "the headers of its answer have no end",
    remedy: "Something else than Parley answers there. Check host and port.",
  },
  TOO_MUCH: {
    what: "its answer has no end",
    remedy: "Something else than Parley answers there. Check host and port.",
  },
  ECONNRESET: {
    what: "it breaks the connection off",
    remedy: "Look at the log of the proxy in front, or of what listens there.",
  },
  EHOSTUNREACH: {
    what: "there is no way to this host",
    remedy: "Check the address, and this machine's network.",
  },
};

/** For an error of asking that is a LineError; anything else is thrown on. */
export function troubled(about: string, error: unknown): Finding {
  if (!(error instanceof LineError)) throw error;
  const { what, remedy } = troubles[error.code] ?? {
    what: quoted(error.message || error.code),
    remedy: /SSL|TLS|EPROTO|handshake/i.test(`${error.code} ${error.message}`)
      ? "It does not speak TLS as browsers do. Is it http:// instead, or has the proxy no certificate for this name?"
      : start,
  };
  return wrong(about, `No answer: ${what}.`, remedy);
}
