import type {
  JsonObject,
  KubeObject,
  PersistentVolume,
  PersistentVolumeClaim,
  Pod,
  StorageClass,
} from "../../../sim/kube/api/index.ts";
import { accessModesText } from "./access-modes.ts";
import { classOf, writeClaim } from "./claim-template.ts";
import { ago, labelText, longTime, writeAnnotations, writeLabels, type Description } from "./description.ts";
import type { DescribeSession, Subject } from "./session.ts";
import { writeVolumeSource } from "./volumes.ts";

const PODS = { group: "", version: "v1", resource: "pods", kind: "Pod" };

/** kubectl pkg/describe PersistentVolumeDescriber */
export async function describePersistentVolume(session: DescribeSession, subject: Subject): Promise<string> {
  const volume = await session.get<PersistentVolume>(subject);
  const { metadata, spec, status } = volume;
  const out = session.paper();
  out.field("Name", metadata.name);
  writeLabels(out, "Labels", metadata.labels);
  writeAnnotations(out, "Annotations", metadata.annotations);
  out.field("Finalizers", `[${(metadata.finalizers ?? []).join(" ")}]`);
  out.field("StorageClass", classOf(volume));
  out.field("Status", statusText(volume, status.phase, session));
  out.field("Claim", spec.claimRef ? `${spec.claimRef.namespace ?? ""}/${spec.claimRef.name ?? ""}` : "");
  out.field("Reclaim Policy", spec.persistentVolumeReclaimPolicy ?? "");
  out.field("Access Modes", accessModesText(spec.accessModes));
  if (spec.volumeMode !== undefined) out.field("VolumeMode", spec.volumeMode);
  out.field("Capacity", spec.capacity?.["storage"] ?? "0");
  writeNodeAffinity(out, spec.nodeAffinity);
  out.field("Message", status.message ?? "");
  out.line(0, "Source:");
  writeVolumeSource(out, spec as unknown as JsonObject);
  await session.events(out, volume, "PersistentVolume");
  return out.text;
}

function statusText({ metadata }: KubeObject, phase: string | undefined, { now }: DescribeSession): string {
  return metadata.deletionTimestamp ? `Terminating (lasts ${ago(metadata.deletionTimestamp, now)})` : (phase ?? "");
}

function writeNodeAffinity(out: Description, affinity: PersistentVolume["spec"]["nodeAffinity"]): void {
  if (!affinity?.required) return out.line(0, "Node Affinity:\t<none>");
  out.line(0, "Node Affinity:\t");
  const terms = affinity.required.nodeSelectorTerms ?? [];
  if (terms.length === 0) return out.line(1, "Required Terms:\t<none>");
  out.line(1, "Required Terms:\t");
  terms.forEach(({ matchExpressions = [] }, at) =>
    writeTerm(
      out,
      2,
      at,
      matchExpressions.map(
        ({ key, operator, values = [] }) =>
          `${key} ${operator.toLowerCase()}${values.length > 0 ? ` [${values.join(", ")}]` : ""}`,
      ),
    ),
  );
}

/** `Term 0:` and what it asks for, one below the other. */
function writeTerm(out: Description, level: number, at: number, wanted: readonly string[]): void {
  out.write(level, `Term ${at}:\t`);
  if (wanted.length === 0) return out.line(0, "<none>");
  wanted.forEach((text, index) => {
    if (index > 0) out.write(level, "\t");
    out.line(0, text);
  });
}

/** kubectl pkg/describe PersistentVolumeClaimDescriber */
export async function describePersistentVolumeClaim(session: DescribeSession, subject: Subject): Promise<string> {
  const claim = await session.get<PersistentVolumeClaim>(subject);
  const { metadata, status } = claim;
  const pods = await session.list<Pod>(PODS, subject.namespace);
  const out = session.paper();
  out.field("Name", metadata.name);
  out.field("Namespace", metadata.namespace ?? "");
  out.field("StorageClass", classOf(claim));
  out.field("Status", statusText(claim, status.phase, session));
  out.field("Volume", claim.spec.volumeName ?? "");
  writeLabels(out, "Labels", metadata.labels);
  writeAnnotations(out, "Annotations", metadata.annotations);
  out.field("Finalizers", `[${(metadata.finalizers ?? []).join(" ")}]`);
  writeClaim(out, claim);
  writeUsers(out, claim, pods);
  const { conditions = [] } = status;
  if (conditions.length > 0) {
    out.line(0, "Conditions:");
    out.line(1, "Type\tStatus\tLastProbeTime\tLastTransitionTime\tReason\tMessage");
    out.line(1, "----\t------\t-----------------\t------------------\t------\t-------");
    for (const { type, status: is, lastProbeTime, lastTransitionTime, reason = "", message = "" } of conditions)
      out.line(
        1,
        `${type} \t${is} \t${longTime(lastProbeTime)} \t${longTime(lastTransitionTime)} \t${reason} \t${message}`,
      );
  }
  await session.events(out, claim, "PersistentVolumeClaim");
  return out.text;
}

/** The pods with the claim as a volume, and those that it belongs to (getPodsForPVC), by name. */
function writeUsers(out: Description, { metadata }: PersistentVolumeClaim, pods: readonly Pod[]): void {
  const owners = new Set((metadata.ownerReferences ?? []).filter(({ kind }) => kind === "Pod").map(({ uid }) => uid));
  const users = pods.filter(
    (pod) =>
      owners.has(pod.metadata.uid) ||
      pod.spec.volumes?.some((volume) => {
        const { persistentVolumeClaim: claim } = volume as { persistentVolumeClaim?: { claimName: string } };
        return claim?.claimName === metadata.name;
      }),
  );
  const names = users.map((pod) => pod.metadata.name).sort();
  out.line(0, `Used By:\t${names.length === 0 ? "<none>" : names.join("\n\t")}`);
}

/** kubectl pkg/describe StorageClassDescriber */
export async function describeStorageClass(session: DescribeSession, subject: Subject): Promise<string> {
  const storageClass = await session.get<StorageClass>(subject);
  const { metadata, allowVolumeExpansion: expands, mountOptions = [], allowedTopologies } = storageClass;
  const out = session.paper();
  const isDefault = ["storageclass.kubernetes.io", "storageclass.beta.kubernetes.io"].some(
    (prefix) => metadata.annotations?.[`${prefix}/is-default-class`] === "true",
  );
  out.field("Name", metadata.name);
  out.field("IsDefaultClass", isDefault ? "Yes" : "No");
  out.field("Annotations", labelText(metadata.annotations));
  out.field("Provisioner", storageClass.provisioner);
  out.field("Parameters", labelText(storageClass.parameters));
  out.field("AllowVolumeExpansion", expands === undefined ? "<unset>" : expands ? "True" : "False");
  if (mountOptions.length === 0) out.field("MountOptions", "<none>");
  else {
    out.line(0, "MountOptions:");
    for (const option of mountOptions) out.line(1, option);
  }
  if (storageClass.reclaimPolicy !== undefined) out.field("ReclaimPolicy", storageClass.reclaimPolicy);
  if (storageClass.volumeBindingMode !== undefined) out.field("VolumeBindingMode", storageClass.volumeBindingMode);
  if (allowedTopologies) {
    out.line(0, `AllowedTopologies:\t${allowedTopologies.length === 0 ? "<none>" : ""}`);
    allowedTopologies.forEach(({ matchLabelExpressions = [] }, at) =>
      writeTerm(
        out,
        1,
        at,
        matchLabelExpressions.map(({ key, values }) => `${key} in [${values.join(", ")}]`),
      ),
    );
  }
  await session.events(out, storageClass, "StorageClass");
  return out.text;
}

interface CsiNode extends KubeObject {
  readonly spec: {
    readonly drivers?:
      | readonly {
          readonly name: string;
          readonly nodeID: string;
          readonly topologyKeys?: readonly string[] | null;
          readonly allocatable?: { readonly count?: number };
        }[]
      | null;
  };
}

/** kubectl pkg/describe CSINodeDescriber */
export async function describeCsiNode(session: DescribeSession, subject: Subject): Promise<string> {
  const node = await session.get<CsiNode>(subject);
  const { metadata, spec } = node;
  const out = session.paper();
  out.field("Name", metadata.name);
  writeLabels(out, "Labels", metadata.labels);
  writeAnnotations(out, "Annotations", metadata.annotations);
  out.field("CreationTimestamp", longTime(metadata.creationTimestamp));
  out.line(0, "Spec:");
  if (spec.drivers?.length) out.line(1, "Drivers:");
  for (const { name, nodeID, allocatable, topologyKeys } of spec.drivers ?? []) {
    out.line(2, `${name}:`);
    out.field("Node ID", nodeID, 3);
    if (allocatable?.count !== undefined) {
      out.line(3, "Allocatables:");
      out.field("Count", allocatable.count, 4);
    }
    if (topologyKeys) out.field("Topology Keys", `[${topologyKeys.join(" ")}]`, 3);
  }
  await session.events(out, node, "CSINode");
  return out.text;
}
