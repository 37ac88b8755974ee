import {
  deleteNeighbour,
  findLink,
  listLinks,
  namespaceOf,
  parseMac,
  putNeighbour,
  showNeighbours,
} from "../../../sim/net/index.ts";
import { getnameinfo } from "../../netdb/getnameinfo.ts";
import type { Applet, AppletCall } from "../applet.ts";

/** networking/arp.c */
export const arp: Applet = {
  options: "A:p:H:t:i:adnDsv",
  usage: () => `
[-vn]	[-H HWTYPE] [-i IF] -a [HOSTNAME]
[-v]		    [-i IF] -d HOSTNAME [pub]
[-v]	[-H HWTYPE] [-i IF] -s HOSTNAME HWADDR [temp]

Manipulate ARP cache`,
  async run(call) {
    if (call.has("D")) return call.notSimulated("-D");
    if (call.has("s")) return set(call);
    if (call.has("d")) return remove(call);
    return show(call);
  },
};

async function show(call: AppletCall): Promise<number> {
  const { process, operands } = call;
  const ns = namespaceOf(process);
  const device = call.value("i");
  let shown = 0;
  for (const { row, state } of showNeighbours(ns)) {
    const link = ns.links.get(row.link);
    if (row.address.includes(":") || state === "NOARP" || (device !== undefined && link?.name !== device)) continue;
    if (operands[0] !== undefined && row.address !== operands[0]) continue;
    const name = call.has("n") ? undefined : await getnameinfo(process, row.address);
    const known = row.lladdr !== undefined && state !== "FAILED" && state !== "INCOMPLETE";
    const flags = state === "PERMANENT" ? "PERM " : "";
    await process.print(
      `${name ?? "?"} (${row.address}) at ${known ? `${row.lladdr} [ether]  ${flags}` : "<incomplete>  "}on ${link?.name ?? ""}\n`,
    );
    shown++;
  }
  if (operands[0] !== undefined && shown === 0) await process.print("No match found in 1 entries\n");
  return 0;
}

function linkFor(call: AppletCall): number | undefined {
  const ns = namespaceOf(call.process);
  const device = call.value("i");
  return device === undefined
    ? listLinks(ns).find((link) => link.kind !== "loopback")?.index
    : findLink(ns, device)?.index;
}

async function set(call: AppletCall): Promise<number> {
  const [address, hardware] = call.operands;
  const mac = parseMac(hardware ?? "");
  const link = linkFor(call);
  if (address === undefined) return call.usage();
  if (mac === undefined) return call.die("invalid hardware address");
  if (link === undefined) return call.die("SIOCSARP: No such device");
  putNeighbour(namespaceOf(call.process), { link, address, kind: "permanent", lladdr: mac, confirmed: 0 });
  return 0;
}

async function remove(call: AppletCall): Promise<number> {
  const [address] = call.operands;
  const ns = namespaceOf(call.process);
  const found = showNeighbours(ns).find(({ row }) => row.address === address);
  if (!found) {
    await call.process.error(`No ARP entry for ${address ?? ""}\n`);
    return 1;
  }
  deleteNeighbour(ns, found.row);
  return 0;
}
