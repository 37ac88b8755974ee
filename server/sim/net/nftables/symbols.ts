type Symbols = readonly (readonly [string, number])[];

/** Names of values as nft prints them (symbol tables of src/ct.c, proto.c, datatype.c, fib.c), in their order there. */
export const SYMBOLS = {
  ctState: [["invalid", 1], ["established", 2], ["related", 4], ["new", 8], ["untracked", 64]],
  ctDirection: [["original", 0], ["reply", 1]],
  ctStatus: [["expected", 1], ["seen-reply", 2], ["assured", 4], ["confirmed", 8], ["snat", 16], ["dnat", 32], ["dying", 512]],
  tcpFlag: [["fin", 1], ["syn", 2], ["rst", 4], ["psh", 8], ["ack", 16], ["urg", 32], ["ecn", 64], ["cwr", 128]],
  packetType: [["host", 0], ["unicast", 0], ["broadcast", 1], ["multicast", 2], ["other", 3]],
  family: [["ipv4", 2], ["ipv6", 10]],
  etherType: [["ip", 0x0800], ["arp", 0x0806], ["ip6", 0x86dd], ["8021q", 0x8100], ["vlan", 0x8100]],
  addressType: [["unspec", 0], ["unicast", 1], ["local", 2], ["broadcast", 3], ["anycast", 4], ["multicast", 5], ["blackhole", 6], ["unreachable", 7], ["prohibit", 8]],
  boolean: [["exists", 1], ["missing", 0]],
  icmpType: [["echo-reply", 0], ["destination-unreachable", 3], ["source-quench", 4], ["redirect", 5], ["echo-request", 8], ["router-advertisement", 9], ["router-solicitation", 10], ["time-exceeded", 11], ["parameter-problem", 12], ["timestamp-request", 13], ["timestamp-reply", 14], ["info-request", 15], ["info-reply", 16], ["address-mask-request", 17], ["address-mask-reply", 18]],
  icmp6Type: [["destination-unreachable", 1], ["packet-too-big", 2], ["time-exceeded", 3], ["parameter-problem", 4], ["echo-request", 128], ["echo-reply", 129], ["mld-listener-query", 130], ["mld-listener-report", 131], ["mld-listener-done", 132], ["mld-listener-reduction", 132], ["nd-router-solicit", 133], ["nd-router-advert", 134], ["nd-neighbor-solicit", 135], ["nd-neighbor-advert", 136], ["nd-redirect", 137], ["router-renumbering", 138], ["ind-neighbor-solicit", 141], ["ind-neighbor-advert", 142], ["mld2-listener-report", 143]],
  icmpCode: [["net-unreachable", 0], ["host-unreachable", 1], ["prot-unreachable", 2], ["port-unreachable", 3], ["frag-needed", 4], ["net-prohibited", 9], ["host-prohibited", 10], ["admin-prohibited", 13]],
  icmp6Code: [["no-route", 0], ["admin-prohibited", 1], ["addr-unreachable", 3], ["port-unreachable", 4], ["policy-fail", 5], ["reject-route", 6]],
  icmpxCode: [["no-route", 0], ["port-unreachable", 1], ["host-unreachable", 2], ["admin-prohibited", 3]],
  dscp: [["cs0", 0], ["cs1", 8], ["cs2", 16], ["cs3", 24], ["cs4", 32], ["cs5", 40], ["cs6", 48], ["cs7", 56], ["df", 0], ["be", 0], ["lephb", 1], ["af11", 10], ["af12", 12], ["af13", 14], ["af21", 18], ["af22", 20], ["af23", 22], ["af31", 26], ["af32", 28], ["af33", 30], ["af41", 34], ["af42", 36], ["af43", 38], ["va", 44], ["ef", 46]],
} satisfies Readonly<Record<string, Symbols>>; // prettier-ignore

/** Priorities of chains that have names (std_prios of src/rule.c): their number, and the hooks that have them. */
const PRIORITIES: readonly (readonly [string, number, readonly string[] | undefined])[] = [
  ["raw", -300, undefined],
  ["mangle", -150, undefined],
  ["dstnat", -100, ["PREROUTING"]],
  ["filter", 0, undefined],
  ["security", 50, undefined],
  ["srcnat", 100, ["POSTROUTING"]],
];

/** The number of a named priority at a hook. */
export function priorityNumber(name: string, hook: string): number | undefined {
  return PRIORITIES.find(([known, , hooks]) => known === name && (hooks?.includes(hook) ?? true))?.[1];
}

/** `filter`, `dstnat - 10`, `-5`: by the nearest name no further than 10 away (prio2str). */
export function priorityText(priority: number, hook: string, numeric: boolean): string {
  if (numeric) return `${priority}`;
  for (const [name, number, hooks] of PRIORITIES) {
    const offset = priority - number;
    if (Math.abs(offset) > 10 || !(hooks?.includes(hook) ?? true)) continue;
    if (offset === 0) return name;
    return `${name} ${offset > 0 ? "+" : "-"} ${Math.abs(offset)}`;
  }
  return `${priority}`;
}
