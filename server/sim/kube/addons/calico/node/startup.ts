import type { DaemonProcess } from "../../../../host/index.ts";
import { encode } from "../../../../kernel/index.ts";
import { namespaceOf } from "../../../../net/index.ts";
import type { ConfigMap, JsonObject, Node } from "../../../api/index.ts";
import type { ApiClient } from "../../access/api-client.ts";
import type { Ipam } from "../ipam/ipam.ts";
import {
  CALICO_GROUP,
  CLUSTER_INFORMATIONS,
  CONFIG_MAPS,
  FELIX_CONFIGURATIONS,
  IP_POOLS,
  NODE_ADDRESS,
  NODE_IPIP_ADDRESS,
  NODE_VXLAN_ADDRESS,
  NODES,
  type ClusterInformation,
  type IpPool,
} from "../resources.ts";
import { detectAddress } from "./autodetect.ts";

const API_VERSION = `${CALICO_GROUP}/v1`;
const DEFAULT_POOL = "192.168.0.0/16";

export type Log = (level: "INFO" | "WARNING" | "ERROR", source: string, text: string) => void;

export interface Started {
  readonly address: string;
  readonly link: string;
}

/**
 * What calico-node does before its services start: its address, the default pool, the cluster's objects and the address of its
 * tunnel (node/pkg/lifecycle/startup/startup.go, node/pkg/allocateip). Throws ApiFailure; false if it gives up.
 */
export function startUp(
  self: DaemonProcess,
  node: string,
  version: string,
  api: ApiClient,
  ipam: Ipam,
  log: Log,
): Started | false {
  const object = api.get<Node>(NODES, node);
  if (!object) {
    log("ERROR", "startup/startup.go 188", `Failed to read Node from datastore error=nodes "${node}" not found`);
    return false;
  }
  const annotations: Record<string, string> = {};
  const { env } = self;
  let address: string;
  let link: string;
  const wanted = env["IP"] ?? "";
  const found = detectAddress(namespaceOf(self), env["IP_AUTODETECTION_METHOD"] ?? "", object);
  if (wanted !== "" && wanted !== "autodetect") {
    address = wanted.includes("/") ? wanted : `${wanted}/32`;
    link = "error" in found ? "eth0" : found.link;
    log("INFO", "startup/startup.go 614", `Using IPv4 address from environment: IP=${wanted}`);
  } else if ("error" in found) {
    log("WARNING", "startup/autodetection_methods.go 107", found.error);
    log(
      "WARNING",
      "startup/startup.go 486",
      "Couldn't autodetect an IPv4 address. If auto-detecting, choose a different autodetection method. Otherwise provide an explicit address.",
    );
    log("INFO", "startup/startup.go 370", 'Clearing out-of-date IPv4 address from this node IP=""');
    log("WARNING", "startup/utils.go 48", "Terminating");
    return false;
  } else {
    ({ link, cidr: address } = found);
    log("INFO", "startup/autodetection_methods.go 103", found.log);
  }
  const bare = address.split("/")[0]!;
  const twin = api
    .list<Node>(NODES)
    .find(({ metadata }) => metadata.name !== node && metadata.annotations?.[NODE_ADDRESS]?.split("/")[0] === bare);
  if (twin) {
    log(
      "WARNING",
      "startup/startup.go 983",
      `Calico node '${twin.metadata.name}' is already using the IPv4 address ${bare}.`,
    );
    log("INFO", "startup/startup.go 370", `Clearing out-of-date IPv4 address from this node IP="${address}"`);
    log("WARNING", "startup/utils.go 48", "Terminating");
    return false;
  }
  annotations[NODE_ADDRESS] = address;
  log(
    "INFO",
    "startup/startup.go 579",
    `FELIX_IPV6SUPPORT is ${env["FELIX_IPV6SUPPORT"] ?? "true"} through environment variable`,
  );
  ensurePool(env, api, log);
  ensureDefaults(self, version, api, log);
  const tunnel = tunnelAddress(node, object, api, ipam, log);
  Object.assign(annotations, tunnel);
  const changed = Object.entries(annotations).filter(([key, value]) => object.metadata.annotations?.[key] !== value);
  if (changed.length > 0)
    api.patch(NODES, { name: node, subresource: "status" }, { metadata: { annotations: Object.fromEntries(changed) } });
  writeFile(self, "/var/lib/calico/nodename", node);
  log("INFO", "startup/startup.go 233", `Using node name: ${node}`);
  return { address, link };
}

function ensurePool(env: Readonly<Record<string, string>>, api: ApiClient, log: Log): void {
  if (env["NO_DEFAULT_POOLS"] === "true")
    return log("INFO", "startup/startup.go 705", "Skipping IP pool configuration");
  if (api.list<IpPool>(IP_POOLS).length > 0) return;
  const kubeadm = api.get<ConfigMap>(CONFIG_MAPS, "kubeadm-config", "kube-system")?.data?.["ClusterConfiguration"];
  const detected = /^\s+podSubnet: (\S+)$/m.exec(kubeadm ?? "")?.[1]?.split(",")[0];
  const cidr = env["CALICO_IPV4POOL_CIDR"] ?? detected ?? DEFAULT_POOL;
  if (env["CALICO_IPV4POOL_CIDR"] === undefined && detected === undefined)
    log("INFO", "startup/startup.go 768", `No IPv4 pool CIDR given; using ${DEFAULT_POOL}`);
  const mode = (name: string): string => {
    const given = (env[name] ?? "Never").toLowerCase();
    if (given === "always") return "Always";
    return given === "crosssubnet" || given === "cross-subnet" ? "CrossSubnet" : "Never";
  };
  const [ipip, vxlan] = [mode("CALICO_IPV4POOL_IPIP"), mode("CALICO_IPV4POOL_VXLAN")];
  const nat = (env["CALICO_IPV4POOL_NAT_OUTGOING"] ?? "true").toLowerCase() !== "false";
  log("INFO", "startup/startup.go 843", "Ensure default IPv4 pool is created.");
  api.create(IP_POOLS, {
    apiVersion: API_VERSION,
    kind: "IPPool",
    metadata: { name: "default-ipv4-ippool" },
    spec: {
      allowedUses: ["Workload", "Tunnel"],
      assignmentMode: "Automatic",
      blockSize: Number(env["CALICO_IPV4POOL_BLOCK_SIZE"] ?? "26"),
      cidr,
      ipipMode: ipip,
      natOutgoing: nat,
      nodeSelector: env["CALICO_IPV4POOL_NODE_SELECTOR"] ?? "all()",
      vxlanMode: vxlan,
    },
  });
  log(
    "INFO",
    "startup/startup.go 853",
    `Created default IPv4 pool (${cidr}) with NAT outgoing ${String(nat)}. IPIP mode: ${ipip}, VXLAN mode: ${vxlan}, DisableBGPExport: false`,
  );
}

/** ensureDefaultConfig: ClusterInformation and FelixConfiguration `default`. */
function ensureDefaults(self: DaemonProcess, version: string, api: ApiClient, log: Log): void {
  const information = api.get<ClusterInformation>(CLUSTER_INFORMATIONS, "default");
  const clusterType = "k8s,bgp,kubeadm,kdd";
  if (!information)
    api.create(CLUSTER_INFORMATIONS, {
      apiVersion: API_VERSION,
      kind: "ClusterInformation",
      metadata: { name: "default" },
      spec: {
        calicoVersion: version,
        clusterGUID: self.kernel.random.hex("calico/guid", 32),
        clusterType,
        datastoreReady: true,
      },
    });
  else if (information.spec.calicoVersion !== version)
    api.update(CLUSTER_INFORMATIONS, {
      ...information,
      spec: { ...information.spec, calicoVersion: version, clusterType },
    });
  if (api.get(FELIX_CONFIGURATIONS, "default")) return;
  const body: JsonObject = {
    apiVersion: API_VERSION,
    kind: "FelixConfiguration",
    metadata: { name: "default" },
    spec: {
      bpfConnectTimeLoadBalancing: "TCP",
      bpfHostNetworkedNATWithoutCTLB: "Enabled",
      floatingIPs: "Disabled",
      logSeverityScreen: "Info",
      reportingInterval: "0s",
    },
  };
  api.create(FELIX_CONFIGURATIONS, body);
  log("INFO", "startup/startup.go 661", "Setting default FelixConfiguration");
}

/** The tunnel's address is one of the node's first block (node/pkg/allocateip). */
function tunnelAddress(node: string, object: Node, api: ApiClient, ipam: Ipam, log: Log): Record<string, string> {
  const pools = api.list<IpPool>(IP_POOLS).filter(({ spec }) => !spec.disabled);
  const wanted = (mode: "ipipMode" | "vxlanMode"): string[] =>
    pools.filter(({ spec }) => (spec[mode] ?? "Never") !== "Never").map(({ spec }) => spec.cidr);
  const result: Record<string, string> = {};
  for (const [mode, annotation, type, handle] of [
    ["ipipMode", NODE_IPIP_ADDRESS, "ipipTunnelAddress", `ipip-tunnel-addr-${node}`],
    ["vxlanMode", NODE_VXLAN_ADDRESS, "vxlanTunnelAddress", `vxlan-tunnel-addr-${node}`],
  ] as const) {
    const cidrs = wanted(mode);
    if (cidrs.length === 0) continue;
    const has = ipam.addresses(handle);
    const current = object.metadata.annotations?.[annotation];
    if (current !== undefined && has.includes(current)) {
      log(
        "INFO",
        "tunnel-ip-allocator/allocateip.go 324",
        `Current address is still valid, do nothing currentAddr="${current}" type="${type}"`,
      );
      continue;
    }
    if (has.length > 0) ipam.release(handle);
    const address = ipam.assign({ handle, attributes: { node, type }, node, use: "Tunnel", pools: cidrs });
    result[annotation] = address;
    log(
      "INFO",
      "tunnel-ip-allocator/allocateip.go 500",
      `Assigned tunnel address to node IP="${address}" node="${node}" type="${type}"`,
    );
  }
  return result;
}

export function writeFile(self: DaemonProcess, path: string, text: string): void {
  const { files } = self.host;
  const folder = path.slice(0, path.lastIndexOf("/"));
  if (!files.exists(folder)) files.mkdir(folder, { parents: true });
  files.write(path, encode(text), { mode: 0o644 });
}
