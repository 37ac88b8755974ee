import { attempt, Errno } from "../../../../host/index.ts";
import { deleteLink, findLink } from "../../../../net/index.ts";
import { sortedJson, type JsonObject, type Pod } from "../../../api/index.ts";
import type { ApiClient } from "../../access/api-client.ts";
import { CniError } from "../../cni/cni-error.ts";
import { delegateAdd, delegateDel } from "../../cni/delegate.ts";
import { NamespaceGone, openNamespace } from "../../cni/network-namespace.ts";
import type { CniResult } from "../../cni/result.ts";
import type { Plugin, PluginCall } from "../../cni/skel.ts";
import { vethName } from "../names.ts";
import { CLUSTER_INFORMATIONS, PODS, type ClusterInformation } from "../resources.ts";
import { asking, clientOf, loadCalicoConfig, log, workloadOf, type CalicoConfig, type Workload } from "./net-conf.ts";
import { cable } from "./networking.ts";

const NODENAME = "/var/lib/calico/nodename";
const MTU = "/var/lib/calico/mtu";
const DEFAULT_MTU = 1500;

/** Calico's CNI plugin (cni-plugin/pkg/plugin): a cable without a bridge, an address of /32, routes on both ends. */
export const calicoPlugin: Plugin = {
  name: "calico",
  summary: "CNI plugin: a routed cable to a Pod",
  about: (version) => version,
  add,
  del,
  check() {},
};

async function add(call: PluginCall): Promise<CniResult> {
  const config = loadCalicoConfig(call);
  const { process, ns } = call;
  const stat = attempt(() => process.host.files.stat(NODENAME, process));
  if (stat instanceof Errno)
    throw new CniError(
      `stat ${NODENAME}: ${stat.message.toLowerCase()}: check that the calico/node container is running and has mounted /var/lib/calico/`,
    );
  const mtu = config.mtu || Number(process.host.readText(MTU) ?? "") || DEFAULT_MTU;
  const workload = workloadOf(call);
  const api = clientOf(process, config);
  await requireReady(call, api);
  const pod = await asking(process, "", () => api.get<Pod>(PODS, workload.pod, workload.namespace));
  if (!pod) throw new CniError(`pods "${workload.pod}" not found`);
  await log(call, config, "cni-plugin/k8s.go 74", "Extracted identifiers for CmdAddK8s", {
    Namespace: workload.namespace,
    Pod: workload.pod,
    WorkloadEndpoint: endpointName(config, workload, call.ifName),
  });
  const given = await addressFor(call, config, pod);
  const hostName = vethName(workload.namespace, workload.pod);
  await log(call, config, "cni-plugin/dataplane_linux.go 69", `Setting the host side veth name to ${hostName}`, {
    Namespace: workload.namespace,
    Pod: workload.pod,
  });
  const container = openNamespace(process, call.netns);
  cable(ns, container, {
    hostName,
    ifName: call.ifName,
    mtu,
    address: given.ips[0]!.address.split("/")[0]!,
    allowForwarding: config.allowForwarding,
  });
  const prefix = `${given.ips[0]!.address.split("/")[0]!}/32`;
  await asking(process, "", () =>
    api.patch(
      PODS,
      { name: workload.pod, namespace: workload.namespace, subresource: "status" },
      {
        metadata: {
          annotations: {
            "cni.projectcalico.org/containerID": call.containerId,
            "cni.projectcalico.org/podIP": prefix,
            "cni.projectcalico.org/podIPs": prefix,
          },
        },
      },
    ),
  );
  await log(call, config, "cni-plugin/k8s.go 532", "Wrote updated endpoint to datastore", {
    Namespace: workload.namespace,
    Pod: workload.pod,
  });
  return { interfaces: [{ name: hostName }], ips: [{ address: prefix }], routes: [], dns: {} };
}

/** Whether Calico's objects are there and may be read, which is the first that fails where its credentials are bad. */
async function requireReady({ process }: PluginCall, api: ApiClient): Promise<void> {
  const information = await asking(process, "error getting ClusterInformation: ", () =>
    api.get<ClusterInformation>(CLUSTER_INFORMATIONS, "default"),
  );
  if (!information)
    throw new CniError(
      'error getting ClusterInformation: resource does not exist: ClusterInformation(default) with error: clusterinformations.crd.projectcalico.org "default" not found',
    );
  if (information.spec.datastoreReady === false)
    throw new CniError("Calico is currently not ready to process requests");
}

/** What the IPAM plugin gives; annotations of the Pod choose the pools or the address. */
async function addressFor(call: PluginCall, config: CalicoConfig, pod: Pod): Promise<CniResult> {
  const annotation = (name: string): readonly string[] => {
    const text = pod.metadata.annotations?.[`cni.projectcalico.org/${name}`];
    if (text === undefined) return [];
    try {
      return JSON.parse(text) as string[];
    } catch {
      throw new CniError(`failed to parse '${text}' as JSON: invalid character`);
    }
  };
  const pools = annotation("ipv4pools");
  const addresses = annotation("ipAddrs");
  const ipam = { ...(call.config["ipam"] as JsonObject), ...(pools.length > 0 ? { ipv4_pools: [...pools] } : {}) };
  const args = addresses.length > 0 ? `IP=${addresses[0]!};${call.args}` : call.args;
  const given = await delegateAdd(call, config.ipamType, sortedJson({ ...call.config, ipam }), args);
  if (given.ips.length === 0) throw new CniError("IPAM plugin returned missing IP config");
  return given;
}

async function del(call: PluginCall): Promise<void> {
  const config = loadCalicoConfig(call);
  const api = clientOf(call.process, config);
  await requireReady(call, api);
  await delegateDel(call, config.ipamType, call.stdin);
  if (call.netns === "") return;
  try {
    const container = openNamespace(call.process, call.netns);
    const link = findLink(container, call.ifName);
    if (link) deleteLink(container, link.index);
  } catch (error) {
    if (!(error instanceof NamespaceGone)) throw error;
  }
}

/** `node01-k8s-web-eth0`; dashes of its parts are doubled. */
function endpointName({ node }: CalicoConfig, { pod }: Workload, ifName: string): string {
  const escaped = (text: string): string => text.replaceAll("-", "--");
  return `${escaped(node)}-k8s-${escaped(pod)}-${ifName}`;
}
