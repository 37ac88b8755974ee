import { MILLISECOND } from "../../../../kernel/index.ts";
import {
  address,
  addressesOf,
  bringUp,
  deleteLink,
  findLink,
  isLoopback,
  isMulticast,
  shownOperState,
  type LinkRow,
  type Namespace,
} from "../../../../net/index.ts";
import { quote } from "../../../api/index.ts";
import { CniError } from "../cni-error.ts";
import { delegateAdd, delegateCheck, delegateDel } from "../delegate.ts";
import { granted } from "../netlink-error.ts";
import { NamespaceGone, openNamespace } from "../network-namespace.ts";
import { aboutPlugin } from "../plugins-version.ts";
import { isV4, NO_RESULT, type CniResult } from "../result.ts";
import type { Plugin, PluginCall } from "../skel.ts";
import { addGateways, configureInterface } from "./addresses.ts";
import { loadBridgeConfig, refuseContradictions, type BridgeConfig } from "./bridge-config.ts";
import { bridgeNamed, enableForwarding, ensureBridge, ensureGateway } from "./bridge-link.ts";
import { checkBridge } from "./check.ts";
import { setupMasquerade, teardownMasquerade } from "./masquerade.ts";
import { setupVeth } from "./veth.ts";

/** How long it waits, each time, for the port to come up, before it gives up. */
const WAITS = [0, 50 * MILLISECOND, 500 * MILLISECOND, 1_000 * MILLISECOND, 1_000 * MILLISECOND];

/** Plugs a container into a bridge of the machine (plugins/main/bridge). */
export const bridge: Plugin = {
  name: "bridge",
  summary: "CNI plugin: a bridge on the machine, with a port for each container",
  about: (version) => aboutPlugin("bridge", version),
  add,
  del,
  async check(call) {
    const config = loadBridgeConfig(call);
    openTarget(call);
    await delegateCheck(call, config.ipam, call.stdin);
    checkBridge(call, config);
  },
};

async function add(call: PluginCall): Promise<CniResult> {
  const config = loadBridgeConfig(call);
  refuseContradictions(config);
  const made = ensureBridge(call.ns, config);
  const container = openTarget(call);
  const pair = setupVeth(call.ns, container, made, call.ifName, config);
  let result = NO_RESULT;
  if (config.ipam !== "") {
    const given = await delegateAdd(call, config.ipam, call.stdin);
    try {
      if (given.ips.length === 0) throw new CniError("IPAM plugin returned missing IP config");
      const complete = addGateways({ ...result, ...given }, config);
      result = complete.result;
      configureInterface(container, call.ifName, result, config.enableDad);
      for (const gateway of complete.gateways) {
        ensureGateway(call.ns, made, gateway, config.forceAddress);
        enableForwarding(call.ns, isV4(gateway));
      }
      if (config.ipMasq)
        for (const ip of result.ips) setupMasquerade(call.process, ip.address, config.network, call.containerId);
    } catch (error) {
      if (error instanceof CniError) await releaseAddresses(call, config);
      throw error;
    }
  } else if (!config.disableContainerInterface)
    granted(bringUp(container, findLink(container, call.ifName)!.index), `failed to set ${quote(call.ifName)} up`);
  const host = config.disableContainerInterface ? pair.host : await portUp(call, pair.host.name);
  const now = bridgeNamed(call.ns, config.bridge);
  return {
    ...result,
    interfaces: [
      { name: now.name, mac: now.address },
      { name: host.name, mac: host.address },
      { name: call.ifName, mac: pair.container.address, sandbox: call.netns },
    ],
    dns: config.dns ?? result.dns,
  };
}

/** An address that cannot be used is given back; what that fails with does not matter any more. */
async function releaseAddresses(call: PluginCall, config: BridgeConfig): Promise<void> {
  try {
    await delegateDel(call, config.ipam, call.stdin);
  } catch (error) {
    if (!(error instanceof CniError)) throw error;
  }
}

async function portUp({ process, ns }: PluginCall, name: string): Promise<LinkRow> {
  let state = "";
  for (const wait of WAITS) {
    if (wait > 0) await process.sleep(wait);
    const link = findLink(ns, name);
    if (!link) throw new CniError("Link not found");
    if (shownOperState(link) === "UP") return link;
    state = shownOperState(link) === "LOWERLAYERDOWN" ? "lower-layer-down" : shownOperState(link).toLowerCase();
  }
  throw new CniError(`bridge port in error state: ${state}`);
}

function openTarget({ process, netns }: PluginCall): Namespace {
  try {
    return openNamespace(process, netns);
  } catch (error) {
    if (error instanceof CniError) throw new CniError(`failed to open netns ${quote(netns)}: ${error.message}`);
    throw error;
  }
}

/** Deletes the container's interface, if it is there still, and gives its addresses back. */
async function del(call: PluginCall): Promise<void> {
  const config = loadBridgeConfig(call);
  const release = async (): Promise<void> => {
    if (config.ipam !== "") await delegateDel(call, config.ipam, call.stdin);
  };
  if (call.netns === "") return release();
  let prefixes: string[];
  try {
    prefixes = deleteInterface(openNamespace(call.process, call.netns), call.ifName);
  } catch (error) {
    if (error instanceof NamespaceGone) return release();
    throw error;
  }
  await release();
  if (config.ipam !== "" && config.ipMasq)
    for (const prefix of prefixes) teardownMasquerade(call.process, prefix, config.network, call.containerId);
}

/** The addresses that it had (pkg/ip DelLinkByNameAddr). */
function deleteInterface(ns: Namespace, name: string): string[] {
  const link = findLink(ns, name);
  if (!link) return [];
  const rows = addressesOf(ns, link.index).filter(
    ({ local, scope }) => scope !== "link" && !isLoopback(address(local)) && !isMulticast(address(local)),
  );
  granted(deleteLink(ns, link.index), `failed to delete ${quote(name)}`);
  return rows.map(({ local, length }) => `${local}/${length}`);
}
