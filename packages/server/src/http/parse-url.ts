/**
 * The one place that reads a request's address. A Host that is none has no URL;
 * two of them, which Bun joins by a comma, are somebody's trick (T50).
 */
export function parseUrl(request: Request): URL | undefined {
  if (request.headers.get("host")?.includes(",") === true) return undefined;
  return URL.parse(request.url) ?? undefined;
}
