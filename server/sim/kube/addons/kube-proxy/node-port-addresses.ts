import {
  addressText,
  contains,
  isIPv4,
  isLoopback,
  listLinks,
  parseIPv4,
  parsePrefix,
  type Namespace,
} from "../../../net/index.ts";

/** Where NodePorts answer, for IPv4: `nodePortAddresses` of the configuration (util/nodeport_addresses.go). */
export class NodePortAddresses {
  readonly #cidrs: readonly string[];

  constructor(cidrs: readonly string[]) {
    const own = cidrs.filter((cidr) => !cidr.includes(":"));
    this.#cidrs = own.length > 0 ? own : ["0.0.0.0/0"];
  }

  get matchAll(): boolean {
    return this.#cidrs.some((cidr) => cidr.endsWith("/0"));
  }

  get containsLoopback(): boolean {
    return this.#cidrs.some((cidr) => {
      const prefix = parsePrefix(cidr)!;
      return isLoopback(prefix.address) || contains(prefix, parseIPv4("127.0.0.0")!);
    });
  }

  /** The node's own addresses that fit, in the order of the configuration. */
  nodeIPs(ns: Namespace): readonly string[] {
    const own = listLinks(ns).flatMap(({ index }) => ns.addresses.get(index) ?? []);
    const found = new Set<string>();
    for (const cidr of this.#cidrs) {
      const prefix = parsePrefix(cidr)!;
      for (const { local, family } of own) {
        const ip = parsePrefix(local)!.address;
        if (family === 4 && isIPv4(ip) && contains(prefix, ip)) found.add(addressText(ip));
      }
    }
    return [...found];
  }

  toString(): string {
    return `[${this.#cidrs.join(" ")}]`;
  }
}
