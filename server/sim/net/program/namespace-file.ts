import { attempt, dirname, Errno, resolve, type Caller, type Host } from "../../host/index.ts";
import type { Namespace } from "../namespace.ts";
import { networkOfHosts } from "./network-of.ts";

const MOUNTED = /^(?:\/var)?\/run\/netns\/([^/]+)$/;
const OF_PROCESS = /^\/proc\/(\d+)\/(?:task\/\d+\/)?ns\/net$/;
const MOST_LINKS = 40;

/**
 * The network namespace behind a file: one that is mounted below /run/netns, `/proc/PID/ns/net`, or a symbolic link to either.
 * Undefined for other files.
 */
export function namespaceAt(host: Host, path: string, as: Caller): Namespace | Errno | undefined {
  const network = networkOfHosts(host.hosts);
  let at = path;
  for (let links = 0; links < MOST_LINKS; links++) {
    const pid = OF_PROCESS.exec(at)?.[1];
    if (pid !== undefined) {
      const row = host.processByPid(Number(pid));
      const owner = row && host.hosts.host(row.host);
      return owner ? network.namespace(row.netns ?? owner.netns) : new Errno("ENOENT");
    }
    const name = MOUNTED.exec(at)?.[1];
    const named = name === undefined ? undefined : network.named(host.machine.name, name);
    if (named) return named;
    const stat = attempt(() => host.files.lstat(at, as));
    if (stat instanceof Errno) return stat;
    if (stat.type !== "link") return undefined;
    at = resolve(dirname(at), host.files.readlink(at, as));
  }
  return new Errno("ELOOP");
}
