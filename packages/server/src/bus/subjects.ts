/** Where nodes say who they are, whatever database they have. */
export const nodesSubject = "parley.nodes";

/** The NATS subjects of one database; another one's nodes hear nothing of it. */
export class Subjects {
  /** How far streams have grown. */
  readonly heads: string;
  /** Who is on which node. */
  readonly presence: string;
  /** What a node asks itself … */
  readonly probe: string;
  /** … and what it answers. */
  readonly echo: string;
  readonly #prefix: string;

  /** `instance` names the database, `boot` this process. */
  constructor(instance: string, boot: string) {
    this.#prefix = `parley.${token(instance)}`;
    this.heads = `${this.#prefix}.heads`;
    this.presence = `${this.#prefix}.presence`;
    this.probe = `${this.#prefix}.probe.${token(boot)}`;
    this.echo = `${this.#prefix}.echo.${token(boot)}`;
  }

  stream(stream: string): string {
    return `${this.#prefix}.s.${token(stream)}`;
  }
}

/**
 * Dots, stars and spaces mean something in a subject. Each name has a token of
 * its own: what is not plain is written as =3A, "=" too.
 */
function token(name: string): string {
  if (/^[\w-]+$/.test(name)) return name;
  let safe = "";
  for (const byte of Buffer.from(name)) {
    const character = String.fromCharCode(byte);
    safe += /[\w-]/.test(character)
      ? character
      : `=${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }
  // A subject may have no empty token.
  return safe === "" ? "=" : safe;
}
