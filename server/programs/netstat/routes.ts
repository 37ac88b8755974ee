import {
  addressText,
  listRoutes,
  mask,
  parsePrefix,
  TABLE_MAIN,
  type Namespace,
  type RouteRow,
} from "../../sim/net/index.ts";
import type { ReverseNames } from "./reverse.ts";

/** Layouts of the table: `route`, `netstat -r`, `route -ee`. */
export type RouteLayout = "route" | "netstat" | "both";

const HEADS: Readonly<Record<RouteLayout, string>> = {
  route: "Destination     Gateway         Genmask         Flags Metric Ref    Use Iface\n",
  netstat: "Destination     Gateway         Genmask         Flags   MSS Window  irtt Iface\n",
  both: "Destination     Gateway         Genmask         Flags Metric Ref    Use Iface    MSS   Window irtt\n",
};

/** The IPv4 routing table as /proc/net/route has it (net-tools lib/inet_gr.c: rprint_fib). `names`: not numeric. */
export async function routeTable(ns: Namespace, layout: RouteLayout, names?: ReverseNames): Promise<string> {
  let text = `Kernel IP routing table\n${HEADS[layout]}`;
  for (const row of listRoutes(ns, 4)) {
    if (row.table !== TABLE_MAIN || ["broadcast", "multicast"].includes(row.type)) continue;
    text += await line(ns, row, layout, names);
  }
  return text;
}

async function line(
  ns: Namespace,
  row: RouteRow,
  layout: RouteLayout,
  names: ReverseNames | undefined,
): Promise<string> {
  const prefix = parsePrefix(row.to)!;
  const [hop] = row.hops;
  const rejects = row.type === "unreachable" || row.type === "prohibit";
  const network = addressText(prefix.address);
  const host = prefix.length === 32;
  const destination =
    prefix.length === 0 && names ? "default" : host && names ? ((await names.name(network)) ?? network) : network;
  const via = hop?.via ?? "0.0.0.0";
  const gateway = rejects ? "-" : hop?.via !== undefined && names ? ((await names.name(via)) ?? via) : via;
  const flags = `${rejects ? "!" : "U"}${!rejects && hop?.via !== undefined ? "G" : ""}${host ? "H" : ""}`;
  const link = rejects ? "-" : hop ? (ns.links.get(hop.link)?.name ?? "*") : "*";
  const cut = (cell: string): string => cell.slice(0, 15).padEnd(15);
  const start = `${cut(destination)} ${cut(gateway)} ${cut(addressText(mask(prefix.length)))} ${flags.padEnd(5)} `;
  const metric = `${String(row.metric).padEnd(6)} ${(rejects ? "-" : "0").padEnd(2)} ${"0".padStart(7)}`;
  if (layout === "route") return `${start}${metric} ${link}\n`;
  const zero = rejects ? "-" : "0";
  if (layout === "netstat") return `${start}${zero.padStart(5)} ${zero.padEnd(5)}  ${zero.padStart(5)} ${link}\n`;
  return `${start}${metric} ${link.padEnd(8)} ${zero.padEnd(5)} ${zero.padEnd(6)} ${zero}\n`;
}
