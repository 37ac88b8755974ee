import {
  findLink,
  isRunning,
  linkFlags,
  listLinks,
  peerOf,
  qdisc,
  type AddressRow,
  type LinkRow,
  type Namespace,
} from "../../../../sim/net/index.ts";

/** What an object of `ip` is shown by: the family and whether lines are joined. */
export interface Showing {
  readonly family: 4 | 6 | undefined;
  readonly oneLine: boolean;
}

/** A link's heading: its name, flags and settings (networking/libiproute/ipaddress.c print_linkinfo). */
export function linkText(ns: Namespace, link: LinkRow, withAddress: boolean, oneLine = false): string {
  const { name, other, down } = behind(ns, link);
  const flags = linkFlags(link).filter((flag) => flag !== "ALLMULTI");
  const carrier = link.up && !isRunning(link) ? ["NO-CARRIER"] : [];
  const master = link.master === undefined ? "" : ` master ${ns.links.get(link.master)?.name ?? `if${link.master}`}`;
  const shown = [...carrier, ...flags, ...(down ? ["M-DOWN"] : [])].join(",");
  const queue = link.txqlen > 0 ? ` qlen ${link.txqlen}` : "";
  const first = `${link.index}: ${name}${other}: <${shown}> mtu ${link.mtu} qdisc ${qdisc(link)}${master}${queue}`;
  const kind = link.kind === "loopback" ? "loopback" : "ether";
  const broadcast = link.kind === "loopback" ? "00:00:00:00:00:00" : "ff:ff:ff:ff:ff:ff";
  const second = `${oneLine ? "\\" : "\n"}    link/${kind} ${link.address} brd ${broadcast}`;
  return `${first}${withAddress ? second : ""}\n`;
}

/** The other end of a veth, by its name if it is here; one that is not, or is down, is told of by M-DOWN. */
function behind(ns: Namespace, link: LinkRow): { name: string; other: string; down: boolean } {
  const none = { name: link.name, other: "", down: false };
  if (link.kind !== "veth") return none;
  const peer = peerOf(ns, link);
  if (!peer) return none;
  if (peer.ns === ns) return { name: link.name, other: `@${peer.link.name}`, down: !peer.link.up };
  return { name: link.name, other: `@if${peer.link.index}`, down: true };
}

export function addressText(link: LinkRow, row: AddressRow, { oneLine }: Showing): string {
  const peer = row.peer === undefined ? "" : ` peer ${row.peer}`;
  const broadcast = row.broadcast === undefined ? "" : ` brd ${row.broadcast}`;
  const secondary = row.secondary ? " secondary" : "";
  const label = row.family === 4 ? ` ${row.label ?? link.name}` : " ";
  const text = `inet${row.family === 6 ? "6" : ""} ${row.local}${peer}/${row.length}${broadcast} scope ${row.scope}${secondary}${label}`;
  const lifetime = "valid_lft forever preferred_lft forever";
  if (oneLine) return `${link.index}: ${link.name}    ${text}\\       ${lifetime}\n`;
  return `    ${text}\n       ${lifetime}\n`;
}

/** `ip addr show`: links with their addresses. */
export function showAddresses(ns: Namespace, showing: Showing, only: string | undefined): string {
  const links = only === undefined ? listLinks(ns) : [findLink(ns, only)!];
  let out = "";
  for (const link of links) {
    const rows = (ns.addresses.get(link.index) ?? []).filter(
      ({ family }) => showing.family === undefined || family === showing.family,
    );
    if (showing.oneLine) out += rows.map((row) => addressText(link, row, showing)).join("");
    else if (showing.family === undefined || rows.length > 0)
      out +=
        linkText(ns, link, showing.family === undefined) + rows.map((row) => addressText(link, row, showing)).join("");
  }
  return out;
}
