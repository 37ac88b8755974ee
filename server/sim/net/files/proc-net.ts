import { directory, file, type ViewContext, type ViewNode } from "../../host/index.ts";
import { address, isIPv4, parsePrefix, type Address } from "../ip.ts";
import { listFlows } from "../conntrack/flows.ts";
import { procFlowText } from "../conntrack/text.ts";
import { listLinks } from "../link/links.ts";
import type { Namespace } from "../namespace.ts";
import { listNeighbours } from "../neighbour.ts";
import { listRoutes } from "../route/list.ts";
import { TABLE_MAIN, type RouteRow } from "../route/row.ts";
import type { ConnectionRow, SocketRow } from "../socket/row.ts";
import { contextNamespace } from "./context.ts";
import { procNetstat, procSnmp, procSockstat } from "./proc-snmp.ts";

const ZERO_MAC = "00:00:00:00:00:00";

/** /proc/net (and /proc/PID/net): what netstat, route and arp of old read. Layouts as in net/ipv4/*.c and net/core/net-procfs.c. */
export const procNet: ViewNode<ViewContext> = directory<ViewContext>({
  net: directory<ViewContext>({
    arp: file((context) => arp(contextNamespace(context))),
    dev: file((context) => dev(contextNamespace(context))),
    netstat: procNetstat,
    nf_conntrack: file((context) => flows(contextNamespace(context))),
    route: file((context) => route(contextNamespace(context))),
    snmp: procSnmp,
    sockstat: procSockstat,
    tcp: file((context) => sockets(contextNamespace(context), "tcp", 4)),
    tcp6: file((context) => sockets(contextNamespace(context), "tcp", 6)),
    udp: file((context) => sockets(contextNamespace(context), "udp", 4)),
    udp6: file((context) => sockets(contextNamespace(context), "udp", 6)),
  }),
});

function flows(ns: Namespace): string {
  return listFlows(ns)
    .map((row) => `${procFlowText(row, ns.kernel.now)}\n`)
    .join("");
}

function arp(ns: Namespace): string {
  const rows = listNeighbours(ns)
    .filter((row) => isIPv4(address(row.address)))
    .map((row) => {
      const flags = row.kind === "permanent" ? 0x6 : row.lladdr === undefined ? 0x0 : 0x2;
      const device = ns.links.get(row.link)?.name ?? "";
      return `${row.address.padEnd(16)} 0x${(1).toString(16).padEnd(10)}0x${flags.toString(16).padEnd(10)}${(row.lladdr ?? ZERO_MAC).padEnd(20)}  ${"*".padEnd(8)} ${device}\n`;
    });
  return `IP address       HW type     Flags       HW address            Mask     Device\n${rows.join("")}`;
}

function dev(ns: Namespace): string {
  const head =
    "Inter-|   Receive                                                |  Transmit\n" +
    " face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed\n";
  const rows = listLinks(ns).map((link) => {
    const counters = ns.linkCounters.get(link.index);
    const columns = (values: readonly number[], widths: readonly number[]): string =>
      values.map((value, at) => String(value).padStart(widths[at]!)).join(" ");
    const receive = columns(
      [counters?.rxBytes ?? 0, counters?.rxPackets ?? 0, 0, counters?.rxDropped ?? 0, 0, 0, 0, 0],
      [7, 7, 4, 4, 4, 5, 10, 9],
    );
    const transmit = columns(
      [counters?.txBytes ?? 0, counters?.txPackets ?? 0, 0, counters?.txDropped ?? 0, 0, 0, 0, 0],
      [8, 7, 4, 4, 4, 5, 7, 10],
    );
    return `${`${link.name}:`.padStart(7)} ${receive} ${transmit}\n`;
  });
  return head + rows.join("");
}

function route(ns: Namespace): string {
  const rows = listRoutes(ns, 4).filter(
    (row) => row.table === TABLE_MAIN && !["broadcast", "multicast"].includes(row.type),
  );
  const lines = rows.map((row) => `${routeFields(ns, row).join("\t").padEnd(127)}\n`);
  return `${"Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT".padEnd(127)}\n${lines.join("")}`;
}

function routeFields(ns: Namespace, row: RouteRow): (string | number)[] {
  const prefix = parsePrefix(row.to)!;
  const [hop] = row.hops;
  const gateway = hop?.via === undefined ? 0 : address(hop.via);
  const rejects = row.type === "unreachable" || row.type === "prohibit" ? 0x200 : 0;
  const flags = 1 | (gateway === 0 ? 0 : 2) | (prefix.length === 32 ? 4 : 0) | rejects;
  const mask = prefix.length === 0 ? 0 : (0xffffffff << (32 - prefix.length)) >>> 0;
  const device = hop ? (ns.links.get(hop.link)?.name ?? "*") : "*";
  return [
    device,
    littleEndian(prefix.address),
    littleEndian(gateway),
    flags.toString(16).toUpperCase().padStart(4, "0"),
    0,
    0,
    row.metric,
    littleEndian(mask),
    0,
    0,
    0,
  ];
}

const TCP_STATES = {
  established: 1,
  "syn-sent": 2,
  "syn-recv": 3,
  "fin-wait-1": 4,
  "fin-wait-2": 5,
  "time-wait": 6,
  close: 7,
  "close-wait": 8,
  "last-ack": 9,
  listen: 10,
  unconnected: 7,
  connected: 1,
} as const;

function sockets(ns: Namespace, protocol: "tcp" | "udp", family: 4 | 6): string {
  const head = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode";
  const rows = [...ns.sockets.values(), ...ns.connections.values()].filter(
    (row) => row.protocol === protocol && row.family === family,
  );
  const lines = rows.map((row: SocketRow | ConnectionRow, at) => {
    const peer =
      "peerAddress" in row
        ? endpoint(row.peerAddress, row.peerPort, family)
        : endpoint(family === 4 ? "0.0.0.0" : "::", 0, family);
    const state = TCP_STATES[row.state].toString(16).toUpperCase().padStart(2, "0");
    return `${String(at).padStart(4)}: ${endpoint(row.address, row.port, family)} ${peer} ${state} 00000000:00000000 00:00000000 00000000 ${String(row.uid).padStart(5)}        0 ${row.inode} 1 0000000000000000 100 0 0 10 0`;
  });
  return [head.padEnd(149), ...lines.map((line) => line.padEnd(149))].map((line) => `${line}\n`).join("");
}

function endpoint(text: string, port: number, family: 4 | 6): string {
  const value = address(text);
  const hex = family === 4 ? littleEndian(value) : littleEndian6(value);
  return `${hex}:${port.toString(16).toUpperCase().padStart(4, "0")}`;
}

/** As the kernel prints a word of network order on a little-endian machine. */
function littleEndian(value: Address): string {
  const word = Number(value) >>> 0;
  return [0, 8, 16, 24].map((shift) => ((word >>> shift) & 0xff).toString(16).toUpperCase().padStart(2, "0")).join("");
}

function littleEndian6(value: Address): string {
  if (typeof value === "number") return `0000000000000000FFFF0000${littleEndian(value)}`;
  return [96n, 64n, 32n, 0n].map((shift) => littleEndian(Number((value >> shift) & 0xffffffffn))).join("");
}
