import { freePort } from "./free-port.ts";
import { Nginx } from "./nginx.ts";

/** What deploy/nginx.conf has for a WebSocket. */
export const rightLines = `
  proxy_http_version 1.1;
  proxy_set_header Host $http_host;
  proxy_set_header Upgrade $http_upgrade;
  proxy_set_header Connection $connection_upgrade;
  proxy_read_timeout 75s;
  proxy_buffering off;`;

export interface NginxLines {
  /** In the server, besides or instead of what passes on. */
  server?: string;
  /** In the location that passes everything on. */
  location?: string;
  /** Behind `listen`, such as "ssl". */
  listen?: string;
}

/** A real nginx in front of a port, as somebody may have configured it. */
export async function nginxInFront(
  node: number,
  { server = "", location = rightLines, listen = "" }: NginxLines = {},
): Promise<AsyncDisposable & { port: number; url: string }> {
  const port = await freePort();
  const nginx = await Nginx.start(
    port,
    (folder, httpLines) => `pid ${folder}/pid;
error_log stderr;
events {}
http {
  ${httpLines}
  access_log off;
  map $http_upgrade $connection_upgrade { default upgrade; "" close; }
  server {
    listen 127.0.0.1:${port} ${listen};
    ${server}
    location / { proxy_pass http://127.0.0.1:${node}; ${location} }
  }
}
`,
  );
  const url = `http://127.0.0.1:${port}`;
  return {
    ...{ port, url },
    [Symbol.asyncDispose]: () => nginx[Symbol.asyncDispose](),
  };
}
