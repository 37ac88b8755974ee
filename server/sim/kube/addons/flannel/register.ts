import type { DaemonProcess } from "../../../host/index.ts";
import { addressText, contains, namespaceOf, parsePrefix } from "../../../net/index.ts";
import { goStringMap, type Node } from "../../api/index.ts";
import type { ApiSession } from "./api-session.ts";
import { lookupInterface, type ExternalInterface, type Log } from "./external-interface.ts";
import { podSubnet, vtepMac, vxlanData } from "./lease.ts";
import { readNetConf, type NetConf } from "./net-conf.ts";
import type { FlannelRow, Registered } from "./row.ts";
import { configureTunnel, ensureTunnel, OVERHEAD, type VxlanBackend } from "./vxlan.ts";

/** Why flanneld ends: the line that it logs, if it is not logged yet. */
export interface Failed {
  readonly failed: { readonly source: string; readonly message: string };
}

function failed(source: string, message: string): Failed {
  return { failed: { source, message } };
}

/** Takes this node's part of the network: its interface, its tunnel, its annotations (main.go from getConfig on). */
export function register(self: DaemonProcess, row: FlannelRow, api: ApiSession, log: Log): Registered | Failed {
  const conf = readNetConf(self.host.readText(row.options.netConfPath) ?? "");
  const type = "ok" in conf ? conf.ok.backend.type : "unknownBackend" in conf ? conf.unknownBackend : "";
  log("I", "main.go:479", `Found network config - Backend type: ${type}`);
  if (!self.host.files.exists("/proc/sys/net/bridge/bridge-nf-call-iptables", self))
    return failed(
      "main.go:268",
      "Failed to check br_netfilter: stat /proc/sys/net/bridge/bridge-nf-call-iptables: no such file or directory",
    );
  const node = api.node(row.node!);
  if ("error" in node) return failed("kube.go:665", `Failed to get node for backend data: ${node.error}`);
  logAnnotations(node.ok, "kube.go:669", log);
  const external = findInterface(self, row, node.ok, log);
  if ("failed" in external) return external;
  if (!("ok" in conf)) return failed("main.go:351", `Error fetching backend: unknown backend type: ${type}`);
  const registered =
    conf.ok.backend.type === "vxlan"
      ? registerVxlan(self, row, node.ok, external, conf.ok, conf.ok.backend, api, log)
      : registerGateway(row, node.ok, external, conf.ok, api);
  return typeof registered === "string"
    ? failed("main.go:359", `Error registering network: ${registered}`)
    : registered;
}

function logAnnotations({ metadata }: Node, source: string, log: Log): void {
  if (metadata.annotations)
    log("I", source, `List of node(${metadata.name}) annotations: ${goStringMap(metadata.annotations).go}`);
}

function findInterface(
  self: DaemonProcess,
  { options, names }: FlannelRow,
  node: Node,
  log: Log,
): ExternalInterface | Failed {
  const ns = namespaceOf(self);
  const publicIp = node.metadata.annotations?.[names.publicIpOverwrite] ?? options.publicIp;
  const { iface, ifaceRegex, ifaceCanReach } = options;
  if (iface.length === 0 && ifaceRegex.length === 0 && ifaceCanReach === "") {
    const wanted = publicIp === "" ? ({ by: "default" } as const) : ({ by: "name", value: publicIp } as const);
    const found = lookupInterface(ns, wanted, publicIp, log);
    return "error" in found
      ? failed("main.go:303", `Failed to find any valid interface to use: ${found.error}`)
      : found;
  }
  const attempts = [
    ...iface.map((value) => ({ by: "name", value, source: "main.go:311" }) as const),
    ...ifaceRegex.map((value) => ({ by: "pattern", value, source: "main.go:324" }) as const),
    ...(ifaceCanReach === "" ? [] : [{ by: "reach", value: ifaceCanReach, source: "main.go:336" } as const]),
  ];
  for (const wanted of attempts) {
    const found = lookupInterface(ns, wanted, publicIp, log);
    if (!("error" in found)) return found;
    const what = wanted.by === "reach" ? `ifaceCanReach: ${wanted.value}` : wanted.value;
    log("I", wanted.source, `Could not find valid interface matching ${what}: ${found.error}`);
  }
  return failed("main.go:342", "Failed to find interface to use that matches the interfaces and/or regexes provided");
}

/** The tunnel is there before the lease is asked for, and stays if there is none (pkg/backend/vxlan/vxlan.go RegisterNetwork). */
function registerVxlan(
  self: DaemonProcess,
  row: FlannelRow,
  node: Node,
  external: ExternalInterface,
  { network }: NetConf,
  backend: VxlanBackend,
  api: ApiSession,
  log: Log,
): Registered | string {
  const { vni, port, learning, directRouting } = backend;
  log(
    "I",
    "vxlan.go:141",
    `VXLAN config: VNI=${vni} Port=${port} GBP=false Learning=${learning} DirectRouting=${directRouting}`,
  );
  const ns = namespaceOf(self);
  logAnnotations(node, "kube.go:636", log);
  const stored = vtepMac(node.metadata.annotations?.[row.names.backendData] ?? "");
  if (stored !== undefined) log("I", "vxlan.go:155", `Interface flannel.${vni} mac address set to: ${stored}`);
  const tunnel = ensureTunnel(ns, backend, external, stored, log);
  if ("error" in tunnel) return tunnel.error;
  const lease = acquireLease(row, node, network, {
    type: "vxlan",
    data: vxlanData(vni, tunnel.address),
    publicIp: external.publicIp,
    api,
    log,
  });
  if ("error" in lease) return `failed to acquire lease: ${lease.error}`;
  const problem = configureTunnel(ns, tunnel.index, lease.subnet, network);
  if (problem !== undefined) return problem;
  const mtu = (backend.mtu || external.link.mtu) - OVERHEAD;
  return { network, subnet: lease.subnet, backend, external: external.link.index, mtu };
}

/** pkg/backend/hostgw/hostgw.go. */
function registerGateway(
  row: FlannelRow,
  node: Node,
  { link, address, publicIp }: ExternalInterface,
  { network, backend }: NetConf,
  api: ApiSession,
): Registered | string {
  if (publicIp !== address)
    return "your PublicIP differs from interface IP, meaning that probably you're on a NAT, which is not supported by host-gw backend";
  const lease = acquireLease(row, node, network, { type: "host-gw", data: "null", publicIp, api, log: () => {} });
  if ("error" in lease) return `failed to acquire lease: ${lease.error}`;
  return { network, subnet: lease.subnet, backend, external: link.index, mtu: link.mtu };
}

interface LeaseRequest {
  readonly type: string;
  readonly data: string;
  readonly publicIp: string;
  readonly api: ApiSession;
  readonly log: Log;
}

/** The node's range of Pod addresses, once its annotations tell the others of it (kube.go AcquireLease). */
function acquireLease(
  { node: name, names }: FlannelRow,
  node: Node,
  network: string,
  { type, data, publicIp, api, log }: LeaseRequest,
): { readonly subnet: string } | { readonly error: string } {
  if (!node.spec.podCIDR) return { error: `node "${name}" pod cidr not assigned` };
  const annotations = node.metadata.annotations ?? {};
  const overwrite = annotations[names.publicIpOverwrite] ?? "";
  if (overwrite !== "" && annotations[names.publicIp] !== overwrite)
    log(
      "I",
      "kube.go:358",
      `Overriding public ip with '${overwrite}' from node annotation '${names.publicIpOverwrite}'`,
    );
  const wanted = {
    [names.backendData]: data,
    [names.backendType]: type,
    [names.managed]: "true",
    [names.publicIp]: overwrite || publicIp,
  };
  const changed = Object.entries(wanted).filter(([key, value]) => annotations[key] !== value);
  if (changed.length > 0) {
    const patched = api.patchNodeStatus(name!, { metadata: { annotations: Object.fromEntries(changed) } });
    if ("error" in patched) return patched;
  }
  const subnet = podSubnet(node);
  if (subnet === undefined) return { error: `invalid CIDR address: ${node.spec.podCIDR}` };
  const [whole, part] = [parsePrefix(network)!, parsePrefix(subnet)!];
  if (whole.length > part.length || !contains(whole, part.address))
    return {
      error: `subnet "${network}" specified in the flannel net config doesn't contain "${addressText(part.address)}/${part.length}" PodCIDR of the "${name}" node`,
    };
  return { subnet };
}
