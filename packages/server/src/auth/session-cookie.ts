/**
 * The cookie's name and attributes. With https the `__Host-` prefix makes the
 * browser refuse it from any other host or path; over plain http browsers do
 * not accept that prefix.
 */
export class SessionCookie {
  readonly #name: string;
  readonly #attributes: string;
  readonly #maxAgeSeconds: number;

  constructor(options: { isSecure: boolean; days: number }) {
    this.#name = options.isSecure ? "__Host-sid" : "parley_sid";
    this.#attributes = `Path=/; HttpOnly; SameSite=Lax${options.isSecure ? "; Secure" : ""}`;
    this.#maxAgeSeconds = options.days * 86_400;
  }

  /** The secret in a Cookie header. Two of our name are none: somebody is playing. */
  read(header: string | null | undefined): string | undefined {
    if (!header?.includes(this.#name)) return undefined;
    const found = header
      .split(";")
      .map((pair) => pair.trim())
      .filter((pair) => pair.startsWith(`${this.#name}=`));
    return found.length === 1
      ? found[0]?.slice(this.#name.length + 1)
      : undefined;
  }

  set(token: string): string {
    return `${this.#name}=${token}; ${this.#attributes}; Max-Age=${this.#maxAgeSeconds}`;
  }

  clear(): string {
    return `${this.#name}=; ${this.#attributes}; Max-Age=0`;
  }
}
