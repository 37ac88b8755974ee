import {
  addRoute,
  deleteRoute,
  findLink,
  listRoutes,
  namespaceOf,
  TABLE_MAIN,
  type Namespace,
  type RouteRow,
} from "../../../sim/net/index.ts";
import { strerror, type Process } from "../../../sim/host/index.ts";
import { getaddrinfo } from "../../netdb/getaddrinfo.ts";
import { getnameinfo } from "../../netdb/getnameinfo.ts";
import { maskLength, maskText } from "../../netdb/netmask.ts";
import type { Applet, AppletCall } from "../applet.ts";

/** networking/route.c */
export const route: Applet = {
  options: "A:ne",
  usage: () => `[-ne] [-A inet[6]] [{add|del} [-net|-host] TARGET [netmask MASK]
	[gw GATEWAY] [metric N] [mss BYTES] [window BYTES] [irtt MSEC]
	[reject] [mod] [dyn] [reinstate] [[dev] IFACE]]

Show or edit kernel routing tables

	-n	Don't resolve names
	-e	Display other/more information
	-A inet	Select address family`,
  split: (args) => {
    const at = args.findIndex((word) => word === "add" || word === "del" || word === "delete");
    return at < 0 ? { options: args, rest: [] } : { options: args.slice(0, at), rest: args.slice(at) };
  },
  async run(call, rest) {
    if (call.value("A") === "inet6") return call.notSimulated("-A inet6");
    if (rest.length > 0) return change(call, rest);
    await call.process.print(await routeTable(call.process, call.has("n"), call.has("e")));
    return 0;
  },
};

/** The table; with `more` as netstat -r shows it. */
export async function routeTable(process: Process, numeric: boolean, more: boolean): Promise<string> {
  const ns = namespaceOf(process);
  const columns = more ? "  MSS Window  irtt Iface" : "Metric Ref    Use Iface";
  let out = `Kernel IP routing table\nDestination     Gateway         Genmask         Flags ${columns}\n`;
  for (const row of listRoutes(ns, 4)) if (row.table === TABLE_MAIN) out += await line(process, ns, row, numeric, more);
  return out;
}

async function line(process: Process, ns: Namespace, row: RouteRow, numeric: boolean, more: boolean): Promise<string> {
  const [hop] = row.hops;
  const [network, digits] = row.to.split("/") as [string, string];
  const isDefault = network === "0.0.0.0";
  const shown = async (address: string, none: string): Promise<string> => {
    if (numeric) return address;
    if (address === "0.0.0.0") return none;
    return (await getnameinfo(process, address)) ?? address;
  };
  // A network has its name from /etc/networks alone.
  const destination = isDefault && !numeric ? "default" : digits === "32" ? await shown(network, "*") : network;
  const gateway = await shown(hop?.via ?? "0.0.0.0", "*");
  const flags = hop === undefined ? "!" : `U${hop.via === undefined ? "" : "G"}${digits === "32" ? "H" : ""}`;
  const device = hop === undefined ? "*" : (ns.links.get(hop.link)?.name ?? "");
  const head = `${destination.slice(0, 15).padEnd(15)} ${gateway.slice(0, 15).padEnd(15)} ${maskText(Number(digits)).padEnd(16)}${flags.padEnd(6)}`;
  const tail = more
    ? `${"0".padStart(5)} ${"0".padEnd(5)} ${"0".padStart(6)} ${device}`
    : `${String(row.metric).padEnd(6)} ${"0".padEnd(2)} ${"0".padStart(7)} ${device}`;
  return `${head}${tail}\n`;
}

async function change(call: AppletCall, words: readonly string[]): Promise<number> {
  const [verb, ...rest] = words;
  const kind = rest[0] === "-net" || rest[0] === "-host" ? rest.shift() : undefined;
  const [target] = rest;
  if (target === undefined) return call.usage();
  const at = (name: string): string | undefined => (rest.includes(name) ? rest[rest.indexOf(name) + 1] : undefined);
  const ns = namespaceOf(call.process);
  const mask = at("netmask");
  const [plain, digits] = target.split("/") as [string, string | undefined];
  const isDefault = target === "default" || target === "0.0.0.0";
  const length =
    digits !== undefined
      ? Number(digits)
      : mask !== undefined
        ? maskLength(mask)
        : isDefault
          ? 0
          : kind === "-net"
            ? classOf(plain)
            : 32;
  if (length === undefined) return call.die(`bogus netmask ${mask!}`);
  const found = isDefault ? { addresses: ["0.0.0.0"] } : await getaddrinfo(call.process, plain, 4);
  const [network] = found.addresses;
  if (network === undefined) return call.die(`bad address '${plain}'`);
  const device =
    at("dev") ??
    rest.slice(1).find((word, place) => findLink(ns, word) && !["gw", "netmask"].includes(rest[place] ?? ""));
  const gateway = at("gw");
  const link = device === undefined ? undefined : findLink(ns, device);
  const to = `${network}/${length}`;
  const metric = at("metric");
  const hop = { ...(gateway === undefined ? {} : { via: gateway }), ...(link ? { link: link.index } : {}) };
  const number = metric === undefined ? {} : { metric: Number(metric) };
  const done =
    verb === "add"
      ? addRoute(ns, rest.includes("reject") ? { to, type: "unreachable", ...number } : { to, ...number, hops: [hop] })
      : deleteRoute(ns, { to, ...hop, ...number });
  return done.ok ? 0 : call.die(`SIOC${verb === "add" ? "ADD" : "DEL"}RT: ${strerror(done.errno)}`);
}

function classOf(address: string): number {
  const first = Number(address.split(".")[0]);
  return first < 128 ? 8 : first < 192 ? 16 : 24;
}
