import { addNamespace, removeNamespace } from "../../../../net/index.ts";
import { Directory } from "../directory.ts";
import type { Containerd } from "../runtime.ts";

const MOUNTS = "/run/netns";

/** Makes a network namespace for a sandbox, with a name that `ip netns` lists (containerd pkg/netns NewNetNS). */
export function makeNamespace(
  runtime: Containerd,
  label: string,
): { readonly netns: string; readonly netnsPath: string } {
  const name = `cni-${runtime.kernel.random.uuid("cri/netns")}`;
  const namespace = addNamespace(runtime.network, runtime.machine.name, { name, label });
  Directory.at(runtime.host, MOUNTS).write(name, "", 0o444);
  return { netns: namespace.id, netnsPath: `/var${MOUNTS}/${name}` };
}

export function dropNamespace(runtime: Containerd, netns: string, netnsPath: string): void {
  if (runtime.network.find(netns)) removeNamespace(runtime.network, netns);
  Directory.at(runtime.host, MOUNTS).remove(netnsPath.slice(netnsPath.lastIndexOf("/") + 1));
}
