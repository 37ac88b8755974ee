import type {
  DaemonSet,
  Deployment,
  PersistentVolumeClaimSpec,
  Pod,
  ReplicaSet,
  ReplicationController,
  StatefulSet,
  VolumeClaimTemplate,
} from "../../../sim/kube/api/index.ts";
import { GoError } from "../errors/go-error.ts";
import { replicaSetsOf } from "../polymorphic/replica-sets.ts";
import { controllerOf, labelText, longTime, writeAnnotations, writeLabels, type Description } from "./description.ts";
import { writeEvents } from "./events.ts";
import { writePodTemplate } from "./pod-template.ts";
import { formatSelector, selectorString } from "./selector-text.ts";
import type { DescribeSession, Subject } from "./session.ts";

const PODS = { group: "", version: "v1", resource: "pods", kind: "Pod" };
const REPLICA_SETS = { group: "apps", version: "v1", resource: "replicasets", kind: "ReplicaSet" };

/** kubectl pkg/describe DeploymentDescriber */
export async function describeDeployment(session: DescribeSession, subject: Subject): Promise<string> {
  const deployment = await session.get<Deployment>(subject);
  const { metadata, spec, status } = deployment;
  const { uid, name, namespace = "" } = metadata;
  const events = session.settings.showEvents
    ? await session.eventsOf({ uid, name, namespace, kind: "Deployment" })
    : undefined;
  const labelSelector = [selectorString(spec.selector)];
  const sets = await session.list<ReplicaSet>(REPLICA_SETS, subject.namespace, { labelSelector }).catch(unknown);
  const out = session.paper();
  out.field("Name", metadata.name);
  out.field("Namespace", metadata.namespace ?? "");
  out.field("CreationTimestamp", longTime(metadata.creationTimestamp));
  writeLabels(out, "Labels", metadata.labels);
  writeAnnotations(out, "Annotations", metadata.annotations);
  out.field("Selector", selectorString(spec.selector));
  const { updatedReplicas = 0, replicas = 0, availableReplicas = 0, unavailableReplicas = 0, conditions = [] } = status;
  out.field(
    "Replicas",
    `${spec.replicas ?? 0} desired | ${updatedReplicas} updated | ${replicas} total | ${availableReplicas} available | ${unavailableReplicas} unavailable`,
  );
  out.field("StrategyType", spec.strategy.type ?? "");
  out.field("MinReadySeconds", spec.minReadySeconds ?? 0);
  const rolling = spec.strategy.rollingUpdate;
  if (rolling)
    out.field(
      "RollingUpdateStrategy",
      `${rolling.maxUnavailable ?? 0} max unavailable, ${rolling.maxSurge ?? 0} max surge`,
    );
  writePodTemplate(out, spec.template);
  writeConditions(out, conditions);
  if (sets.length > 0) {
    const { old, current } = replicaSetsOf(deployment, sets);
    if (old.length > 0 || current) {
      out.field("OldReplicaSets", setsText(old));
      out.field("NewReplicaSet", setsText(current ? [current] : []));
    }
  }
  writeEvents(out, events);
  return out.text;
}

function setsText(sets: readonly ReplicaSet[]): string {
  return (
    sets
      .map(
        ({ metadata, spec, status }) => `${metadata.name} (${status.replicas}/${spec.replicas ?? 0} replicas created)`,
      )
      .join(", ") || "<none>"
  );
}

/** kubectl pkg/describe ReplicaSetDescriber */
export async function describeReplicaSet(session: DescribeSession, subject: Subject): Promise<string> {
  const set = await session.get<ReplicaSet>(subject);
  const { metadata, spec, status } = set;
  const pods = await podsStatus(session, subject.namespace, selectorString(spec.selector), metadata.uid);
  const out = session.paper();
  out.field("Name", metadata.name);
  out.field("Namespace", metadata.namespace ?? "");
  out.field("Selector", formatSelector(spec.selector ?? undefined));
  writeLabels(out, "Labels", metadata.labels);
  writeAnnotations(out, "Annotations", metadata.annotations);
  const controller = controllerOf(set);
  if (controller !== undefined) out.field("Controlled By", controller);
  out.field("Replicas", `${status.replicas} current / ${spec.replicas ?? 0} desired`);
  out.field("Pods Status", pods);
  writePodTemplate(out, spec.template);
  writeConditions(out, status.conditions ?? []);
  await session.events(out, set, "ReplicaSet");
  return out.text;
}

/** kubectl pkg/describe DaemonSetDescriber */
export async function describeDaemonSet(session: DescribeSession, subject: Subject): Promise<string> {
  const set = await session.get<DaemonSet>(subject);
  const { metadata, spec, status } = set;
  const pods = await podsStatus(session, subject.namespace, selectorString(spec.selector), metadata.uid);
  const out = session.paper();
  out.field("Name", metadata.name);
  out.field("Namespace", metadata.namespace ?? "");
  out.field("Selector", selectorString(spec.selector));
  out.field("Node-Selector", labelText(spec.template.spec.nodeSelector));
  writeLabels(out, "Labels", metadata.labels);
  writeAnnotations(out, "Annotations", metadata.annotations);
  out.line(0, `Desired Number of Nodes Scheduled: ${status.desiredNumberScheduled}`);
  out.line(0, `Current Number of Nodes Scheduled: ${status.currentNumberScheduled}`);
  out.line(0, `Number of Nodes Scheduled with Up-to-date Pods: ${status.updatedNumberScheduled ?? 0}`);
  out.line(0, `Number of Nodes Scheduled with Available Pods: ${status.numberAvailable ?? 0}`);
  out.line(0, `Number of Nodes Misscheduled: ${status.numberMisscheduled}`);
  out.field("Pods Status", pods);
  writePodTemplate(out, spec.template);
  await session.events(out, set, "DaemonSet");
  return out.text;
}

/** kubectl pkg/describe StatefulSetDescriber */
export async function describeStatefulSet(session: DescribeSession, subject: Subject): Promise<string> {
  const set = await session.get<StatefulSet>(subject);
  const { metadata, spec, status } = set;
  const pods = await podsStatus(session, subject.namespace, selectorString(spec.selector), metadata.uid);
  const out = session.paper();
  out.field("Name", metadata.name);
  out.field("Namespace", metadata.namespace ?? "");
  out.field("CreationTimestamp", longTime(metadata.creationTimestamp));
  out.field("Selector", selectorString(spec.selector));
  writeLabels(out, "Labels", metadata.labels);
  writeAnnotations(out, "Annotations", metadata.annotations);
  out.field("Replicas", `${spec.replicas ?? 0} desired | ${status.replicas} total`);
  out.field("Update Strategy", spec.updateStrategy.type ?? "");
  const { partition, maxUnavailable } = spec.updateStrategy.rollingUpdate ?? {};
  if (partition !== undefined) {
    out.field("Partition", partition, 1);
    if (maxUnavailable !== undefined) out.field("MaxUnavailable", maxUnavailable, 1);
  }
  out.field("Pods Status", pods);
  writePodTemplate(out, spec.template);
  writeClaimTemplates(out, spec.volumeClaimTemplates ?? []);
  await session.events(out, set, "StatefulSet");
  return out.text;
}

/** describeVolumeClaimTemplates */
function writeClaimTemplates(out: Description, templates: readonly VolumeClaimTemplate[]): void {
  if (templates.length === 0) return out.line(0, "Volume Claims:\t<none>");
  out.line(0, "Volume Claims:");
  for (const { metadata, spec: untyped } of templates) {
    const spec = untyped as unknown as PersistentVolumeClaimSpec;
    out.field("Name", metadata.name ?? "", 1);
    out.field("StorageClass", spec.storageClassName ?? "", 1);
    writeLabels(out, "Labels", metadata.labels, "  ");
    writeAnnotations(out, "  Annotations", metadata.annotations);
    out.field("Capacity", spec.resources.requests?.["storage"] ?? "<default>", 1);
    out.field("Access Modes", `[${(spec.accessModes ?? []).join(" ")}]`, 1);
  }
}

/** kubectl pkg/describe ReplicationControllerDescriber */
export async function describeReplicationController(session: DescribeSession, subject: Subject): Promise<string> {
  const controller = await session.get<ReplicationController>(subject);
  const { metadata, spec, status } = controller;
  const of = Object.entries(spec.selector ?? {}).map(([key, value]) => `${key}=${value}`);
  const pods = await podsStatus(session, subject.namespace, of.sort().join(","), metadata.uid);
  const out = session.paper();
  out.field("Name", metadata.name);
  out.field("Namespace", metadata.namespace ?? "");
  out.field("Selector", labelText(spec.selector));
  writeLabels(out, "Labels", metadata.labels);
  writeAnnotations(out, "Annotations", metadata.annotations);
  out.field("Replicas", `${status.replicas} current / ${spec.replicas ?? 0} desired`);
  out.field("Pods Status", pods);
  writePodTemplate(out, spec.template);
  writeConditions(out, status.conditions ?? []);
  await session.events(out, controller, "ReplicationController");
  return out.text;
}

function writeConditions(
  out: Description,
  conditions: readonly { readonly type: string; readonly status: string; readonly reason?: string }[],
): void {
  if (conditions.length === 0) return;
  out.line(0, "Conditions:\n  Type\tStatus\tReason");
  out.line(1, "----\t------\t------");
  for (const { type, status, reason = "" } of conditions) out.line(1, `${type} \t${status}\t${reason}`);
}

/** How many pods of a controller are in which phase (getPodStatusForController). */
async function podsStatus(
  session: DescribeSession,
  namespace: string,
  labelSelector: string,
  uid: string,
): Promise<string> {
  const pods = await session.list<Pod>(PODS, namespace, { labelSelector: [labelSelector] });
  const own = pods.filter(({ metadata }) =>
    metadata.ownerReferences?.some((owner) => owner.controller === true && owner.uid === uid),
  );
  const count = (phase: string): number => own.filter(({ status }) => status.phase === phase).length;
  return `${count("Running")} Running / ${count("Pending")} Waiting / ${count("Succeeded")} Succeeded / ${count("Failed")} Failed`;
}

function unknown(error: unknown): [] {
  if (error instanceof GoError) return [];
  throw error;
}
