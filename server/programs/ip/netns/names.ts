import { Errno, resolve, type Process } from "../../../sim/host/index.ts";
import { namespaceAt, networkOfHosts, type Namespace } from "../../../sim/net/index.ts";
import type { IpCall } from "../call.ts";
import { Exit } from "../exit.ts";

/** Where `ip netns` keeps the names of namespaces. */
export const NETNS_DIRECTORY = "/run/netns";

/** The namespace of that name, for `-n NAME` and `netns exec` (lib/namespace.c: netns_switch). `status` is that of the program when it fails. */
export function switchNamespace(process: Process, name: string, status = 255): Namespace {
  const found = namespaceOfName(process, name);
  if (found && process.uid === 0) return found;
  if (found) throw new Exit(status, `setting the network namespace "${name}" failed: Operation not permitted\n`);
  throw new Exit(status, `Cannot open network namespace "${name}": No such file or directory\n`);
}

/** The named namespaces of the machine, newest first. */
export function namesOf(call: IpCall): Namespace[] {
  const { process } = call;
  return networkOfHosts(process.host.hosts).names(process.machine.name);
}

/** What a name or path stands for: it may be a symbolic link to another namespace's file. */
export function namespaceOfName(process: Process, name: string): Namespace | undefined {
  const path = name.includes("/") ? resolve(process.cwd, name) : `${NETNS_DIRECTORY}/${name}`;
  const found = namespaceAt(process.host, path, process);
  return found instanceof Errno ? undefined : found;
}
