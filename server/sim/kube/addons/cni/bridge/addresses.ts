import {
  addRoute,
  addressText,
  announceAddress,
  bringUp,
  findLink,
  mask,
  networkOf,
  parsePrefix,
  readSysctl,
  writeSysctl,
  type Namespace,
} from "../../../../net/index.ts";
import { quote } from "../../../api/index.ts";
import { CniError } from "../cni-error.ts";
import { nextAddress } from "../host-local/range.ts";
import { granted } from "../netlink-error.ts";
import { isV4, type CniAddress, type CniResult, type CniRoute } from "../result.ts";
import type { BridgeConfig } from "./bridge-config.ts";
import { giveAddress } from "./bridge-link.ts";

/** The container's interface stands third in the result, behind bridge and veth. */
const CONTAINER = 2;

/** The result with what a gateway adds to it, and the addresses that the bridge is to have (calcGateways). */
export function addGateways(
  result: CniResult,
  config: BridgeConfig,
): { readonly result: CniResult; readonly gateways: readonly string[] } {
  const routes = [...result.routes];
  const gateways: string[] = [];
  const defaults = new Set<boolean>();
  const ips = result.ips.map((ip): CniAddress => {
    const { address, length } = parsePrefix(ip.address)!;
    const v4 = isV4(ip.address);
    const gateway = ip.gateway ?? (config.isGateway ? addressText(nextAddress(networkOf(address, length))) : undefined);
    if (config.isDefaultGateway && !defaults.has(v4)) {
      const everything = v4 ? "0.0.0.0/0" : "::/0";
      if (!routes.some(({ dst, gw }) => gw !== undefined && dst === everything))
        routes.push({ dst: everything, ...(gateway === undefined ? {} : { gw: gateway }) });
      defaults.add(v4);
    }
    if (config.isGateway) gateways.push(`${gateway!}/${length}`);
    return { ...ip, interface: CONTAINER, ...(gateway === undefined ? {} : { gateway }) };
  });
  return { result: { ...result, ips, routes }, gateways };
}

/** Gives the container's interface its addresses and routes (pkg/ipam ConfigureIface). */
export function configureInterface(ns: Namespace, name: string, result: CniResult, enableDad: boolean): void {
  const found = findLink(ns, name);
  if (!found) throw new CniError(`failed to lookup ${quote(name)}: Link not found`);
  writeSysctl(ns, `net/ipv6/conf/${name}/accept_dad`, enableDad ? "1" : "0");
  writeSysctl(ns, `net/ipv4/conf/${name}/arp_notify`, "1");
  granted(bringUp(ns, found.index), `failed to set ${quote(name)} UP`);
  for (const ip of result.ips) {
    if (!isV4(ip.address)) enableIpv6(ns, name);
    granted(giveAddress(ns, findLink(ns, name)!, ip.address), `failed to add IP addr ${goIp(ip)} to ${quote(name)}`);
    // What arp_notify is for: neighbours hear who has the address now.
    announceAddress(ns, findLink(ns, name)!, ip.address.split("/")[0]!);
  }
  const gatewayOf = (v4: boolean): string | undefined =>
    result.ips.find(({ address, gateway }) => gateway !== undefined && isV4(address) === v4)?.gateway;
  for (const route of result.routes) {
    const via = route.gw ?? gatewayOf(isV4(route.dst));
    granted(
      addRoute(
        ns,
        {
          to: route.dst,
          hops: [{ link: found.index, ...(via === undefined ? {} : { via }) }],
          ...(route.mtu === undefined ? {} : { mtu: route.mtu }),
          ...(route.priority === undefined ? {} : { metric: route.priority }),
          ...(route.table === undefined ? {} : { table: route.table }),
        },
        "prepend",
      ),
      `failed to add route '${goNet(route)} via ${via ?? "<nil>"} dev ${name}'`,
    );
  }
}

function enableIpv6(ns: Namespace, name: string): void {
  for (const link of ["lo", name]) {
    const path = `net/ipv6/conf/${link}/disable_ipv6`;
    const value = readSysctl(ns, path);
    if (value.ok && value.value !== "0") writeSysctl(ns, path, "0");
  }
}

/** A net.IPNet as `%v` prints it: `{10.244.0.0 ffff0000}`. */
function goNet({ dst }: CniRoute): string {
  const { address, length } = parsePrefix(dst)!;
  const bits = typeof address === "number" ? (mask(length) >>> 0).toString(16).padStart(8, "0") : `/${length}`;
  return `{${addressText(address)} ${bits}}`;
}

function goIp({ address, gateway, interface: index }: CniAddress): string {
  const [ip, length] = address.split("/") as [string, string];
  const bits = (mask(Number(length)) >>> 0).toString(16).padStart(8, "0");
  return `{Interface:${index ?? "<nil>"} Address:{IP:${ip} Mask:${bits}} Gateway:${gateway ?? "<nil>"}}`;
}
