import type { PacketHeaders, PacketTrace, TraceHop } from "../../../grader/trace.ts";

/** Where a packet says it comes from and goes to, as it is written: `10.244.1.4:40260`, `[fd00::1]:80`, `10.0.0.1`. */
export interface Ends {
  readonly src: string;
  readonly dst: string;
}

export function endsOf({ src, dst, sport, dport }: PacketHeaders): Ends {
  return { src: endText(src, sport), dst: endText(dst, dport) };
}

function endText(address: string, port: number | undefined): string {
  if (port === undefined) return address;
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}

/** The ends with which a packet sets out. Its source is drawn when it is sent, which the first hop tells. */
export function firstEnds({ packet, hops }: PacketTrace): Ends {
  const ends = endsOf(packet);
  if (!isUnset(packet.src)) return ends;
  const sent = sentEnds(hops[0]);
  return { ...ends, src: sent?.src ?? "no source yet" };
}

/** What a hop that sends a packet says of it. */
export function sentEnds(hop: TraceHop | undefined): Ends | undefined {
  const [, src, dst] = /^sends (\S+) to (\S+)/.exec(hop?.what ?? "") ?? [];
  return src === undefined || dst === undefined ? undefined : { src, dst };
}

function isUnset(address: string): boolean {
  return address === "0.0.0.0" || address === "::";
}

/** What a hop changed in the headers, field by field, as people call them. */
export function changesOf({
  before,
  after,
}: TraceHop): { readonly field: string; readonly from: string; readonly to: string }[] {
  if (!before || !after) return [];
  const [a, b] = [endsOf(before), endsOf(after)];
  const mark = (headers: PacketHeaders): string => `0x${headers.mark.toString(16)}`;
  return [
    { field: "source", from: a.src, to: b.src },
    { field: "destination", from: a.dst, to: b.dst },
    { field: "mark", from: mark(before), to: mark(after) },
    { field: "TTL", from: String(before.ttl), to: String(after.ttl) },
    { field: "size", from: String(before.size), to: String(after.size) },
  ].filter(({ from, to }) => from !== to);
}

const FLAGS = ["FIN", "SYN", "RST", "PSH", "ACK", "URG"];
const ICMP: Readonly<Record<number, string>> = {
  0: "echo reply",
  3: "unreachable",
  5: "redirect",
  8: "echo request",
  11: "time exceeded",
};

/** What kind of packet it is: `TCP SYN`, `UDP`, `ICMP echo request`. */
export function packetWords({ protocol, flags = 0, icmp }: PacketHeaders): string {
  if (protocol === 6) {
    const set = FLAGS.filter((_, bit) => (flags & (1 << bit)) !== 0);
    return ["TCP", ...set].join(" ");
  }
  if (protocol === 17) return "UDP";
  if (icmp) return `ICMP ${ICMP[icmp.type] ?? `type ${icmp.type}`}`;
  return `protocol ${protocol}`;
}
