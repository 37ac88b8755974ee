import {
  addAddress,
  addRoute,
  bringUp,
  createLink,
  deleteLink,
  findLink,
  listRoutes,
  writeSysctl,
  type Namespace,
} from "../../../../net/index.ts";
import { CniError } from "../../cni/cni-error.ts";
import { granted } from "../../cni/netlink-error.ts";

/** The gateway of all Pods: no machine has it, but the machine's end of the cable answers for it. */
const GATEWAY = "169.254.1.1";
const HOST_MAC = "ee:ee:ee:ee:ee:ee";

export interface CableSpec {
  readonly hostName: string;
  readonly ifName: string;
  readonly mtu: number;
  /** Bare, without a length. */
  readonly address: string;
  readonly allowForwarding: boolean;
}

/** Cables a Pod to its machine and routes its address there (cni-plugin/pkg/dataplane/linux DoNetworking). */
export function cable(ns: Namespace, container: Namespace, spec: CableSpec): void {
  const { hostName, ifName, mtu, address, allowForwarding } = spec;
  const old = findLink(ns, hostName);
  if (old) granted(deleteLink(ns, old.index), `failed to delete old hostVeth ${hostName}`);
  const made = createLink(container, {
    kind: "veth",
    name: ifName,
    mtu,
    peer: { name: hostName, namespace: ns.id, mtu, address: HOST_MAC },
  });
  if (!made.ok) throw new CniError(made.errno === "EEXIST" ? "file exists" : `drydock: veth: ${made.errno}`);
  const inside = made.value.index;
  granted(bringUp(ns, findLink(ns, hostName)!.index), `failed to set "${hostName}" up`);
  granted(bringUp(container, inside), `failed to set "${ifName}" up`);
  granted(
    addRoute(container, { to: `${GATEWAY}/32`, scope: "link", hops: [{ link: inside }] }),
    "failed to add route inside the container",
  );
  granted(
    addRoute(container, { to: "0.0.0.0/0", hops: [{ link: inside, via: GATEWAY }] }),
    `failed to add IPv4 route for 0.0.0.0/0 via ${GATEWAY}`,
  );
  granted(
    addAddress(container, findLink(container, ifName)!, { local: address, length: 32 }),
    `failed to add IP addr to "${ifName}"`,
  );
  writeSysctl(container, "net/ipv4/ip_forward", allowForwarding ? "1" : "0");
  for (const [setting, value] of [
    [`net/ipv4/conf/${hostName}/route_localnet`, "1"],
    [`net/ipv4/neigh/${hostName}/proxy_delay`, "0"],
    [`net/ipv4/conf/${hostName}/proxy_arp`, "1"],
    [`net/ipv4/conf/${hostName}/forwarding`, "1"],
  ] as const)
    writeSysctl(ns, setting, value);
  routeTo(ns, hostName, address);
}

/** A route of the machine to the Pod; one that leads elsewhere is no mistake to be mended here. */
function routeTo(ns: Namespace, hostName: string, address: string): void {
  const link = findLink(ns, hostName)!.index;
  const added = addRoute(ns, { to: `${address}/32`, scope: "link", hops: [{ link }] });
  if (added.ok) return;
  const there = listRoutes(ns, 4).find(({ to }) => to === `${address}/32`);
  if (there?.hops[0]?.link === link) return;
  const other = there?.hops[0]?.link ?? 0;
  const name = ns.links.get(other)?.name ?? "unknown";
  throw new CniError(
    `error adding host side routes for interface: ${hostName}, error: route (Ifindex: ${link}, Dst: ${address}/32, Scope: link) already exists for an interface other than '${hostName}': route (Ifindex: ${other}, Dst: ${address}/32, Scope: link, Iface: ${name})`,
  );
}
