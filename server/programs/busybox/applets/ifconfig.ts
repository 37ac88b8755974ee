import {
  addAddress,
  bringDown,
  bringUp,
  defaultBroadcast,
  findLink,
  isRunning,
  linkFlags,
  listLinks,
  namespaceOf,
  parseIPv4,
  removeAddress,
  setMtu,
  type LinkRow,
  type Namespace,
} from "../../../sim/net/index.ts";
import { strerror } from "../../../sim/host/index.ts";
import { maskLength, maskText } from "../../netdb/netmask.ts";
import type { Applet, AppletCall } from "../applet.ts";

/** networking/ifconfig.c, interface.c */
export const ifconfig: Applet = {
  options: "",
  split: (args) => ({ options: [], rest: args }),
  usage: () => `[-a] [IFACE] [IFACE_SETTINGS]

Configure a network interface

	[[ADDRESS[/MASKLEN]] [netmask NETMASK] [broadcast BROADCAST]] [mtu NUM]
	[up|down] ...`,
  run,
};

async function run(call: AppletCall, words: readonly string[]): Promise<number> {
  const ns = namespaceOf(call.process);
  const all = words[0] === "-a";
  const [name, ...settings] = all ? words.slice(1) : words;
  if (name?.startsWith("-")) return call.usage();
  if (name === undefined) {
    const links = listLinks(ns).filter((link) => all || link.up);
    links.sort((a, b) => (a.name < b.name ? -1 : 1));
    await call.process.print(links.map((link) => describe(ns, link)).join(""));
    return 0;
  }
  const link = findLink(ns, name);
  if (settings.length === 0) {
    if (!link) return call.die(`${name}: error fetching interface information: Device not found`);
    await call.process.print(describe(ns, link));
    return 0;
  }
  if (!link) return call.die("SIOCSIFADDR: No such device");
  return set(call, ns, link, settings);
}

async function set(call: AppletCall, ns: Namespace, link: LinkRow, settings: readonly string[]): Promise<number> {
  const at = (word: string): string | undefined =>
    settings.includes(word) ? settings[settings.indexOf(word) + 1] : undefined;
  const valued = ["netmask", "broadcast", "mtu", "hw", "metric", "add", "del", "txqueuelen"];
  for (const [place, word] of settings.entries()) {
    if (valued.includes(settings[place - 1] ?? "")) continue;
    if (word === "up") {
      const done = bringUp(ns, link.index);
      if (!done.ok) return call.die(`SIOCSIFFLAGS: ${strerror(done.errno)}`);
    } else if (word === "down") bringDown(ns, link.index);
    else if (word === "mtu") {
      const done = setMtu(ns, link.index, Number(at("mtu")));
      if (!done.ok) return call.die(`SIOCSIFMTU: ${strerror(done.errno)}`);
    } else if (parseIPv4(word.replace(/\/\d+$/, "")) !== undefined) {
      const local = word.replace(/\/.*/, "");
      const mask = at("netmask");
      const length = word.includes("/")
        ? Number(word.split("/")[1])
        : mask === undefined
          ? classLength(local)
          : maskLength(mask);
      if (length === undefined) return call.die(`bad address '${mask!}'`);
      for (const row of ns.addresses.get(link.index) ?? [])
        if (row.family === 4 && !row.secondary) removeAddress(ns, link, { local: row.local, length: row.length });
      const done = addAddress(ns, link, {
        local,
        length,
        broadcast: at("broadcast") ?? defaultBroadcast(local, length),
      });
      if (!done.ok) return call.die(`SIOCSIFADDR: ${strerror(done.errno)}`);
      bringUp(ns, link.index);
    } else if (!valued.includes(word)) return call.die(`bad address '${word}'`);
    else if (!["netmask", "broadcast"].includes(word)) return call.notSimulated(word);
  }
  return 0;
}

/** Before masks there were classes. */
function classLength(address: string): number {
  const first = Number(address.split(".")[0]);
  return first < 128 ? 8 : first < 192 ? 16 : 24;
}

function describe(ns: Namespace, link: LinkRow): string {
  const loopback = link.kind === "loopback";
  const hardware = loopback ? "Local Loopback  " : `Ethernet  HWaddr ${link.address.toUpperCase()}  `;
  const rows = ns.addresses.get(link.index) ?? [];
  const [four] = rows.filter(({ family }) => family === 4);
  const indent = " ".repeat(10);
  let text = `${link.name.padEnd(9)} Link encap:${hardware}\n`;
  if (four)
    text += `${indent}inet addr:${four.local}${loopback || four.length > 30 ? "" : `  Bcast:${four.broadcast ?? "0.0.0.0"}`}  Mask:${maskText(four.length)}\n`;
  for (const row of rows)
    if (row.family === 6)
      text += `${indent}inet6 addr: ${row.local}/${row.length} Scope:${{ host: "Host", link: "Link", site: "Site" }[String(row.scope)] ?? "Global"}\n`;
  const known = linkFlags(link);
  const flags = [
    link.up && "UP",
    known.includes("BROADCAST") && "BROADCAST",
    loopback && "LOOPBACK",
    link.up && isRunning(link) && "RUNNING",
    known.includes("NOARP") && "NOARP",
    known.includes("PROMISC") && "PROMISC",
    known.includes("MULTICAST") && "MULTICAST",
  ].filter((flag) => flag !== false);
  const { rxPackets, rxBytes, rxDropped, txPackets, txBytes, txDropped } = ns.linkCounters.get(link.index) ?? { rxPackets: 0, rxBytes: 0, rxDropped: 0, txPackets: 0, txBytes: 0, txDropped: 0 }; // prettier-ignore
  text += `${indent}${flags.map((flag) => `${flag} `).join("")} MTU:${link.mtu}  Metric:1\n`;
  text += `${indent}RX packets:${rxPackets} errors:0 dropped:${rxDropped} overruns:0 frame:0\n`;
  text += `${indent}TX packets:${txPackets} errors:0 dropped:${txDropped} overruns:0 carrier:0\n`;
  text += `${indent}collisions:0 txqueuelen:${link.txqlen} \n`;
  text += `${indent}RX bytes:${rxBytes} (${human(rxBytes)})  TX bytes:${txBytes} (${human(txBytes)})\n`;
  return `${text}\n`;
}

/** print_bytes_scaled of interface.c: tenths that are cut, not rounded. */
function human(bytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let value = bytes;
  let unit = 0;
  let tenths = 0;
  while (value > 1024 && unit < units.length - 1) {
    tenths = Math.floor(((value % 1024) * 10) / 1024);
    value = Math.floor(value / 1024);
    unit++;
  }
  return `${value}.${tenths} ${units[unit]!}`;
}
