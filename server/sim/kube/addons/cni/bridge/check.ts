import { addressesOf, findLink, listRoutes, peerOf, type LinkRow, type Namespace } from "../../../../net/index.ts";
import { CniError } from "../cni-error.ts";
import { openNamespace } from "../network-namespace.ts";
import { readResult, type CniInterface, type CniResult } from "../result.ts";
import type { PluginCall } from "../skel.ts";
import type { BridgeConfig } from "./bridge-config.ts";

/** Compares what ADD reported with what there is (plugins/main/bridge cmdCheck). */
export function checkBridge(call: PluginCall, config: BridgeConfig): void {
  if (call.config["prevResult"] === undefined) throw new CniError("Required prevResult missing");
  const result = readResult(call.config["prevResult"], call.version);
  const there = openNamespace(call.process, call.netns);
  const own = result.interfaces.find(({ name }) => name === config.bridge) ?? { name: "" };
  const inside = result.interfaces.find(({ name, sandbox }) => name === call.ifName && sandbox === call.netns) ?? {
    name: "",
  };
  const bridge = checkedBridge(call.ns, own, config);
  if (inside.sandbox !== call.netns)
    throw new CniError(`Sandbox in prevResult ${inside.sandbox ?? ""} doesn't match configured netns: ${call.netns}`);
  const container = checkedContainer(there, inside);
  const veth = result.interfaces.some(
    (one) => one.name !== own.name && one.name !== inside.name && isVethOf(call.ns, one, bridge, there, container),
  );
  if (!veth) throw new CniError(`CNI veth created for bridge ${config.bridge} was not found`);
  checkAddresses(there, container, result);
  checkRoutes(there, result);
}

function linkOf(ns: Namespace, { name, sandbox }: CniInterface, inSandbox: boolean): LinkRow {
  if (name === "") throw new CniError("Interface name missing ");
  const link = findLink(ns, name);
  if (!link) throw new CniError(`Interface name ${name} not found`);
  if (inSandbox && sandbox === undefined) throw new CniError(`Interface ${name} is expected to be in a sandbox`);
  if (!inSandbox && sandbox !== undefined) throw new CniError(`Interface ${name} should not be in sandbox`);
  return link;
}

function checkedBridge(ns: Namespace, own: CniInterface, { promiscMode }: BridgeConfig): LinkRow {
  const link = linkOf(ns, own, false);
  if (link.kind !== "bridge") throw new CniError(`Interface ${own.name} does not have link type of bridge`);
  if (own.mac !== undefined && own.mac !== link.address)
    throw new CniError(`Bridge interface ${own.name} Mac doesn't match: ${own.mac}`);
  if (link.promisc !== promiscMode)
    throw new CniError(
      `Bridge interface ${own.name} configured Promisc Mode ${promiscMode} doesn't match current state: ${link.promisc} `,
    );
  return link;
}

function checkedContainer(ns: Namespace, inside: CniInterface): LinkRow {
  const link = linkOf(ns, inside, true);
  if (link.kind !== "veth") throw new CniError(`Error: Container interface ${link.name} not of type veth`);
  if (inside.mac !== undefined && inside.mac !== link.address)
    throw new CniError(`Interface ${inside.name} Mac ${inside.mac} doesn't match container Mac: ${link.address}`);
  return link;
}

function isVethOf(ns: Namespace, one: CniInterface, bridge: LinkRow, there: Namespace, container: LinkRow): boolean {
  const link = linkOf(ns, one, false);
  const peer = peerOf(ns, link);
  if (!peer || peer.ns !== there || peer.link.index !== container.index || link.master !== bridge.index) return false;
  if (one.mac !== undefined && one.mac !== link.address)
    throw new CniError(`Interface ${one.name} Mac doesn't match: ${one.mac} not found`);
  return true;
}

/** pkg/ip ValidateExpectedInterfaceIPs. */
export function checkAddresses(ns: Namespace, link: LinkRow, { ips }: CniResult): void {
  const rows = addressesOf(ns, link.index).map(({ local, length }) => `${local}/${length}`);
  for (const { address } of ips)
    if (!rows.includes(address)) throw new CniError(`Failed to match addr ${address} on interface ${link.name}`);
}

/** pkg/ip ValidateExpectedRoute. */
export function checkRoutes(ns: Namespace, { routes }: CniResult): void {
  const rows = [...listRoutes(ns, 4), ...listRoutes(ns, 6)];
  for (const { dst, gw } of routes) {
    const found = rows.some(
      ({ to, hops }) => to === dst && (gw === undefined || dst.endsWith("/0") || hops.some(({ via }) => via === gw)),
    );
    if (!found) throw new CniError(`Expected Route {Dst:${dst} GW:${gw ?? "<nil>"}} not found in routing table`);
  }
}
