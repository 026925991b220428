import { subprotocol } from "@parley/protocol";
import { nginxPass } from "./check-site.ts";
import { quoted, wrong, type Finding } from "./finding.ts";
import type { Handshake } from "./web-socket.ts";

const about = "WebSocket";

/** What nginx needs to pass a WebSocket on; Caddy does it by itself. */
const nginxUpgrade =
  "In nginx, in the location of /ws: proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection $connection_upgrade; with deploy/nginx.conf's map for the last. In Apache: RewriteEngine and mod_proxy_wstunnel. Caddy's reverse_proxy does it by itself.";

/** What is wrong with the answer to an upgrade, or undefined. */
export function objectionToUpgrade(
  origin: URL,
  { head, body, isAccepted }: Handshake,
): Finding | undefined {
  const { status, headers } = head;
  if (status !== 101) return refused(origin, status, { headers, body });
  const protocol = headers.get("sec-websocket-protocol");
  if (protocol === undefined) {
    return wrong(
      about,
      `101, but without ${subprotocol}: the proxy drops Sec-WebSocket-Protocol, so Parley takes every browser for a tutorial's client.`,
      "Remove the line that drops it. In nginx: proxy_set_header Sec-WebSocket-Protocol $http_sec_websocket_protocol; and no proxy_hide_header for it.",
    );
  }
  if (protocol !== subprotocol) {
    return wrong(
      about,
      `101 with ${quoted(protocol)} instead of ${subprotocol}.`,
      "This is not Parley, or a far newer one.",
    );
  }
  if (!isAccepted) {
    return wrong(
      about,
      "101, but Sec-WebSocket-Accept does not follow from the key: something between answers for others.",
      "A cache stands in front. Let it pass /ws by.",
    );
  }
  return undefined;
}

function refused(
  origin: URL,
  status: number,
  { headers, body }: { headers: ReadonlyMap<string, string>; body: string },
): Finding {
  const isParleys = /"code":"bad_frame"/.test(body);
  if (body.includes('"origin_not_allowed"')) {
    return wrong(
      about,
      `403: Parley refuses pages from ${origin.origin}, so no browser gets in.`,
      `Set PARLEY_URL=${origin.origin} (it is what people type), or add it to PARLEY_ORIGINS. Without PARLEY_URL the proxy has to pass the host on. In nginx: proxy_set_header Host $http_host;`,
    );
  }
  if (isParleys || status === 426) {
    return wrong(
      about,
      `${status}: the request arrives without Upgrade, which the proxy does not pass on.`,
      nginxUpgrade,
    );
  }
  if (status === 429 || body.includes('"over_capacity"')) {
    return wrong(
      about,
      `${status}: no more connections are taken from this address just now.`,
      "Behind a proxy everybody has its address: raise PARLEY_CONNECTIONS_PER_ADDRESS_MAX, PARLEY_ANONYMOUS_PER_ADDRESS_MAX and the rates, as deploy/parley.env.example does.",
    );
  }
  if (status === 502 || status === 503 || status === 504) {
    return wrong(
      about,
      `${status}: the proxy reaches Parley, but not for a WebSocket.`,
      `${nginxUpgrade} ${nginxPass}`,
    );
  }
  if (status >= 300 && status < 400) {
    return wrong(
      about,
      `${status}: /ws is sent on to ${quoted(headers.get("location") ?? "nowhere")}, which no browser follows for a WebSocket.`,
      "Name the address that is sent on to, or take /ws out of the redirect.",
    );
  }
  return wrong(
    about,
    `${status}: /ws does not reach Parley as a WebSocket.`,
    `${nginxUpgrade} ${nginxPass}`,
  );
}
