import { attempt, Errno, type Process } from "../../../host/index.ts";
import { networkOfHosts, type Namespace } from "../../../net/index.ts";
import { quote } from "../../api/index.ts";
import { CniError } from "./cni-error.ts";

/** There is nothing at the path any more: for DEL no reason to fail. */
export class NamespaceGone extends CniError {}

const NAMED = "/run/netns/";
/** What statfs(2) says of a plain file's file system: ext4. */
const EXT4_MAGIC = "ef53";

/** The network namespace behind a path: a name of `ip netns`, or `/proc/PID/ns/net` (plugins pkg/ns GetNS). */
export function openNamespace(process: Process, path: string): Namespace {
  const { host, machine } = process;
  const network = networkOfHosts(host.hosts);
  const ofProcess = /^\/proc\/(\d+)\/(?:task\/\d+\/)?ns\/net$/.exec(path);
  if (ofProcess) {
    const row = host.processByPid(Number(ofProcess[1]));
    const owner = row && host.hosts.host(row.host);
    if (!owner) throw gone(path);
    return network.namespace(row.netns ?? owner.netns);
  }
  const real = attempt(() => host.files.realpath(path, process));
  if (real instanceof Errno) {
    if (real.code === "ENOENT") throw gone(path);
    throw new CniError(`failed to Statfs ${quote(path)}: ${real.message.toLowerCase()}`);
  }
  const found = real.startsWith(NAMED) ? network.named(machine.name, real.slice(NAMED.length)) : undefined;
  if (!found) throw new CniError(`unknown FS magic on ${quote(path)}: ${EXT4_MAGIC}`);
  return found;
}

function gone(path: string): NamespaceGone {
  return new NamespaceGone(`failed to Statfs ${quote(path)}: no such file or directory`);
}
