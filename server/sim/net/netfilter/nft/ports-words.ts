interface Ports {
  readonly min: number;
  readonly max: number;
  readonly not?: true;
}

interface Flags {
  readonly mask: number;
  readonly set: number;
  readonly not?: true;
}

/** What matches of TCP, UDP and SCTP ask for. */
export interface PortOptions {
  readonly sport?: Ports;
  readonly dport?: Ports;
  readonly flags?: Flags;
  readonly option?: { readonly kind: number; readonly not?: true };
  readonly chunks?: unknown;
}

/** iptables-nft 1.8.8 and later write ports and flags as nf_tables' own comparisons (add_nft_tcpudp, add_nft_tcp_flags). */
export function isNativePorts({ sport, dport, flags, option }: PortOptions): boolean {
  return option === undefined && (sport ?? dport ?? flags) !== undefined;
}

export function portWords(protocol: string, { sport, dport }: PortOptions, by: "native" | "xlate"): string {
  const part = (name: string, ports: Ports | undefined): string[] => {
    if (!ports) return [];
    const { min, max, not } = ports;
    // A range from 0 is a comparison of its own.
    const bound = by === "native" && min === 0 && max !== 0 && max !== 65_535;
    if (bound) return [`${protocol} ${name} ${not ? ">" : "<="} ${max}`];
    return [`${protocol} ${name} ${not ? "!= " : ""}${min === max ? min : `${min}-${max}`}`];
  };
  return [...part("sport", sport), ...part("dport", dport)].join(" ");
}

const NAMES = ["fin", "syn", "rst", "psh", "ack", "urg", "ecn", "cwr"];

function list(bits: number, numeric: boolean): string {
  const set = NAMES.map((name, at) =>
    bits & (1 << at) ? (numeric ? `0x${(1 << at).toString(16)}` : name) : "",
  ).filter(Boolean);
  return set.join(",");
}

/** The flags of `mask` that are to be set, as binop_print of nftables 1.0 shows the comparison. */
export function tcpFlagWords({ mask, set, not }: Flags, numeric: boolean): string {
  if (set === 0) return `tcp flags ${not ? "" : "! "}${list(mask, numeric)}`;
  const single = (mask & (mask - 1)) === 0;
  if (single && set === mask) return `tcp flags & ${list(mask, numeric)} ${not ? "!=" : "=="} ${list(set, numeric)}`;
  return `tcp flags ${not ? "!= " : ""}${list(set, numeric)} / ${list(mask, numeric)}`;
}
