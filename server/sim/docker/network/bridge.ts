import {
  addAddress,
  addressesOf,
  bringUp,
  createLink,
  defaultBroadcast,
  deleteLink,
  findLink,
  readSysctl,
  writeSysctl,
} from "../../net/index.ts";
import type { Engine } from "../engine.ts";
import type { NetworkRow } from "../rows.ts";
import { randomMac } from "./random-mac.ts";
import { Firewall, networkRules } from "./firewall.ts";

/** Makes a network's bridge and rules, or what of them is missing. The error is the driver's. */
export function bridgeUp(engine: Engine, network: NetworkRow): string | undefined {
  const { ns } = engine;
  const { bridge, gateway, subnet, options } = network;
  const name = bridge!;
  const known = findLink(ns, name);
  if (known && known.kind !== "bridge") return `Failed to Setup IP tables: ${name} is not a bridge`;
  if (!known) {
    const mtu = options["com.docker.network.driver.mtu"];
    const address = randomMac(engine);
    const made = createLink(ns, { kind: "bridge", name, address, ...(mtu === undefined ? {} : { mtu: Number(mtu) }) });
    if (!made.ok) return `failed to create bridge ${name} via netlink: ${made.errno}`;
  }
  const link = findLink(ns, name)!;
  const length = Number(subnet!.split("/")[1]);
  if (!addressesOf(ns, link.index).some(({ local }) => local === gateway))
    addAddress(ns, link, { local: gateway!, length, broadcast: defaultBroadcast(gateway!, length) });
  bringUp(ns, link.index);
  enableForwarding(engine, network);
  networkRules(new Firewall(ns), network, true);
  return undefined;
}

/** Forwarding is on; who turns it on sees to it that nothing else is forwarded than before (setup_ip_forwarding.go). */
function enableForwarding(engine: Engine, { internal }: NetworkRow): void {
  const { ns } = engine;
  const path = "net/ipv4/ip_forward";
  const read = readSysctl(ns, path);
  if (internal || !read.ok || read.value === "1") return;
  writeSysctl(ns, path, "1");
  new Firewall(ns).policy("filter", "FORWARD", "DROP");
}

export function removeBridge(engine: Engine, network: NetworkRow): void {
  const { ns } = engine;
  networkRules(new Firewall(ns), network, false);
  const link = findLink(ns, network.bridge!);
  if (link) deleteLink(ns, link.index);
}
