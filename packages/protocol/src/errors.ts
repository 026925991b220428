/** Who can do something about an error. */
export type Remedy = "client" | "person" | "operator" | "time";

interface ErrorEntry {
  /** What happened and what to do, in words for a person. Never holds input. */
  message: string;
  remedy: Remedy;
  /** true: the same command, same cid, may be sent again and can succeed. */
  retryable: boolean;
  /** The status when the answer goes over HTTP. */
  status: number;
}

function final(status: number, message: string, remedy: Remedy = "client") {
  return { status, message, remedy, retryable: false } satisfies ErrorEntry;
}

function retryable(status: number, message: string, remedy: Remedy = "time") {
  return { status, message, remedy, retryable: true } satisfies ErrorEntry;
}

/** The closed list of errors. A command answered with a final one is not stored, ever (D-4). */
export const errors = {
  bad_json: final(400, "This is not valid JSON."),
  bad_frame: final(
    400,
    "A frame is one JSON object, or an array of objects, without reserved keys.",
  ),
  too_deep: final(400, "This JSON is nested too deeply."),
  too_many_keys: final(400, "An object in this JSON has too many keys."),
  too_many_items: final(400, "A list in this JSON has too many items."),
  missing_field: final(400, "A required field is missing."),
  unknown_field: final(400, "A field is not known here. Check its spelling."),
  invalid_type: final(400, "A field has the wrong type."),
  invalid_value: final(400, "A field has a value that is not allowed here."),
  invalid_number: final(
    400,
    "A number must be whole, not negative, and small enough to be exact.",
  ),
  invalid_text: final(
    400,
    "The text holds half a character (a lone surrogate). Type it again.",
    "person",
  ),
  invalid_characters: final(
    400,
    "The text holds characters that are not allowed here, such as control or direction marks. Remove them.",
    "person",
  ),
  invalid_cid: final(400, "A cid must be a UUID of version 7."),
  invalid_seq: final(
    400,
    "A sequence number must be a whole number between 0 and the head of the stream.",
  ),
  invalid_query: final(400, "A value in the address of this request is wrong."),
  unknown_type: final(400, "This server does not know this command."),
  empty_message: final(
    400,
    "The message is empty. Write something first.",
    "person",
  ),
  too_long: final(
    400,
    "The text is too long. A message can have 10,000 characters and 1,000 lines.",
    "person",
  ),
  too_large: final(413, "The request is larger than 64 KiB."),
  uri_too_long: final(414, "The address of this request is too long."),
  unsupported_type: final(
    415,
    "Send the body as application/json in UTF-8, not compressed.",
  ),
  invalid_email: final(
    400,
    "This is not an e-mail address. It looks like name@example.org.",
    "person",
  ),
  invalid_name: final(
    400,
    "A name needs 1 to 64 characters, at least one of them visible.",
    "person",
  ),
  unauthenticated: final(
    401,
    "You are not signed in here. Join first.",
    "person",
  ),
  origin_not_allowed: final(
    403,
    "This page may not talk to this server. Its operator can allow its address with PARLEY_ORIGINS.",
    "operator",
  ),
  csrf: final(403, "This request came from another site and was refused."),
  simple_wire_off: final(
    403,
    "This server does not accept clients without the subprotocol parley.v1.",
    "operator",
  ),
  join_closed: final(
    403,
    "This place lets nobody in just now. Ask those who run it.",
    "person",
  ),
  invitation_needed: final(
    403,
    "One comes into this place with an invitation. Ask somebody there for a link.",
    "person",
  ),
  domain_not_allowed: final(
    403,
    "This place lets in addresses of certain domains only, and this is none of them.",
    "person",
  ),
  invite_invalid: final(
    404,
    "This link is used up, has run out, or was taken back. Ask for another.",
    "person",
  ),
  link_invalid: final(
    404,
    "This link is used up or has run out. Ask for another.",
    "person",
  ),
  wrong_password: final(401, "The name or the password is wrong.", "person"),
  sign_in_again: final(
    403,
    "Confirm that it is you: enter your password again.",
    "person",
  ),
  weak_password: final(
    400,
    "This password is too short or too easily guessed. A few words in a row make a good one.",
    "person",
  ),
  invalid_username: final(
    400,
    "A user name has 2 to 32 of a–z, 0–9, dot, dash and underscore, and begins and ends with a letter or digit.",
    "person",
  ),
  name_confusable: final(
    409,
    "This name looks like one that somebody else has, or like one of the place itself. Choose another.",
    "person",
  ),
  invalid_domain: final(
    400,
    "This is not a domain. It looks like example.org.",
  ),
  already_member: final(409, "You have an account already.", "person"),
  last_owner: final(
    409,
    "A place needs an owner. Make somebody else one first.",
    "person",
  ),
  archived: final(
    409,
    "This room is archived: it can be read, but nobody writes in it.",
    "person",
  ),
  read_only: final(
    403,
    "This room is for announcements: its moderators write in it.",
    "person",
  ),
  blocked: final(
    403,
    "This person takes no direct messages from you.",
    "person",
  ),
  too_many_people: final(
    400,
    "A direct conversation has nine people at most. Make a room instead.",
    "person",
  ),
  forbidden: final(403, "You may not do this here.", "person"),
  not_found: final(404, "There is nothing here that you may see."),
  method_not_allowed: final(405, "This address does not answer this method."),
  token_in_url: final(
    400,
    "Never put a token into an address: addresses are logged. Use the cookie.",
  ),
  name_taken: final(
    409,
    "This name is taken already. Choose another.",
    "person",
  ),
  cid_conflict: final(
    409,
    "This cid was used before for something else. Make a new one per command.",
  ),
  too_many_streams: final(400, "One connection can follow 2,000 streams."),
  already_greeted: final(400, "hello is said once per connection."),
  not_greeted: final(400, "Say hello before any other command."),
  rate_limited: retryable(
    429,
    "That was too fast. Wait a moment and try again.",
  ),
  over_capacity: retryable(
    503,
    "The server has no room for more connections just now. Try again later.",
    "operator",
  ),
  unavailable: retryable(
    503,
    "The server cannot store this just now. It will be tried again.",
    "operator",
  ),
  storage_full: retryable(
    507,
    "The server's disk is full. Its operator must make room.",
    "operator",
  ),
  internal: retryable(
    500,
    "The server made a mistake. It is in its log under the number given here.",
    "operator",
  ),
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof errors;

/** True for every code of the list, and for nothing inherited (`toString`). */
export function isErrorCode(text: string): text is ErrorCode {
  return Object.hasOwn(errors, text);
}

/** A refusal with a code of the closed list; what a command throws and a client sees. */
export class ParleyError extends Error {
  readonly code: ErrorCode;
  readonly retryAfterMs: number | undefined;

  constructor(
    code: ErrorCode,
    options: {
      message?: string;
      retryAfterMs?: number | undefined;
      cause?: unknown;
    } = {},
  ) {
    super(options.message ?? errors[code].message, { cause: options.cause });
    this.name = "ParleyError";
    this.code = code;
    this.retryAfterMs = options.retryAfterMs;
  }

  get retryable(): boolean {
    return errors[this.code].retryable;
  }
}
