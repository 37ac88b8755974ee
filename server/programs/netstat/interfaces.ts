import { isRunning, listLinks, type LinkRow, type Namespace } from "../../sim/net/index.ts";

/** The rest of the heading behind `Iface` and `MTU`. */
const COLUMNS = "   RX-OK RX-ERR RX-DRP RX-OVR    TX-OK TX-ERR TX-DRP TX-OVR Flg\n";

/** `netstat -i` (net-tools lib/interface.c: ife_print_short). */
export function interfaceTable(ns: Namespace, all: boolean): string {
  return `Kernel Interface table\nIface             MTU ${COLUMNS}${rows(ns, all)}`;
}

/** `ifconfig -s`, whose heading is narrower than its rows. */
export function shortTable(ns: Namespace, all: boolean): string {
  return `Iface      MTU ${COLUMNS}${rows(ns, all)}`;
}

function rows(ns: Namespace, all: boolean): string {
  return sortedLinks(ns)
    .filter((link) => all || link.up)
    .map((link) => row(ns, link))
    .join("");
}

/** Links by name, numbers within names by their value (net-tools lib/nstrcmp.c). */
export function sortedLinks(ns: Namespace): LinkRow[] {
  return listLinks(ns).sort((a, b) => compareNames(a.name, b.name));
}

export function compareNames(a: string, b: string): number {
  const [first, second] = [parts(a), parts(b)];
  for (let at = 0; at < Math.min(first.length, second.length); at++) {
    const [x, y] = [first[at]!, second[at]!];
    if (x === y) continue;
    if (/^\d/.test(x) && /^\d/.test(y) && Number(x) !== Number(y)) return Number(x) - Number(y);
    return x < y ? -1 : 1;
  }
  return first.length - second.length;
}

function parts(name: string): readonly string[] {
  return name.match(/\d+|\D+/g) ?? [];
}

function row(ns: Namespace, link: LinkRow): string {
  const counters = ns.linkCounters.get(link.index);
  const cell = (value: number, width: number): string => String(value).padStart(width);
  const received = `${cell(counters?.rxPackets ?? 0, 8)} ${cell(0, 6)} ${cell(counters?.rxDropped ?? 0, 6)} ${"0".padEnd(6)}`;
  const sent = `${cell(counters?.txPackets ?? 0, 8)} ${cell(0, 6)} ${cell(counters?.txDropped ?? 0, 6)} ${cell(0, 6)}`;
  return `${link.name.padEnd(16)}${cell(link.mtu, 5)} ${received} ${sent} ${letters(link)}\n`;
}

function letters(link: LinkRow): string {
  const loopback = link.kind === "loopback";
  return [
    link.allmulticast ? "A" : "",
    loopback ? "L" : "B",
    !loopback && link.multicast ? "M" : "",
    link.promisc ? "P" : "",
    link.arp ? "" : "O",
    isRunning(link) ? "R" : "",
    link.up ? "U" : "",
  ].join("");
}
