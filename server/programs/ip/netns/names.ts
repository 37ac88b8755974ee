import type { Process } from "../../../sim/host/index.ts";
import { networkOfHosts, type Namespace } from "../../../sim/net/index.ts";
import { Exit } from "../exit.ts";

/** Where `ip netns` keeps the names of namespaces. */
export const NETNS_DIRECTORY = "/run/netns";

/** The namespace of that name, for `-n NAME` and `netns exec` (lib/namespace.c: netns_switch). */
export function switchNamespace(process: Process, name: string): Namespace {
  const found = networkOfHosts(process.host.hosts).named(process.machine.name, name);
  if (found && process.uid === 0) return found;
  if (found) throw new Exit(255, `setting the network namespace "${name}" failed: Operation not permitted\n`);
  throw new Exit(255, `Cannot open network namespace "${name}": No such file or directory\n`);
}
