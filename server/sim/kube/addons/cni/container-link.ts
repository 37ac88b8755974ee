import { deleteLink, findLink, type LinkRow, type Namespace } from "../../../net/index.ts";
import { quote } from "../../api/index.ts";
import { configureInterface } from "./bridge/addresses.ts";
import { checkAddresses, checkRoutes } from "./bridge/check.ts";
import { CniError } from "./cni-error.ts";
import { delegateAdd, delegateDel } from "./delegate.ts";
import { granted } from "./netlink-error.ts";
import { NamespaceGone, openNamespace } from "./network-namespace.ts";
import { readResult, type CniInterface, type CniResult } from "./result.ts";
import type { PluginCall } from "./skel.ts";

/** What macvlan, vlan and dummy have in common: one link in the container, its addresses from IPAM, nothing on the machine. */

/** Gives a new link of the container the addresses that IPAM hands out; both are taken back if that fails. */
export async function addressed(call: PluginCall, ipam: string, inside: CniInterface): Promise<CniResult> {
  const container = openNamespace(call.process, call.netns);
  let given: CniResult | undefined;
  try {
    given = await delegateAdd(call, ipam, call.stdin);
    if (given.ips.length === 0) throw new CniError("IPAM plugin returned missing IP config");
    const ips = given.ips.map((ip) => ({ ...ip, interface: 0 }));
    const result = { ...given, interfaces: [inside], ips };
    configureInterface(container, call.ifName, result, false);
    return result;
  } catch (error) {
    if (!(error instanceof CniError)) throw error;
    if (given) await delegateDel(call, ipam, call.stdin);
    removeInside(container, call.ifName);
    throw error;
  }
}

/** The link as a result reports it. */
export function reported(container: Namespace, { ifName, netns }: PluginCall): CniInterface {
  return { name: ifName, mac: findLink(container, ifName)!.address, sandbox: netns };
}

/** DEL: the address goes back, the link away. Neither has to be there any more. */
export async function forget(call: PluginCall, ipam: string): Promise<void> {
  if (ipam !== "") await delegateDel(call, ipam, call.stdin);
  if (call.netns === "") return;
  try {
    removeInside(openNamespace(call.process, call.netns), call.ifName);
  } catch (error) {
    if (!(error instanceof NamespaceGone)) throw error;
  }
}

export function removeInside(container: Namespace, name: string): void {
  const link = findLink(container, name);
  if (link) granted(deleteLink(container, link.index), `failed to delete ${quote(name)}`);
}

/** CHECK: compares what ADD reported with what there is. `kind` is that of the link; `words` begins each plugin's errors. */
export function checkInside(
  call: PluginCall,
  kind: LinkRow["kind"],
  words: { readonly missing: string; readonly notFound: string },
): LinkRow {
  if (call.config["prevResult"] === undefined) throw new CniError(words.missing);
  const result = readResult(call.config["prevResult"], call.version);
  const container = openNamespace(call.process, call.netns);
  const own = result.interfaces.find(({ name, sandbox }) => name === call.ifName && sandbox === call.netns);
  if (!own) throw new CniError(`Sandbox in prevResult  doesn't match configured netns: ${call.netns}`);
  const link = findLink(container, call.ifName);
  if (!link) throw new CniError(`${words.notFound}ontainer Interface name in prevResult: ${call.ifName} not found`);
  if (link.kind !== kind) throw new CniError(`Error: Container interface ${link.name} not of type ${kind}`);
  if (own.mac !== undefined && own.mac !== link.address)
    throw new CniError(`Interface ${own.name} Mac ${own.mac} doesn't match container Mac: ${link.address}`);
  checkAddresses(container, link, result);
  if (kind !== "dummy") checkRoutes(container, result);
  return link;
}
