import { ACK, FIN, RST, SYN } from "../walk/packet.ts";
import type { TcpTracking } from "./row.ts";

type Step = TcpTracking | "invalid" | "ignore";

const STATES: readonly TcpTracking[] = [
  "NONE",
  "SYN_SENT",
  "SYN_RECV",
  "ESTABLISHED",
  "FIN_WAIT",
  "CLOSE_WAIT",
  "LAST_ACK",
  "TIME_WAIT",
  "CLOSE",
  "SYN_SENT2",
];

const SHORT: Readonly<Record<string, Step>> = {
  ss: "SYN_SENT",
  sr: "SYN_RECV",
  es: "ESTABLISHED",
  fw: "FIN_WAIT",
  cw: "CLOSE_WAIT",
  la: "LAST_ACK",
  tw: "TIME_WAIT",
  cl: "CLOSE",
  s2: "SYN_SENT2",
  iv: "invalid",
  ig: "ignore",
};

/** tcp_conntracks in nf_conntrack_proto_tcp.c: the next state, by direction, flag and state (in the order of STATES). */
const TABLE: Readonly<Record<"original" | "reply", Readonly<Record<string, readonly Step[]>>>> = {
  original: {
    syn: steps("ss ss ig ig ig ig ig ss ss s2"),
    synack: steps("iv iv sr iv iv iv iv iv iv sr"),
    fin: steps("iv iv fw fw la la la tw cl iv"),
    ack: steps("es iv es es cw cw tw tw cl iv"),
    rst: steps("iv cl cl cl cl cl cl cl cl cl"),
    none: steps("iv iv iv iv iv iv iv iv iv iv"),
  },
  reply: {
    syn: steps("iv s2 iv iv iv iv iv ss iv s2"),
    synack: steps("iv sr ig ig ig ig ig ig ig sr"),
    fin: steps("iv iv fw fw la la la tw cl iv"),
    ack: steps("iv ig sr es cw cw tw tw cl ig"),
    rst: steps("iv cl cl cl cl cl cl cl cl cl"),
    none: steps("iv iv iv iv iv iv iv iv iv iv"),
  },
};

function steps(text: string): Step[] {
  return text.split(" ").map((short) => SHORT[short]!);
}

/** The state after a packet with these flags. */
export function nextTcpState(state: TcpTracking, reply: boolean, flags: number): Step {
  return TABLE[reply ? "reply" : "original"][kind(flags)]![STATES.indexOf(state)]!;
}

function kind(flags: number): string {
  if (flags & RST) return "rst";
  if (flags & SYN) return flags & ACK ? "synack" : "syn";
  if (flags & FIN) return "fin";
  return flags & ACK ? "ack" : "none";
}

/** The sysctl that says how long a flow in this state is remembered. */
export const TCP_TIMEOUTS: Readonly<Record<TcpTracking, string>> = {
  NONE: "net/netfilter/nf_conntrack_tcp_timeout_syn_sent",
  SYN_SENT: "net/netfilter/nf_conntrack_tcp_timeout_syn_sent",
  SYN_RECV: "net/netfilter/nf_conntrack_tcp_timeout_syn_recv",
  ESTABLISHED: "net/netfilter/nf_conntrack_tcp_timeout_established",
  FIN_WAIT: "net/netfilter/nf_conntrack_tcp_timeout_fin_wait",
  CLOSE_WAIT: "net/netfilter/nf_conntrack_tcp_timeout_close_wait",
  LAST_ACK: "net/netfilter/nf_conntrack_tcp_timeout_last_ack",
  TIME_WAIT: "net/netfilter/nf_conntrack_tcp_timeout_time_wait",
  CLOSE: "net/netfilter/nf_conntrack_tcp_timeout_close",
  SYN_SENT2: "net/netfilter/nf_conntrack_tcp_timeout_syn_sent",
};
