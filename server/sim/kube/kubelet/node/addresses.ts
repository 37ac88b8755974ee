import {
  addressesOf,
  addressText,
  getRoute,
  hostNamespace,
  isLocal,
  listLinks,
  lookupHostsFile,
  parseAddress,
  type Namespace,
} from "../../../net/index.ts";
import type { Kubelet } from "../kubelet.ts";

/** Any address outside: the interface with the default route is the one towards it. */
const OUTSIDE = parseAddress("8.8.8.8")!;

/**
 * The addresses of the node, primary first: `--node-ip`, else what its name stands for if that is its own, else that of the
 * interface with the default route (pkg/kubelet/nodestatus/setters.go NodeAddress).
 */
export function nodeAddresses(kubelet: Kubelet): readonly string[] {
  const { row } = kubelet;
  if (!row) return [];
  if (row.nodeIp !== undefined) return [row.nodeIp];
  const ns = hostNamespace(kubelet.host);
  const hosts = kubelet.host.readText("/etc/hosts") ?? "";
  const { version } = ns.addresses;
  const known = remembered.get(kubelet);
  if (known?.hosts === hosts && known.version === version) return known.addresses;
  const addresses = find(ns, hosts, row.nodeName);
  remembered.set(kubelet, { hosts, version, addresses });
  return addresses;
}

interface Remembered {
  readonly hosts: string;
  readonly version: number;
  readonly addresses: readonly string[];
}

const remembered = new WeakMap<Kubelet, Remembered>();

function find(ns: Namespace, hosts: string, nodeName: string): readonly string[] {
  for (const named of lookupHostsFile(hosts, nodeName)) {
    const address = parseAddress(named);
    if (address !== undefined && !named.startsWith("127.") && isLocal(ns, address)) return [named];
  }
  const route = getRoute(ns, { destination: OUTSIDE });
  if (typeof route !== "string" && route.source !== undefined) return [addressText(route.source)];
  for (const link of listLinks(ns))
    for (const { family, scope, local } of addressesOf(ns, link.index))
      if (family === 4 && scope === "global") return [local];
  return [];
}
