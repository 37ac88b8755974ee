import type { JsonObject, Pod } from "../../../sim/kube/api/index.ts";
import { GoError } from "../errors/go-error.ts";
import { writeContainers } from "./containers.ts";
import { ago, controllerOf, longTime, writeAnnotations, writeLabels, type Description } from "./description.ts";
import { writeEvents } from "./events.ts";
import { writeSpread, writeTolerations } from "./lists.ts";
import { podQos } from "./qos.ts";
import { writeResources } from "./resources.ts";
import type { DescribeSession, Subject } from "./session.ts";
import { writeVolumes } from "./volumes.ts";

const MIRROR = "kubernetes.io/config.mirror";

/** kubectl pkg/describe PodDescriber. A pod that is gone but left events is described by those. */
export async function describePod(session: DescribeSession, subject: Subject): Promise<string> {
  const out = session.paper();
  let pod: Pod;
  try {
    pod = await session.get<Pod>(subject);
  } catch (error) {
    const left = session.settings.showEvents && error instanceof GoError ? await session.eventsLeft(subject) : [];
    if (left.length === 0) throw error;
    out.line(0, `Pod '${subject.name}': error '${(error as GoError).message}', but found events.`);
    writeEvents(out, left);
    return out.text;
  }
  writePod(out, pod);
  if (session.settings.showEvents) {
    const { name, namespace = "", annotations, uid } = pod.metadata;
    writeEvents(out, await session.eventsOf({ name, namespace, kind: "", uid: annotations?.[MIRROR] ?? uid }));
  }
  return out.text;
}

function writePod(out: Description, pod: Pod): void {
  const { spec, status } = pod;
  writeHead(out, pod);
  if (spec.resources) {
    out.line(0, "Resources:");
    writeResources(out, spec.resources, 1);
  }
  const common = { pod, space: "" };
  if (spec.initContainers?.length)
    writeContainers(out, {
      ...common,
      title: "Init Containers",
      containers: spec.initContainers,
      statuses: status.initContainerStatuses ?? [],
    });
  writeContainers(out, {
    ...common,
    title: "Containers",
    containers: spec.containers,
    statuses: status.containerStatuses ?? [],
  });
  if (spec.ephemeralContainers?.length)
    writeContainers(out, {
      ...common,
      title: "Ephemeral Containers",
      containers: spec.ephemeralContainers,
      statuses: status.ephemeralContainerStatuses ?? [],
    });
  const conditions = status.conditions ?? [];
  if (spec.readinessGates?.length) {
    out.line(0, "Readiness Gates:\n  Type\tStatus");
    for (const { conditionType } of spec.readinessGates)
      out.line(1, `${conditionType} \t${conditions.find(({ type }) => type === conditionType)?.status ?? "<none>"} `);
  }
  if (conditions.length > 0) {
    out.line(0, "Conditions:\n  Type\tStatus");
    for (const { type, status: is } of conditions) out.line(1, `${type} \t${is} `);
  }
  writeVolumes(out, spec.volumes as readonly JsonObject[] | undefined, "");
  out.field("QoS Class", status.qosClass ?? podQos(spec));
  writeLabels(out, "Node-Selectors", spec.nodeSelector);
  writeTolerations(out, spec.tolerations);
  writeSpread(out, spec.topologySpreadConstraints);
}

function writeHead(out: Description, pod: Pod): void {
  const { metadata, spec, status } = pod;
  out.field("Name", metadata.name);
  out.field("Namespace", metadata.namespace ?? "");
  if (spec.priority !== undefined) out.field("Priority", spec.priority);
  if (spec.priorityClassName) out.field("Priority Class Name", spec.priorityClassName);
  if (spec.runtimeClassName) out.field("Runtime Class Name", spec.runtimeClassName);
  if (spec.serviceAccountName) out.field("Service Account", spec.serviceAccountName);
  out.field("Node", spec.nodeName ? `${spec.nodeName}/${status.hostIP ?? ""}` : "<none>");
  if (status.startTime) out.field("Start Time", longTime(status.startTime));
  writeLabels(out, "Labels", metadata.labels);
  writeAnnotations(out, "Annotations", metadata.annotations);
  if (metadata.deletionTimestamp && status.phase !== "Failed" && status.phase !== "Succeeded") {
    out.field("Status", `Terminating (lasts ${ago(metadata.deletionTimestamp, out.now)})`);
    out.field("Termination Grace Period", `${metadata.deletionGracePeriodSeconds ?? 0}s`);
  } else out.field("Status", status.phase ?? "");
  if (status.reason) out.field("Reason", status.reason);
  if (status.message) out.field("Message", status.message);
  const seccomp = spec.securityContext?.seccompProfile;
  if (seccomp) {
    out.field("SeccompProfile", seccomp.type);
    if (seccomp.type === "Localhost") out.field("LocalhostProfile", seccomp.localhostProfile ?? "");
  }
  out.field("IP", status.podIP ?? "");
  if (!status.podIPs?.length) out.line(0, "IPs:\t<none>");
  else {
    out.line(0, "IPs:");
    for (const { ip } of status.podIPs) out.field("IP", ip, 1);
  }
  const controller = controllerOf(pod);
  if (controller !== undefined) out.field("Controlled By", controller);
  if (status.nominatedNodeName) out.field("NominatedNodeName", status.nominatedNodeName);
}
