import type { Process, Program } from "../../sim/host/index.ts";
import {
  deleteNeighbour,
  findLink,
  findNeighbour,
  getRoute,
  ipv4,
  namespaceOf,
  parseMac,
  putNeighbour,
  showNeighbours,
  type Namespace,
  type ShownNeighbour,
} from "../../sim/net/index.ts";
import { versionOf } from "../gnu/versions.ts";
import { Exit, notSimulated } from "../ip/exit.ts";
import { mayAdminNetwork } from "../ip/permission.ts";
import { endedBy } from "../netstat/fail.ts";
import { ReverseNames } from "../netstat/reverse.ts";
import { parseOptions } from "../options.ts";
import { resolveHost } from "../route/resolve.ts";
import { ARP_USAGE } from "./usage.ts";

const FLAGS = {
  all: { short: "a" },
  linux: { short: "e" },
  set: { short: "s", long: "set" },
  delete: { short: "d", long: "delete" },
  verbose: { short: "v", long: "verbose" },
  numeric: { short: "n", long: "numeric" },
  device: { short: "i", long: "device", arg: "if" },
  useDevice: { short: "D", long: "use-device" },
  protocol: { short: "Ap", long: "protocol", arg: "family" },
  hardware: { short: "Ht", long: "hw-type", arg: "type" },
  file: { short: "f", long: "file" },
  version: { short: "V", long: "version" },
  help: { short: "h", long: "help" },
} as const;

type Given = Exclude<ReturnType<typeof parseOptions<typeof FLAGS>>, { problem: string } | { notSimulated: string }>;

/** Shows and changes the kernel's ARP cache (net-tools arp.c). */
export const arp: Program = {
  name: "arp",
  summary: "manipulate the system ARP cache",
  async run(process, args) {
    const options = parseOptions(FLAGS, args);
    if ("notSimulated" in options) return 64;
    if ("problem" in options) {
      await process.error(`arp: ${options.problem}\n${ARP_USAGE}`);
      return 3;
    }
    if (options.has("help") || options.has("version")) {
      await process.print(options.has("help") ? ARP_USAGE : `net-tools ${versionOf(process, "net-tools") || "2.10"}\n`);
      return 0;
    }
    return endedBy(process, () => run(process, options));
  },
};

function fatal(says: string): Exit {
  return new Exit(255, `${says}\n`);
}

async function run(process: Process, options: Given): Promise<number> {
  const hardware = options.value("hardware");
  if (hardware !== undefined && hardware !== "ether") throw fatal(`arp: ${hardware}: unknown hardware type.`);
  if (options.has("file")) throw notSimulated("arp", "-f");
  const [first, second, ...rest] = options.operands;
  const extra = new Set(rest);
  const words = ["temp", "pub", "priv", "trail", "dontpub", "auto", "dev", "netmask"];
  if (
    options.has("set") &&
    rest.some((word, at) => !words.includes(word) && !["dev", "netmask"].includes(rest[at - 1]!))
  )
    throw new Exit(3, ARP_USAGE);
  if (extra.has("pub")) throw notSimulated("arp", "pub");
  // `arp -s HOST MAC -i DEV`: options may stand anywhere, a device also behind `dev`.
  const at = rest.indexOf("dev");
  const device = options.value("device") ?? (at < 0 ? undefined : rest[at + 1]);
  if (options.has("set") || options.has("delete")) {
    if (first === undefined) throw fatal("arp: need host name");
    const target = await host(process, first);
    return options.has("set")
      ? set(process, target, second, device, extra.has("temp"))
      : remove(process, target, device);
  }
  return show(process, options, first, device);
}

async function host(process: Process, name: string): Promise<string> {
  const found = await resolveHost(process, name);
  if (typeof found === "string") return found;
  throw fatal(`${name}: ${found.why}`);
}

async function set(
  process: Process,
  target: string,
  text: string | undefined,
  device: string | undefined,
  temporary: boolean,
): Promise<number> {
  if (text === undefined) throw fatal("arp: need hardware address");
  const mac = parseMac(completed(text));
  if (mac === undefined) throw fatal("arp: invalid hardware address");
  if (!mayAdminNetwork(process)) throw fatal("SIOCSARP: Operation not permitted");
  const ns = namespaceOf(process);
  const link = linkTowards(ns, target, device, "SIOCSARP");
  const card = ns.links.get(link)!;
  if (card.kind === "loopback" || !card.arp) throw fatal("SIOCSARP: Invalid argument");
  const now = ns.kernel.now;
  if (temporary) putNeighbour(ns, { link, address: target, kind: "learned", lladdr: mac, confirmed: 0 });
  else putNeighbour(ns, { link, address: target, kind: "permanent", lladdr: mac, confirmed: now });
  return 0;
}

/** Bytes that are missing at the end are zero, and a seventh is not looked at (net-tools lib/ether.c: in_ether). */
function completed(text: string): string {
  const bytes = text.replace(/:$/, "").split(":");
  return [...bytes.map((byte) => byte.padStart(2, "0")), "00", "00", "00", "00", "00"].slice(0, 6).join(":");
}

async function remove(process: Process, target: string, device: string | undefined): Promise<number> {
  if (!mayAdminNetwork(process)) throw fatal("SIOCDARP(dontpub): Operation not permitted");
  const ns = namespaceOf(process);
  const link = linkTowards(ns, target, device, "SIOCDARP(dontpub)");
  const known = findNeighbour(ns, link, ipv4(target));
  if (!known) throw fatal(`No ARP entry for ${target}`);
  deleteNeighbour(ns, known);
  return 0;
}

/** Without a device the kernel takes the one that the route leads to (arp_req_set). */
function linkTowards(ns: Namespace, target: string, device: string | undefined, call: string): number {
  if (device !== undefined) {
    const link = findLink(ns, device);
    if (!link) throw fatal(`${call}: No such device`);
    return link.index;
  }
  const found = getRoute(ns, { destination: ipv4(target) });
  if (typeof found === "string") throw fatal(`${call}: Network is unreachable`);
  return found.link.index;
}

async function show(
  process: Process,
  options: Given,
  name: string | undefined,
  device: string | undefined,
): Promise<number> {
  const ns = namespaceOf(process);
  const target = name === undefined ? undefined : await host(process, name);
  const all = showNeighbours(ns).filter(({ row, state }) => !row.address.includes(":") && state !== "NOARP");
  const found = all.filter(({ row }) => {
    if (target !== undefined && row.address !== target) return false;
    return device === undefined || ns.links.get(row.link)?.name === device;
  });
  const names = new ReverseNames(process);
  const numeric = options.has("numeric");
  let text = "";
  if (options.has("all"))
    for (const one of found) text += bsdLine(ns, one, numeric ? undefined : await names.name(one.row.address));
  else if (found.length > 0) {
    text = "Address                  HWtype  HWaddress           Flags Mask            Iface\n";
    for (const one of found) text += linuxLine(ns, one, numeric ? undefined : await names.name(one.row.address));
  }
  if (options.has("verbose"))
    text += `Entries: ${all.length}\tSkipped: ${all.length - found.length}\tFound: ${found.length}\n`;
  else if (found.length === 0 && target !== undefined && !options.has("all"))
    text += `${name!} (${target}) -- no entry\n`;
  else if (found.length === 0 && (target !== undefined || device !== undefined))
    text += `arp: in ${all.length} entries no match found.\n`;
  await process.print(text);
  return 0;
}

function isComplete({ row, state }: ShownNeighbour): boolean {
  return row.lladdr !== undefined && state !== "INCOMPLETE" && state !== "FAILED";
}

function linuxLine(ns: Namespace, one: ShownNeighbour, name: string | undefined): string {
  const { row } = one;
  const complete = isComplete(one);
  const flags = complete ? `C${row.kind === "permanent" ? "M" : ""}` : "";
  const hardware = complete ? `ether   ${row.lladdr!.padEnd(19)} ` : `        ${"(incomplete)".padEnd(19)} `;
  return `${(name ?? row.address).slice(0, 23).padEnd(23)}  ${hardware}${flags.padEnd(6)}${"".padEnd(15)} ${ns.links.get(row.link)?.name ?? ""}\n`;
}

function bsdLine(ns: Namespace, one: ShownNeighbour, name: string | undefined): string {
  const { row } = one;
  const hardware = isComplete(one)
    ? `${row.lladdr!} [ether] ${row.kind === "permanent" ? "PERM " : ""}`
    : "<incomplete> ";
  return `${name ?? "?"} (${row.address}) at ${hardware}on ${ns.links.get(row.link)?.name ?? ""}\n`;
}
