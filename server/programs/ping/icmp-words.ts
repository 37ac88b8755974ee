import type { RoundTrip } from "../../sim/net/index.ts";

const UNREACHABLE: readonly string[] = [
  "Destination Net Unreachable",
  "Destination Host Unreachable",
  "Destination Protocol Unreachable",
  "Destination Port Unreachable",
  "Frag needed and DF set",
  "Source Route Failed",
  "Destination Net Unknown",
  "Destination Host Unknown",
  "Source Host Isolated",
  "Destination Net Prohibited",
  "Destination Host Prohibited",
  "Destination Net Unreachable for Type of Service",
  "Destination Host Unreachable for Type of Service",
  "Packet filtered",
  "Precedence Violation",
  "Precedence Cutoff",
];

const UNREACHABLE_6: readonly string[] = ["No route", "Administratively prohibited", "Beyond scope of source address", "Address unreachable", "Port unreachable"]; // prettier-ignore

/** What ping says of an ICMP error (pr_icmph in ping/ping.c, print_icmp in ping6_common.c). */
export function icmpWords({ reply }: RoundTrip): string {
  // The kernel itself found out that nobody is there.
  if (!reply) return UNREACHABLE[1]!;
  const { icmpType, icmpCode, icmpMtu } = reply;
  if (typeof reply.src === "bigint") {
    if (icmpType === 3) return `Time exceeded: ${icmpCode === 0 ? "Hop limit" : "Defragmentation failure"}`;
    return `Destination unreachable: ${UNREACHABLE_6[icmpCode] ?? `Unknown code ${icmpCode}`}`;
  }
  if (icmpType === 11) return icmpCode === 0 ? "Time to live exceeded" : "Frag reassembly time exceeded";
  if (icmpType !== 3) return `Bad ICMP type: ${icmpType}`;
  const words = UNREACHABLE[icmpCode] ?? `Dest Unreachable, Bad Code: ${icmpCode}`;
  return icmpCode === 4 ? `${words} (mtu = ${icmpMtu})` : words;
}
