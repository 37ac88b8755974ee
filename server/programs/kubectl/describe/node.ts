import type { Lease, Node, Pod } from "../../../sim/kube/api/index.ts";
import { GoError, isReason } from "../errors/go-error.ts";
import { longTime, writeAnnotations, writeLabels, type Description } from "./description.ts";
import { writeEvents } from "./events.ts";
import { writeTaints } from "./lists.ts";
import { writeNodeResources } from "./node-resources.ts";
import { sortedNames } from "./resources.ts";
import type { DescribeSession, Subject } from "./session.ts";

const PODS = { group: "", version: "v1", resource: "pods", kind: "Pod" };
const LEASES = { group: "coordination.k8s.io", version: "v1", resource: "leases", kind: "Lease", namespaced: true };

/** kubectl pkg/describe NodeDescriber */
export async function describeNode(session: DescribeSession, subject: Subject): Promise<string> {
  const node = await session.get<Node>(subject);
  const { name } = subject;
  const fieldSelector = [`spec.nodeName=${name},status.phase!=Succeeded,status.phase!=Failed`];
  const pods = await session.list<Pod>(PODS, "", { fieldSelector }).catch((error: unknown) => {
    if (isReason(error, "Forbidden")) return undefined;
    throw error;
  });
  // The kubelet's events carry the node's name where others have its uid.
  const about = { name, namespace: "", kind: "Node" };
  const events = session.settings.showEvents
    ? [
        ...((await session.eventsOf({ ...about, uid: node.metadata.uid })) ?? []),
        ...((await session.eventsOf({ ...about, uid: name })) ?? []),
      ]
    : undefined;
  const out = session.paper();
  writeHead(out, node);
  await writeLease(session, out, name);
  writeStatus(out, node);
  if (pods) writeNodeResources(out, node, pods);
  else out.line(0, "Pods:\tnot authorized");
  writeEvents(out, events);
  return out.text;
}

function writeHead(out: Description, { metadata, spec }: Node): void {
  out.field("Name", metadata.name);
  out.field("Roles", rolesOf(metadata.labels).join(",") || "<none>");
  writeLabels(out, "Labels", metadata.labels);
  writeAnnotations(out, "Annotations", metadata.annotations);
  out.field("CreationTimestamp", longTime(metadata.creationTimestamp));
  writeTaints(out, spec.taints);
  out.field("Unschedulable", spec.unschedulable ?? false);
}

function rolesOf(labels: Readonly<Record<string, string>> = {}): string[] {
  const roles = Object.entries(labels).flatMap(([key, value]) => {
    if (key.startsWith("node-role.kubernetes.io/"))
      return [key.slice("node-role.kubernetes.io/".length)].filter((role) => role !== "");
    return key === "kubernetes.io/role" && value !== "" ? [value] : [];
  });
  return [...new Set(roles)].sort();
}

async function writeLease(session: DescribeSession, out: Description, name: string): Promise<void> {
  try {
    const { spec } = await session.get<Lease>({ mapping: LEASES, namespace: "kube-node-lease", name });
    out.line(0, "Lease:");
    out.field("HolderIdentity", spec.holderIdentity ?? "<unset>", 1);
    out.field("AcquireTime", spec.acquireTime ? longTime(spec.acquireTime) : "<unset>", 1);
    out.field("RenewTime", spec.renewTime ? longTime(spec.renewTime) : "<unset>", 1);
  } catch (error) {
    if (!(error instanceof GoError)) throw error;
    out.field("Lease", `Failed to get lease: ${error.message}`);
  }
}

function writeStatus(out: Description, { spec, status }: Node): void {
  const { conditions = [], addresses = [], nodeInfo } = status;
  if (conditions.length > 0) {
    out.line(0, "Conditions:\n  Type\tStatus\tLastHeartbeatTime\tLastTransitionTime\tReason\tMessage");
    out.line(1, "----\t------\t-----------------\t------------------\t------\t-------");
    for (const { type, status: is, lastHeartbeatTime, lastTransitionTime, reason = "", message = "" } of conditions)
      out.line(
        1,
        `${type} \t${is} \t${longTime(lastHeartbeatTime)} \t${longTime(lastTransitionTime)} \t${reason} \t${message}`,
      );
  }
  out.line(0, "Addresses:");
  for (const { type, address } of addresses) out.field(type, address, 1);
  for (const [title, list] of [
    ["Capacity", status.capacity],
    ["Allocatable", status.allocatable],
  ] as const) {
    const names = sortedNames(list);
    if (names.length > 0) out.line(0, `${title}:`);
    for (const name of names) out.line(0, `  ${name}:\t${list![name]!}`);
  }
  out.line(0, "System Info:");
  out.field("Machine ID", nodeInfo.machineID, 1);
  out.field("System UUID", nodeInfo.systemUUID, 1);
  out.field("Boot ID", nodeInfo.bootID, 1);
  out.field("Kernel Version", nodeInfo.kernelVersion, 1);
  out.field("OS Image", nodeInfo.osImage, 1);
  out.field("Operating System", nodeInfo.operatingSystem, 1);
  out.field("Architecture", nodeInfo.architecture, 1);
  out.field("Container Runtime Version", nodeInfo.containerRuntimeVersion, 1);
  out.field("Kubelet Version", nodeInfo.kubeletVersion, 1);
  out.field("Kube-Proxy Version", nodeInfo.kubeProxyVersion, 1);
  if (spec.podCIDR) out.field("PodCIDR", spec.podCIDR);
  if (spec.podCIDRs?.length) out.field("PodCIDRs", spec.podCIDRs.join(","));
  if (spec.providerID) out.field("ProviderID", spec.providerID);
}
