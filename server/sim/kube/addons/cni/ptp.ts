import {
  addAddress,
  addressesOf,
  addressText,
  addRoute,
  bringUp,
  createLink,
  deleteLink,
  deleteRoute,
  findLink,
  networkOf,
  parsePrefix,
  type Namespace,
} from "../../../net/index.ts";
import { quote } from "../../api/index.ts";
import { configureInterface } from "./bridge/addresses.ts";
import { enableForwarding } from "./bridge/bridge-link.ts";
import { setupMasquerade, teardownMasquerade } from "./bridge/masquerade.ts";
import { CniError } from "./cni-error.ts";
import { delegateAdd, delegateCheck, delegateDel } from "./delegate.ts";
import { GoFields } from "./go-fields.ts";
import { granted } from "./netlink-error.ts";
import { NamespaceGone, openNamespace } from "./network-namespace.ts";
import { aboutPlugin } from "./plugins-version.ts";
import { isV4, type CniAddress, type CniResult } from "./result.ts";
import type { Plugin, PluginCall } from "./skel.ts";

interface PtpConfig {
  readonly network: string;
  readonly mtu: number;
  readonly ipMasq: boolean;
  readonly ipam: string;
}

/** A cable to the machine and routes on both ends, without a bridge (plugins/main/ptp). */
export const ptp: Plugin = {
  name: "ptp",
  summary: "CNI plugin: a routed cable to the machine",
  about: (version) => aboutPlugin("ptp", version),
  add,
  del,
  async check(call) {
    await delegateCheck(call, load(call).ipam, call.stdin);
    if (call.config["prevResult"] === undefined) throw new CniError("Required prevResult missing");
    if (!findLink(openNamespace(call.process, call.netns), call.ifName))
      throw new CniError(`Container Interface name in prevResult: ${call.ifName} not found`);
  },
};

function load({ config }: PluginCall): PtpConfig {
  const fields = new GoFields(config, "NetConf");
  return {
    network: fields.text("name"),
    mtu: fields.integer("mtu"),
    ipMasq: fields.flag("ipMasq"),
    ipam: fields.struct("ipam").text("type"),
  };
}

async function add(call: PluginCall): Promise<CniResult> {
  const { process, ns } = call;
  const config = load(call);
  const given = await delegateAdd(call, config.ipam, call.stdin);
  try {
    if (given.ips.length === 0) throw new CniError("IPAM plugin returned missing IP config");
    for (const ip of given.ips) enableForwarding(ns, isV4(ip.address));
    const container = openNamespace(process, call.netns);
    const host = makeVeth(ns, container, call.ifName, config.mtu);
    const ips = given.ips.map((ip): CniAddress => ({ ...ip, interface: 1 }));
    const mac = findLink(container, call.ifName)!.address;
    const result: CniResult = {
      ...given,
      ips,
      interfaces: [
        { name: host, mac: findLink(ns, host)!.address },
        { name: call.ifName, mac, sandbox: call.netns },
      ],
    };
    configureInterface(container, call.ifName, { ...result, routes: [] }, false);
    for (const ip of ips) routeInside(container, call.ifName, ip);
    const inside = findLink(container, call.ifName)!.index;
    const [gateway] = ips.map((ip) => ip.gateway);
    for (const { dst, gw = gateway } of result.routes)
      granted(
        addRoute(container, { to: dst, hops: [{ link: inside, ...(gw === undefined ? {} : { via: gw }) }] }),
        `failed to add route '${dst} via ${gw ?? "<nil>"} dev ${call.ifName}'`,
      );
    for (const ip of ips) routeOutside(ns, host, ip);
    if (config.ipMasq) for (const ip of ips) setupMasquerade(process, ip.address, config.network, call.containerId);
    return result;
  } catch (error) {
    if (error instanceof CniError) await delegateDel(call, config.ipam, call.stdin);
    throw error;
  }
}

function makeVeth(ns: Namespace, container: Namespace, ifName: string, mtu: number): string {
  const name = `veth${ns.kernel.random.hex(`veth/${ns.machine}`, 8)}`;
  const size = mtu === 0 ? {} : { mtu };
  const made = createLink(container, {
    kind: "veth",
    name: ifName,
    ...size,
    peer: { name, namespace: ns.id, ...size },
  });
  if (!made.ok)
    throw new CniError(`container veth name (${quote(ifName)}) peer provided (${quote(name)}) already exists`);
  granted(bringUp(container, made.value.index), `failed to set ${quote(ifName)} up`);
  granted(bringUp(ns, findLink(ns, name)!.index), `failed to set ${quote(name)} up`);
  return name;
}

/** The kernel's route to the subnet goes by the gateway instead: nobody else is on the cable. */
function routeInside(container: Namespace, ifName: string, ip: CniAddress): void {
  const { address, length } = parsePrefix(ip.address)!;
  const gateway = ip.gateway;
  if (gateway === undefined) throw new CniError(`failed to find ${quote(ifName)}: no gateway`);
  const link = findLink(container, ifName)!.index;
  const subnet = `${addressText(networkOf(address, length))}/${length}`;
  const source = addressText(address);
  deleteRoute(container, { to: subnet, link });
  granted(
    addRoute(container, { to: `${gateway}/32`, scope: "link", source, hops: [{ link }] }),
    `failed to add route ${gateway}/32`,
  );
  granted(addRoute(container, { to: subnet, source, hops: [{ link, via: gateway }] }), `failed to add route ${subnet}`);
}

function routeOutside(ns: Namespace, name: string, ip: CniAddress): void {
  const link = findLink(ns, name)!;
  granted(addAddress(ns, link, { local: ip.gateway!, length: 32 }), `failed to add IP addr (${ip.gateway!}) to veth`);
  const local = ip.address.split("/")[0]!;
  const added = addRoute(ns, { to: `${local}/32`, scope: "host", hops: [{ link: link.index }] });
  if (!added.ok && added.errno !== "EEXIST") granted(added, "failed to add route on host");
}

async function del(call: PluginCall): Promise<void> {
  const config = load(call);
  await delegateDel(call, config.ipam, call.stdin);
  if (call.netns === "") return;
  try {
    const container = openNamespace(call.process, call.netns);
    const link = findLink(container, call.ifName);
    if (!link) return;
    const prefixes = addressesOf(container, link.index)
      .filter(({ scope }) => scope !== "link")
      .map(({ local, length }) => `${local}/${length}`);
    granted(deleteLink(container, link.index), `failed to delete ${quote(call.ifName)}`);
    if (config.ipMasq)
      for (const prefix of prefixes) teardownMasquerade(call.process, prefix, config.network, call.containerId);
  } catch (error) {
    if (!(error instanceof NamespaceGone)) throw error;
  }
}
