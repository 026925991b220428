/** A session in the list of one's own. */
export interface OwnSessionRow {
  tokenHash: string;
  /** What the browser called itself. */
  agent: string;
  createdAt: number;
  usedAt: number;
}

/** With what somebody signs in. */
export interface CredentialRow {
  person: string;
  /** The password's hash. */
  secret: string;
}

/** Whose password a link is for. */
export interface ResetLinkRow {
  person: string;
  username: string;
  email: string;
}

/** The questions of those who sign in. */
export interface AccountReads {
  /**
   * By user name, or by address; where several accounts have one address, it
   * signs in the one that had it first. Undefined for nobody.
   */
  credentialFor(login: string): Promise<CredentialRow | undefined>;
  /** The hash of a person's password, if they have one. */
  secretOf(person: string): Promise<string | undefined>;
  /** The sessions that somebody has now, the last used first. */
  sessionsOf(of: { person: string; now: number }): Promise<OwnSessionRow[]>;
  /** Undefined for every link that does not work, whatever the reason. */
  resetLink(link: {
    tokenHash: string;
    now: number;
  }): Promise<ResetLinkRow | undefined>;
}
