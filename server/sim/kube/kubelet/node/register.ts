import { rfc3339Micro } from "../../../kernel/index.ts";
import { StatusError, Unreachable, type Client, type Input, type KubeObject, type Node } from "../../api/index.ts";
import { csiNodes, leases, nodes } from "../../kinds/index.ts";
import type { Kubelet } from "../kubelet.ts";
import { nodeAddresses } from "./addresses.ts";
import { nodeStatus, statusChanged, unready } from "./status.ts";

const LEASES = "kube-node-lease";
const LEASE_SECONDS = 40;

/** Enters the node, or finds it (kubelet_node_status.go registerWithAPIServer). False if the server did not let it. */
export function registerNode(kubelet: Kubelet, client: Client): boolean {
  const { nodeName } = kubelet.running;
  const quoted = JSON.stringify(nodeName);
  kubelet.log("I", "kubelet_node_status.go:75", `"Attempting to register node" node=${quoted}`);
  try {
    const known = client.get(nodes, "", nodeName);
    if (known) reconcile(kubelet, client, known);
    else
      client.create(nodes, {
        metadata: { name: nodeName, labels: labels(kubelet), annotations: ANNOTATIONS },
        spec: {},
        status: nodeStatus(kubelet, undefined),
      });
    ensureLease(client, nodeName, rfc3339Micro(kubelet.kernel.now));
    ensureCsiNode(client, nodeName);
    kubelet.log(
      "I",
      known ? "kubelet_node_status.go:124" : "kubelet_node_status.go:78",
      known ? `"Node was previously registered" node=${quoted}` : `"Successfully registered node" node=${quoted}`,
    );
  } catch (error) {
    if (!(error instanceof StatusError || error instanceof Unreachable)) throw error;
    kubelet.log(
      "E",
      "kubelet_node_status.go:107",
      `"Unable to register node with API server" err=${JSON.stringify(error.message)} node=${quoted}`,
    );
    return false;
  }
  return true;
}

/** In-tree plugins whose volumes CSI drivers serve in 1.33. */
const MIGRATED = ["aws-ebs", "azure-disk", "azure-file", "cinder", "gce-pd", "portworx-volume", "vsphere-volume"].map(
  (plugin) => `kubernetes.io/${plugin}`,
);
const ANNOTATIONS = { "volumes.kubernetes.io/controller-managed-attach-detach": "true" } as const;

function labels(kubelet: Kubelet): Record<string, string> {
  return {
    "beta.kubernetes.io/arch": "amd64",
    "beta.kubernetes.io/os": "linux",
    ...kubelet.running.nodeLabels,
    "kubernetes.io/arch": "amd64",
    "kubernetes.io/hostname": kubelet.running.nodeName,
    "kubernetes.io/os": "linux",
  };
}

/** updateDefaultLabels, reconcileCMADAnnotationWithExistingNode */
function reconcile(kubelet: Kubelet, client: Client, node: Node): void {
  const metadata = {
    ...node.metadata,
    labels: { ...node.metadata.labels, ...labels(kubelet) },
    annotations: { ...node.metadata.annotations, ...ANNOTATIONS },
  };
  client.update(nodes, { ...node, metadata });
}

/** Its renewals are heartbeats that nobody writes; the object is there for who looks. */
function ensureLease(client: Client, name: string, now: string): void {
  if (client.get(leases, LEASES, name)) return;
  const node = client.get(nodes, "", name);
  const ownerReferences = node ? [{ apiVersion: "v1", kind: "Node", name, uid: node.metadata.uid }] : [];
  try {
    client.create(leases, {
      metadata: { name, namespace: LEASES, ownerReferences },
      spec: { holderIdentity: name, leaseDurationSeconds: LEASE_SECONDS, renewTime: now },
    });
  } catch (error) {
    // The namespace comes a moment after the server.
    if (!(error instanceof StatusError)) throw error;
  }
}

/** What of volumes it leaves to drivers, of which none runs here (pkg/volume/csi/nodeinfomanager CreateCSINode). */
function ensureCsiNode(client: Client, name: string): void {
  const node = client.get(nodes, "", name);
  if (!node || client.get(csiNodes, "", name)) return;
  client.create(csiNodes, {
    metadata: {
      name,
      annotations: { "storage.alpha.kubernetes.io/migrated-plugins": MIGRATED.join() },
      ownerReferences: [{ apiVersion: "v1", kind: "Node", name, uid: node.metadata.uid }],
    },
    spec: { drivers: null },
  } as Input<KubeObject>);
}

/** Tells the API server how the node is, if that is news or it has said nothing for long (tryUpdateNodeStatus). */
export function updateNodeStatus(kubelet: Kubelet): void {
  const { row } = kubelet;
  const { client } = kubelet.api;
  if (!row?.registered || !client || !kubelet.api.open) return;
  const node = client.get(nodes, "", row.nodeName);
  if (!node) {
    // Only a kubelet that starts registers its node.
    const why = `error getting node ${JSON.stringify(row.nodeName)}: node ${JSON.stringify(row.nodeName)} not found`;
    return kubelet.log(
      "E",
      "kubelet_node_status.go:549",
      `"Error updating node status, will retry" err=${JSON.stringify(why)}`,
    );
  }
  const { now } = kubelet.kernel;
  const why = unready(kubelet);
  const due = now - (row.reportedAt ?? 0) >= row.settings.statusReportFrequency;
  const news = [node.metadata.resourceVersion, why, kubelet.runtime.images.version, ...nodeAddresses(kubelet)].join();
  if (!due && news === kubelet.reported) return;
  kubelet.reported = news;
  const status = nodeStatus(kubelet, node.status);
  if (due || statusChanged(node.status, status)) {
    try {
      client.updateStatus(nodes, { ...node, status });
    } catch (error) {
      if (!(error instanceof StatusError || error instanceof Unreachable)) throw error;
      return;
    }
    kubelet.update({ reportedAt: now });
  }
  tellReadiness(kubelet, why);
}

/** The Events of a node whose readiness has changed. */
function tellReadiness(kubelet: Kubelet, why: string): void {
  const { unready: before, nodeName } = kubelet.running;
  if (before === why) return;
  kubelet.update({ unready: why });
  const wasReady = before === "";
  if (why === "") {
    kubelet.nodeEvent("Normal", "NodeReady", `Node ${nodeName} status is now: NodeReady`);
    kubelet.log("I", "kubelet_node_status.go:501", '"Fast updating node status as it just became ready"');
  } else if (wasReady) kubelet.nodeEvent("Normal", "NodeNotReady", `Node ${nodeName} status is now: NodeNotReady`);
}

/** What a kubelet says of its node when it has just started. */
export function tellStart(kubelet: Kubelet): void {
  const { nodeName } = kubelet.running;
  kubelet.nodeEvent("Normal", "Starting", "Starting kubelet.");
  kubelet.nodeEvent("Warning", "InvalidDiskCapacity", "invalid capacity 0 on image filesystem");
  for (const reason of ["NodeHasSufficientMemory", "NodeHasNoDiskPressure", "NodeHasSufficientPID"])
    kubelet.nodeEvent("Normal", reason, `Node ${nodeName} status is now: ${reason}`);
  kubelet.nodeEvent("Normal", "NodeAllocatableEnforced", "Updated Node Allocatable limit across pods");
}
