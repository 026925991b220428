import { normalizeName, objectionToRoomName } from "@parley/protocol";

// How the value of each kind of setting is read from what an operator wrote.
// What cannot be read throws the end of a sentence that begins with the
// setting's name: "must be …".

export function anyText(text: string): string {
  return text;
}

export function nodeName(text: string): string {
  if (!/^[\w.-]{0,64}$/.test(text)) {
    throw new Error("must have up to 64 letters, digits, dots, - and _");
  }
  return text;
}

export function postgresUrlOrEmpty(text: string): string {
  if (text === "") return text;
  const url = URL.parse(text);
  const isFine =
    url !== null &&
    ["postgres:", "postgresql:"].includes(url.protocol) &&
    url.hostname !== "" &&
    url.pathname.length > 1 &&
    isDecodable(url.username + url.password + url.pathname);
  if (!isFine) {
    throw new Error(
      "must be an address like postgres://user:password@host:5432/database",
    );
  }
  return text;
}

/** Whether every % is followed by what it has to be. */
function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

export function natsUrls(text: string): readonly string[] {
  const urls = text === "" ? [] : text.split(",").map((one) => one.trim());
  for (const one of urls) {
    const url = URL.parse(one);
    const isFine =
      url !== null &&
      ["nats:", "tls:"].includes(url.protocol) &&
      url.hostname !== "";
    if (!isFine) {
      throw new Error("must be one or more addresses like nats://host:4222");
    }
  }
  return urls;
}

export function nonEmpty(text: string): string {
  if (text === "") throw new Error("must not be empty");
  return text;
}

export function roomName(text: string): string {
  const name = normalizeName(text);
  if (objectionToRoomName(name) !== undefined) {
    throw new Error("must have 1 to 80 characters, none of them invisible");
  }
  return name;
}

export function portNumber(text: string): number {
  return wholeNumber(0, 65_535)(text);
}

export function wholeNumber(
  min: number,
  max: number,
): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < min || value > max) {
      throw new Error(`must be a whole number from ${min} to ${max}`);
    }
    return value;
  };
}

export function wholeNumberOrAuto(text: string): number | "auto" {
  return text === "auto" ? "auto" : wholeNumber(1, 10_000_000)(text);
}

export function oneOf<const Choice extends string>(...choices: Choice[]) {
  return (text: string): Choice => {
    const choice = choices.find((one) => one === text.toLowerCase());
    if (choice === undefined) {
      throw new Error(`must be one of ${choices.join(", ")}`);
    }
    return choice;
  };
}

export function onOff(text: string): boolean {
  return oneOf("on", "off")(text) === "on";
}

export function originOrEmpty(text: string): string {
  return text === "" ? "" : origin(text);
}

export function originList(text: string): readonly string[] {
  return text === "" ? [] : text.split(",").map((one) => origin(one.trim()));
}

/** Scheme, host and port as a browser writes them in `Origin`. */
function origin(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isOrigin =
    url !== undefined &&
    (url.protocol === "https:" || url.protocol === "http:") &&
    // Nothing besides: no path, no query, no fragment, no name, no password.
    url.href === `${url.origin}/`;
  if (!isOrigin) {
    throw new Error("must be an address like https://chat.example.org");
  }
  return url.origin;
}
