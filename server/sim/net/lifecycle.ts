import { createLink } from "./link/create.ts";
import { deleteLink, destroyLink } from "./link/delete.ts";
import { moveLink } from "./link/set.ts";
import { listLinks } from "./link/links.ts";
import type { Namespace } from "./namespace.ts";
import type { Network } from "./network.ts";
import { inheritNamespaceSettings } from "./sysctl/sysctl.ts";
import { fail, ok, type Result } from "./errno.ts";

/** Makes a network namespace with its `lo`, which is down. The first on a machine is the machine's own (init_net). */
export function addNamespace(
  network: Network,
  machine: string,
  options: { readonly name?: string; readonly label?: string } = {},
): Namespace {
  const ns = network.insertNamespace(machine, options);
  const own = network.find(machine);
  if (own && own !== ns) inheritNamespaceSettings(own, ns);
  createLink(ns, { kind: "loopback" });
  return ns;
}

/** Names a namespace, or takes the name away: what `ip netns add`, `attach` and `delete` do to /run/netns. */
export function renameNamespace(network: Network, id: string, name: string | undefined): Result {
  const row = network.namespace(id).row;
  if (name !== undefined && network.named(row.machine, name)) return fail("EEXIST");
  const { name: _name, namedAfter: _after, ...rest } = row;
  const namedAfter = Math.max(...[...network.namespaces.values()].map((other) => other.namedAfter ?? other.inode)) + 1;
  network.namespaces.set(id, name === undefined ? rest : { ...rest, name, namedAfter });
  return ok();
}

/**
 * Removes a namespace with all that is in it. Virtual links are destroyed, veths with their other ends; cards go back to the
 * machine's own namespace (default_device_exit_net).
 */
export function removeNamespace(network: Network, id: string): void {
  const ns = network.namespace(id);
  const own = network.find(ns.machine);
  for (const link of listLinks(ns)) {
    if (!ns.links.has(link.index)) continue;
    if (link.kind === "physical" && own && own !== ns) moveLink(ns, link.index, own);
    else if (link.kind === "loopback" || link.kind === "physical") destroyLink(ns, link.index);
    else deleteLink(ns, link.index);
  }
  network.deleteNamespace(id);
}
