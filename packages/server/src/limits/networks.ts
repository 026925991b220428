import { BlockList, isIP } from "node:net";

/** Addresses and ranges of addresses. */
export class Networks {
  readonly #list = new BlockList();
  readonly isEmpty: boolean;

  /** Each is an address, or one with the length of its prefix: 10.0.0.0/8. */
  constructor(ranges: readonly string[] = []) {
    this.isEmpty = ranges.length === 0;
    for (const range of ranges) this.#add(range);
  }

  includes(address: string): boolean {
    const family = familyOf(address);
    return family !== undefined && this.#list.check(address, family);
  }

  #add(range: string): void {
    const [, address = "", length] =
      /^([0-9a-fA-F.:]+)(?:\/(\d{1,3}))?$/.exec(range) ?? [];
    const family = familyOf(address);
    const bits = family === "ipv4" ? 32 : 128;
    const prefix = length === undefined ? bits : Number(length);
    if (family === undefined || prefix > bits) {
      throw new Error(
        "must be addresses or ranges such as 127.0.0.1, 10.0.0.0/8 and fd00::/8, separated by commas",
      );
    }
    this.#list.addSubnet(address, prefix, family);
  }
}

function familyOf(address: string): "ipv4" | "ipv6" | undefined {
  const version = isIP(address);
  return version === 4 ? "ipv4" : version === 6 ? "ipv6" : undefined;
}

/** PARLEY_TRUSTED_PROXIES as it is written. */
export function networks(text: string): Networks {
  const ranges = text === "" ? [] : text.split(",");
  return new Networks(ranges.map((range) => range.trim()));
}
