import type { Config } from "../config.ts";

/**
 * The headers of every answer. The page may load nothing from anywhere else,
 * run no inline script, and make script elements only through the two named
 * policies: Vue's own, and ours for the worker's address (T16, T17).
 */
export function securityHeaders({ url }: Config): Record<string, string> {
  const isSecure = url.startsWith("https:");
  const contentSecurityPolicy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' blob:",
    "font-src 'self'",
    // 'self' covers ws: and wss: of the own host in the browsers of today.
    "connect-src 'self'",
    "manifest-src 'self'",
    "worker-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "object-src 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types vue parley",
  ].join("; ");
  return {
    "Content-Security-Policy": contentSecurityPolicy,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy":
      "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    ...(isSecure ? { "Strict-Transport-Security": "max-age=31536000" } : {}),
  };
}
