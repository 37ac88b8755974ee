import type { Hosts } from "../../../host/index.ts";
import { goError, goResponse, type GoAnswer } from "../../../images/index.ts";
import { networkOfHosts } from "../../../net/index.ts";
import { prefixes, universe } from "./ring.ts";
import type { WeaverRow } from "./row.ts";
import type { Weavers } from "./weavers.ts";

export const CONTROL = "weave-control";
export const METRICS = "weave-metrics";

const TEXT = [["Content-Type", "text/plain; charset=utf-8"]] as const;

/** The weaver's own port for status and addresses (prog/weaver/http.go, ipam/http.go). */
export function bindStatus(hosts: Hosts, weavers: Weavers): void {
  const network = networkOfHosts(hosts);
  network.serve(CONTROL, {
    http(request, context) {
      const row = weavers.inHost((context.args as { readonly host: string }).host);
      if (!row) return { close: "reset" };
      const path = request.target.replace(/\?.*/, "");
      return goResponse(request, context.now, answer(weavers, row, request.method, path));
    },
  });
  network.serve(METRICS, {
    http(request, context) {
      const row = weavers.inHost((context.args as { readonly host: string }).host);
      if (!row) return { close: "reset" };
      const path = request.target.replace(/\?.*/, "");
      if (path === "/status") return goResponse(request, context.now, answer(weavers, row, "GET", path));
      if (path !== "/metrics") return goResponse(request, context.now, goError(404, "404 page not found"));
      return goResponse(request, context.now, text(metrics(row)));
    },
  });
}

function answer(weavers: Weavers, row: WeaverRow, method: string, path: string): GoAnswer {
  const [, id] = /^\/ip\/([^/]+)$/.exec(path) ?? [];
  if (id !== undefined && method === "POST") {
    const address = weavers.allocate(row, id);
    const { length } = lengthOf(row);
    return address === undefined
      ? { status: 503, headers: TEXT, body: "No free addresses\n" }
      : text(`${address}/${length}`);
  }
  if (id !== undefined && method === "DELETE") {
    weavers.release(row, id);
    return { status: 204 };
  }
  switch (path) {
    case "/status":
      return text(status(weavers, row));
    case "/status/connections":
      return text(connections(row));
    case "/status/peers":
      return text(peers(weavers, row));
    case "/status/ipam":
      return text(ipam(weavers, row));
    default:
      return goError(
        path.startsWith("/status") || path === "/report" ? 501 : 404,
        path === "/report" ? "drydock: weave: '/report' is not simulated" : "404 page not found",
      );
  }
}

function status(weavers: Weavers, row: WeaverRow): string {
  const all = Object.values(row.peers);
  const established = all.filter((peer) => peer.established).length;
  const field = (name: string, value: string): string => `${name.padStart(15)}: ${value}\n`;
  const ready =
    row.exposed !== undefined || (weavers.process(row) && weavers.space(weavers.process(row)!).ranges.length > 0);
  return [
    "\n",
    field("Version", "2.8.1 (version check update disabled)"),
    "\n",
    field("Service", "router"),
    field("Protocol", "weave 1..2"),
    field("Name", `${row.name}(${row.node})`),
    field("Encryption", "disabled"),
    field("PeerDiscovery", "enabled"),
    field("Targets", String(row.quorum)),
    field("Connections", all.length === 0 ? "0" : `${all.length} (${counts(established, all.length - established)})`),
    field(
      "Peers",
      `${established + 1}${established > 0 ? ` (with ${established * (established + 1)} established connections)` : ""}`,
    ),
    field("TrustedSubnets", "none"),
    "\n",
    field("Service", "ipam"),
    field("Status", ready ? "ready" : "waiting for consensus"),
    field("Range", row.range),
    field("DefaultSubnet", row.range),
    "\n",
  ].join("");
}

function counts(established: number, others: number): string {
  return [established > 0 ? `${established} established` : "", others > 0 ? `${others} failed` : ""]
    .filter((word) => word !== "")
    .join(", ");
}

function connections(row: WeaverRow): string {
  return Object.entries(row.peers)
    .map(([name, { address, node, established }]) =>
      established
        ? `-> ${`${address}:6783`.padEnd(21)} established fastdp ${name}(${node}) mtu=1376\n`
        : `-> ${`${address}:6783`.padEnd(21)} failed      dial tcp ${address}:6783: connect: connection refused\n`,
    )
    .join("");
}

function peers(weavers: Weavers, row: WeaverRow): string {
  const own = [row, ...weavers.all().filter((other) => row.peers[other.name]?.established)];
  return own
    .map((one) =>
      [
        `${one.name}(${one.node})\n`,
        ...Object.entries(one.peers)
          .filter(([, peer]) => peer.established)
          .map(([name, peer]) => `   -> ${`${peer.address}:6783`.padEnd(21)} ${name}(${peer.node}) established\n`),
      ].join(""),
    )
    .join("");
}

function ipam(weavers: Weavers, row: WeaverRow): string {
  const all = universe(row.range);
  const total = all.end - all.start;
  return [row, ...weavers.all().filter((other) => row.peers[other.name]?.established)]
    .map((one) => {
      const process = weavers.process(one);
      const space = process ? weavers.space(process) : undefined;
      const count = (space?.ranges ?? []).reduce((sum, { start, end }) => sum + end - start, 0);
      const name = `${one.name}(${one.node})`.padEnd(40);
      const active = one === row ? ` (${Object.keys(space?.allocations ?? {}).length} active)` : "";
      return `${name} ${String(count).padStart(8)} IPs (${((100 * count) / total).toFixed(1).padStart(4, "0")}% of total)${active}\n`;
    })
    .join("");
}

function metrics(row: WeaverRow): string {
  const established = Object.values(row.peers).filter((peer) => peer.established).length;
  return [
    "# HELP weave_connections Number of peer-to-peer connections.\n# TYPE weave_connections gauge\n",
    `weave_connections{encryption="",state="established",type="fastdp"} ${established}\n`,
    "# HELP weave_ips Number of IP addresses.\n# TYPE weave_ips gauge\n",
    `weave_ips{state="range"} ${prefixes(universe(row.range)).length === 1 ? universe(row.range).end - universe(row.range).start : 0}\n`,
  ].join("");
}

function lengthOf({ range }: WeaverRow): { readonly length: number } {
  return { length: Number(range.split("/")[1]) };
}

function text(body: string): GoAnswer {
  return { headers: TEXT, body };
}
