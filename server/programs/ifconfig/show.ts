import {
  addressesOf,
  addressText,
  isRunning,
  mask,
  type AddressRow,
  type LinkRow,
  type Namespace,
} from "../../sim/net/index.ts";
import { compareNames, sortedLinks } from "../netstat/interfaces.ts";

/** All links that are up (or all), each with its aliases, an empty line behind each (net-tools lib/interface.c: ife_print_long). */
export function interfaceTexts(ns: Namespace, all: boolean): string {
  return sortedLinks(ns)
    .filter((link) => all || link.up)
    .flatMap((link) => [interfaceText(ns, link), ...aliases(ns, link).map((name) => aliasText(ns, link, name))])
    .join("");
}

/** The names under which a link has further addresses: `eth0:1`. */
function aliases(ns: Namespace, link: LinkRow): string[] {
  const labels = addressesOf(ns, link.index).flatMap(({ label }) =>
    label !== undefined && label !== link.name ? [label] : [],
  );
  return [...new Set(labels)].sort(compareNames);
}

const FLAGS: readonly (readonly [bit: number, name: string])[] = [
  [0x1, "UP"], [0x2, "BROADCAST"], [0x8, "LOOPBACK"], [0x40, "RUNNING"], [0x80, "NOARP"], [0x100, "PROMISC"],
  [0x200, "ALLMULTI"], [0x1000, "MULTICAST"],
]; // prettier-ignore

function flagBits(link: LinkRow): number {
  const loopback = link.kind === "loopback";
  return (
    (link.up ? 0x1 : 0) |
    (loopback ? 0x8 : 0x2) |
    (isRunning(link) && link.carrier ? 0x40 : 0) |
    (link.arp ? 0 : 0x80) |
    (link.promisc ? 0x100 : 0) |
    (link.allmulticast ? 0x200 : 0) |
    (!loopback && link.multicast ? 0x1000 : 0)
  );
}

function firstLine(link: LinkRow, name: string): string {
  const bits = flagBits(link);
  const names = FLAGS.filter(([bit]) => bits & bit).map(([, flag]) => flag);
  return `${name}: flags=${bits}<${names.join(",")}>  mtu ${link.mtu}\n`;
}

function hardwareLine(link: LinkRow): string {
  if (link.kind === "loopback") return `        loop  txqueuelen ${link.txqlen}  (Local Loopback)\n`;
  return `        ether ${link.address}  txqueuelen ${link.txqlen}  (Ethernet)\n`;
}

function inetLine(link: LinkRow, row: AddressRow): string {
  const broadcast = link.kind === "loopback" ? "" : `  broadcast ${row.broadcast ?? "0.0.0.0"}`;
  return `        inet ${row.local}  netmask ${addressText(mask(row.length))}${broadcast}\n`;
}

const SCOPES: Readonly<Record<string, string>> = {
  global: "0x0<global>",
  host: "0x10<host>",
  link: "0x20<link>",
  site: "0x40<site>",
};

/** One link with all that is known of it. */
export function interfaceText(ns: Namespace, link: LinkRow): string {
  const rows = addressesOf(ns, link.index);
  const own = rows.find((row) => row.family === 4 && row.label === link.name);
  const six = rows
    .filter((row) => row.family === 6)
    .map(
      (row) =>
        `        inet6 ${row.local}  prefixlen ${row.length}  scopeid ${SCOPES[String(row.scope)] ?? "0x0<global>"}\n`,
    );
  const counters = ns.linkCounters.get(link.index);
  const count = (packets: number, bytes: number): string => `packets ${packets}  bytes ${bytes} (${sizeText(bytes)})`;
  return `${firstLine(link, link.name)}${own ? inetLine(link, own) : ""}${six.join("")}${hardwareLine(link)}        RX ${count(counters?.rxPackets ?? 0, counters?.rxBytes ?? 0)}
        RX errors 0  dropped ${counters?.rxDropped ?? 0}  overruns 0  frame 0
        TX ${count(counters?.txPackets ?? 0, counters?.txBytes ?? 0)}
        TX errors 0  dropped ${counters?.txDropped ?? 0} overruns 0  carrier 0  collisions 0

`;
}

/** A further address by its own name: what belongs to the link is not repeated. */
export function aliasText(ns: Namespace, link: LinkRow, name: string): string {
  const row = addressesOf(ns, link.index).find(({ label }) => label === name);
  return `${firstLine(link, name)}${row ? inetLine(link, row) : ""}${hardwareLine(link)}\n`;
}

/** One digit behind the point, which is cut and not rounded. */
function sizeText(bytes: number): string {
  let [value, unit] = [bytes * 10, "B"];
  for (const next of ["KiB", "MiB", "GiB", "TiB", "PiB"]) {
    if (value < 10_240) break;
    value = Math.floor(value / 1024);
    unit = next;
  }
  return `${Math.floor(value / 10)}.${value % 10} ${unit}`;
}
