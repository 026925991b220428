/** How many sockets each address has open, of one kind. */
export class AddressCounts {
  readonly #counts = new Map<string, number>();

  /** How many addresses have some. */
  get size(): number {
    return this.#counts.size;
  }

  of(address: string): number {
    return this.#counts.get(address) ?? 0;
  }

  add(address: string): void {
    this.#counts.set(address, this.of(address) + 1);
  }

  remove(address: string): void {
    const left = this.of(address) - 1;
    if (left > 0) this.#counts.set(address, left);
    else this.#counts.delete(address);
  }
}

/**
 * Under what an address is counted: one machine often has a whole IPv6 /64, so
 * that is one. An IPv4 address in IPv6 clothes counts as itself.
 */
export function addressKey(address: string): string {
  if (address.startsWith("::ffff:") && address.includes(".")) {
    return address.slice(7);
  }
  if (!address.includes(":")) return address;
  const [head = "", tail = ""] = address.split("::");
  const before = head === "" ? [] : head.split(":");
  const after = tail === "" ? [] : tail.split(":");
  const zeros = address.includes("::") ? 8 - before.length - after.length : 0;
  const groups = [...before, ...new Array<string>(zeros).fill("0"), ...after];
  return `${groups.slice(0, 4).join(":")}::/64`;
}
