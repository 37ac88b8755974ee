import { SECOND } from "../../sim/kernel/index.ts";
import {
  ipvsCountersOf,
  listConnections,
  loadKey,
  loadsOf,
  NO_TRAFFIC,
  parseAddress,
  compareAddresses,
  serviceKey,
  servicesOf,
  type DestinationRow,
  type IpvsConnectionRow,
  type IpvsCounters,
  type Load,
  type Names,
  type Namespace,
  type ServiceRow,
} from "../../sim/net/index.ts";

/** How a list looks (the FMT_ flags of ipvsadm.c). */
export interface Format {
  readonly numeric: boolean;
  readonly rule: boolean;
  readonly stats: boolean;
  readonly thresholds: boolean;
  readonly persistentConnections: boolean;
  readonly exact: boolean;
  readonly sorted: boolean;
  readonly names: Names;
  host(address: string): string | undefined;
}

const TITLE = "Prot LocalAddress:Port".padEnd(33);
const REMOTE = "  -> RemoteAddress:Port\n";

/** The version of IPVS in Linux, and the size of its table of connections. */
export const BANNER = "IP Virtual Server version 1.2.1 (size=4096)\n";

export function title(format: Format): string {
  const cells = (width: number, ...names: string[]): string =>
    names.map((name) => (width < 0 ? name.padEnd(-width) : name.padStart(width))).join(" ");
  if (format.stats) return `${TITLE} ${cells(8, "Conns", "InPkts", "OutPkts", "InBytes", "OutBytes")}\n${REMOTE}`;
  if (format.thresholds)
    return `${TITLE} ${cells(-10, "Uthreshold", "Lthreshold", "ActiveConn", "InActConn")}\n${REMOTE}`;
  if (format.persistentConnections)
    return `${TITLE} ${"Weight".padEnd(9)} ${"PersistConn".padEnd(11)} ${cells(-10, "ActiveConn", "InActConn")}\n${REMOTE}`;
  if (format.rule) return "";
  return "Prot LocalAddress:Port Scheduler Flags\n  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn\n";
}

/** `10.96.0.1:443`, `[fd00::1]:443`; names where they are wanted and known. */
const SERVICE_OPTION = { tcp: "-t", udp: "-u", sctp: "--sctp-service" } as const;

function endText(format: Format, protocol: "tcp" | "udp" | "sctp", address: string, port: number): string {
  const host = format.numeric ? address : (format.host(address) ?? address);
  const service = format.numeric ? undefined : format.names.service(port, protocol);
  return address.includes(":") ? `[${host}]:${service ?? port}` : `${host}:${service ?? port}`;
}

/** A service and its real servers. */
export function serviceText(
  ns: Namespace,
  service: ServiceRow,
  format: Format,
  loads: ReadonlyMap<string, Load>,
): string {
  const { at } = service;
  const key = serviceKey(at);
  const protocol = "fwmark" in at ? "tcp" : at.protocol;
  const six = "fwmark" in at ? at.family === 6 : at.address.includes(":");
  let name: string;
  if ("fwmark" in at)
    name = format.rule ? `-f ${at.fwmark}${six ? " -6" : ""}` : `FWM  ${at.fwmark}${six ? " IPv6" : ""}`;
  else {
    const end = endText(format, protocol, at.address, at.port);
    name = format.rule ? `${SERVICE_OPTION[protocol]} ${end}` : `${protocol.toUpperCase().padEnd(4)} ${end}`;
    if (!format.rule && !six) name = name.slice(0, 33);
  }
  const counters = (suffix: string): IpvsCounters => ipvsCountersOf(ns).get(`${key}${suffix}`) ?? NO_TRAFFIC;
  let text = format.stats
    ? `${name.padEnd(33)}${statsText(counters(""), format)}`
    : headText(service, name, six, format);
  text += "\n";
  const list = format.sorted ? [...service.destinations].sort(compareDestinations) : service.destinations;
  for (const destination of list) {
    const { address, port } = destination;
    const load = loads.get(loadKey({ service: key, real: address, realPort: port })) ?? NO_LOAD;
    const end = endText(format, protocol, address, port);
    const shown = six ? end : end.slice(0, 28);
    if (format.rule) text += `-a ${name} -r ${end} -m -w ${destination.weight}\n`;
    else if (format.stats) text += `  -> ${shown.padEnd(28)}${statsText(counters(` ${address} ${port}`), format)}\n`;
    else text += `  -> ${shown.padEnd(28)} ${destinationText(destination, load, format)}\n`;
  }
  return text;
}

const NO_LOAD: Load = { active: 0, inactive: 0, persistent: 0 };

function headText(service: ServiceRow, name: string, six: boolean, format: Format): string {
  const { scheduler, persistent, netmask, onePacket } = service;
  const mask = netmask === undefined || netmask === (six ? 128 : 32) ? "" : six ? String(netmask) : dotted(netmask);
  if (format.rule) {
    const stays = persistent === undefined ? "" : ` -p ${persistent}${mask === "" ? "" : ` -M ${mask}`}`;
    return `-A ${name} -s ${scheduler}${stays}${onePacket ? " ops" : ""}`;
  }
  const stays = persistent === undefined ? "" : ` persistent ${persistent}${mask === "" ? "" : ` mask ${mask}`}`;
  return `${name} ${scheduler}${stays}${onePacket && persistent !== undefined ? " ops" : ""}`;
}

function dotted(length: number): string {
  const bits = length === 0 ? 0 : (-1 << (32 - length)) >>> 0;
  return [24, 16, 8, 0].map((shift) => (bits >>> shift) & 255).join(".");
}

function destinationText(destination: DestinationRow, load: Load, format: Format): string {
  const cell = (value: number, width = 10): string => String(value).padEnd(width);
  const { weight, upper, lower } = destination;
  const connections = `${cell(load.active)} ${cell(load.inactive)}`;
  if (format.thresholds) return `${cell(upper)} ${cell(lower)} ${connections}`;
  if (format.persistentConnections) return `${cell(weight, 9)} ${cell(load.persistent, 11)} ${connections}`;
  return `${"Masq".padEnd(7)} ${cell(weight, 6)} ${connections}`;
}

function statsText({ conns, inPackets, outPackets, inBytes, outBytes }: IpvsCounters, format: Format): string {
  return [conns, inPackets, outPackets, inBytes, outBytes].map((value) => large(value, format)).join("");
}

/** print_largenum: nine characters, in thousands where they don't fit. */
function large(value: number, { exact }: Format): string {
  if (exact) return String(value).padStart(Math.max(9, String(value).length + 1));
  if (value < 1e8) return String(value).padStart(9);
  for (const [limit, unit, letter] of [
    [1e9, 1e3, "K"],
    [1e11, 1e6, "M"],
    [1e14, 1e9, "G"],
  ] as const)
    if (value < limit) return `${String(Math.floor(value / unit)).padStart(8)}${letter}`;
  return `${String(Math.floor(value / 1e12)).padStart(8)}T`;
}

function compareDestinations(a: DestinationRow, b: DestinationRow): number {
  return compareAddresses(parseAddress(a.address)!, parseAddress(b.address)!) || a.port - b.port;
}

/** Services by mark, then protocol, address and port (ipvs_cmp_services). */
export function compareServices({ at: a }: ServiceRow, { at: b }: ServiceRow): number {
  if ("fwmark" in a || "fwmark" in b) {
    const [first, second] = ["fwmark" in a ? a.fwmark : 0, "fwmark" in b ? b.fwmark : 0];
    return first - second;
  }
  const number = (protocol: string): number => ({ tcp: 6, udp: 17 })[protocol] ?? 132;
  return (
    number(a.protocol) - number(b.protocol) ||
    compareAddresses(parseAddress(a.address)!, parseAddress(b.address)!) ||
    a.port - b.port
  );
}

/** All services, or those given, with their heading. */
export function listText(ns: Namespace, format: Format, only?: ServiceRow): string {
  const all = only ? [only] : [...servicesOf(ns).values()];
  if (format.sorted) all.sort(compareServices);
  const loads = loadsOf(ns);
  return title(format) + all.map((service) => serviceText(ns, service, format, loads)).join("");
}

/** `ipvsadm -Lc`. */
export function connectionsText(ns: Namespace, format: Format): string {
  const { now } = ns.kernel;
  const line = (row: IpvsConnectionRow): string => {
    const left = Math.max(0, Math.floor((row.expires - now) / SECOND));
    const time = `${String(Math.floor(left / 60)).padStart(2, "0")}:${String(left % 60).padStart(2, "0")}`;
    const protocol = row.protocol === 6 ? "tcp" : "udp";
    const end = (address: string, port: number): string => endText(format, protocol, address, port);
    const ends = `${end(row.client, row.clientPort).padEnd(18)} ${end(row.virtual, row.virtualPort).padEnd(18)} ${end(row.real, row.realPort)}`;
    return `${protocol.toUpperCase().padEnd(3)} ${time.padEnd(6)} ${row.state.padEnd(11)} ${ends}\n`;
  };
  const heads = `${"state".padEnd(11)} ${"source".padEnd(18)} ${"virtual".padEnd(18)} destination\n`;
  return `IPVS connection entries\npro expire ${heads}${listConnections(ns).map(line).join("")}`;
}
