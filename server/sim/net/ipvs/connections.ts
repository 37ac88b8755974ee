import { SECOND, type Duration } from "../../kernel/index.ts";
import type { Namespace } from "../namespace.ts";
import { TCP, UDP } from "../netfilter/protocols.ts";
import type { Rows } from "../rows.ts";
import { ACK, FIN, RST, SYN } from "../walk/packet.ts";
import type { ConnectionStateName, IpvsConnectionRow } from "./row.ts";

/** Connections by what their clients send: protocol, client, its port, virtual address and port. */
export function connectionsOf(ns: Namespace): Rows<string, IpvsConnectionRow> {
  return ns.quietRows("ipvs/connections");
}

/** The same by what real servers answer; the value is the key above. */
export function repliesOf(ns: Namespace): Rows<string, string> {
  return ns.quietRows("ipvs/replies");
}

/** Seconds, as `ipvsadm --set` changes them. */
export interface IpvsTimeouts {
  readonly tcp: number;
  readonly tcpFin: number;
  readonly udp: number;
}

export function ipvsTimeouts(ns: Namespace): IpvsTimeouts {
  return ns.rows<string, IpvsTimeouts>("ipvs/timeouts").get("now") ?? { tcp: 900, tcpFin: 120, udp: 300 };
}

/** Zero leaves a time as it is. */
export function setIpvsTimeouts(ns: Namespace, { tcp, tcpFin, udp }: IpvsTimeouts): void {
  const old = ipvsTimeouts(ns);
  const next = { tcp: tcp || old.tcp, tcpFin: tcpFin || old.tcpFin, udp: udp || old.udp };
  ns.rows<string, IpvsTimeouts>("ipvs/timeouts").set("now", next);
}

/** tcp_timeouts in ip_vs_proto_tcp.c; three of them can be set. */
export function timeoutOf(ns: Namespace, protocol: number, state: ConnectionStateName): Duration {
  const { tcp, tcpFin, udp } = ipvsTimeouts(ns);
  if (protocol === UDP) return udp * SECOND;
  switch (state) {
    case "ESTABLISHED":
      return tcp * SECOND;
    case "FIN_WAIT":
      return tcpFin * SECOND;
    case "NONE":
      return 2 * SECOND;
    case "SYN_RECV":
    case "CLOSE_WAIT":
      return 60 * SECOND;
    case "CLOSE":
      return 10 * SECOND;
    case "LAST_ACK":
      return 30 * SECOND;
    default:
      return 120 * SECOND;
  }
}

const NAMES: Readonly<Record<string, ConnectionStateName>> = {
  NO: "NONE",
  ES: "ESTABLISHED",
  SS: "SYN_SENT",
  SR: "SYN_RECV",
  FW: "FIN_WAIT",
  TW: "TIME_WAIT",
  CL: "CLOSE",
  CW: "CLOSE_WAIT",
  LA: "LAST_ACK",
  LI: "LISTEN",
  SA: "SYNACK",
};
const ORDER = Object.keys(NAMES);

/** tcp_states in ip_vs_proto_tcp.c: the next state by direction, flag and state (in the order above). */
const STATES: Readonly<Record<"in" | "out", Readonly<Record<string, readonly string[]>>>> = {
  in: {
    syn: "SR ES ES SR SR SR SR SR SR SR SR".split(" "),
    fin: "CL CW SS TW TW TW CL CW LA LI TW".split(" "),
    ack: "ES ES SS ES FW TW CL CW CL LI ES".split(" "),
    rst: "CL CL CL SR CL CL CL CL LA LI SR".split(" "),
  },
  out: {
    syn: "SS ES SS SR SS SS SS SS SS LI SR".split(" "),
    fin: "TW FW SS TW FW TW CL TW LA LI TW".split(" "),
    ack: "ES ES SS ES FW TW CL CW LA ES ES".split(" "),
    rst: "CL CL SS CL CL TW CL CL CL CL CL".split(" "),
  },
};

/** The state after a packet of the client (`in`) or of its real server (`out`). */
export function nextState(
  state: ConnectionStateName,
  protocol: number,
  direction: "in" | "out",
  flags: number,
): ConnectionStateName {
  if (protocol !== TCP) return "UDP";
  // The first packet that the kernel looks at decides: SYN before FIN before ACK, a reset before all (tcp_state_idx).
  const kind = flags & RST ? "rst" : flags & SYN ? "syn" : flags & FIN ? "fin" : flags & ACK ? "ack" : undefined;
  if (kind === undefined) return state;
  const at = ORDER.findIndex((short) => NAMES[short] === state);
  return NAMES[STATES[direction][kind]![at]!]!;
}
