import { AGE, NAME, names, sameJson, type Column, type Draft, type Kind, type Pod } from "../../../api/index.ts";
import { defaultPodSpec } from "../../pod-template/defaults.ts";
import { hostnameWarning, podSpecWarnings } from "../../pod-template/warnings.ts";
import { binding } from "./actions.ts";
import { proxySubresource } from "../proxy.ts";
import { podCells, podRowConditions } from "./cells.ts";
import { ephemeralContainers } from "./ephemeral.ts";
import { eviction } from "./eviction.ts";
import { qosClass } from "./qos.ts";
import { resize } from "./resize.ts";
import { attach, exec, log, portForward } from "./streams.ts";
import { validatePod, validatePodStatusUpdate, validatePodUpdate } from "./validation.ts";

const COLUMNS: readonly Column[] = [
  NAME,
  { name: "Ready" },
  { name: "Status" },
  { name: "Restarts" },
  AGE,
  { name: "IP", priority: 1 },
  { name: "Node", priority: 1 },
  { name: "Nominated Node", priority: 1 },
  { name: "Readiness Gates", priority: 1 },
];

export const pods: Kind<Pod> = {
  group: "",
  version: "v1",
  kind: "Pod",
  plural: "pods",
  singular: "pod",
  shortNames: ["po"],
  categories: ["all"],
  namespaced: true,
  columns: COLUMNS,
  cells: podCells,
  rowConditions: podRowConditions,
  nameRule: names.forNames(names.subdomain),
  fields: {
    "spec.nodeName": ({ spec }) => spec.nodeName ?? "",
    "spec.restartPolicy": ({ spec }) => spec.restartPolicy ?? "",
    "spec.schedulerName": ({ spec }) => spec.schedulerName ?? "",
    "spec.serviceAccountName": ({ spec }) => spec.serviceAccountName ?? "",
    "spec.hostNetwork": ({ spec }) => String(spec.hostNetwork ?? false),
    "status.phase": ({ status }) => status.phase ?? "",
    "status.podIP": ({ status }) => status.podIP ?? "",
    "status.podIPs": ({ status }) => status.podIP ?? "",
    "status.nominatedNodeName": ({ status }) => status.nominatedNodeName ?? "",
  },
  indexed: ["spec.nodeName"],

  defaults(pod) {
    defaultPodSpec(pod.spec);
    pod.spec.enableServiceLinks ??= true;
    for (const { resources } of [...(pod.spec.initContainers ?? []), ...(pod.spec.containers ?? [])]) {
      for (const name in resources.limits) (resources.requests ??= {})[name] ??= resources.limits[name]!;
    }
    if (pod.spec.hostNetwork) defaultHostPorts(pod);
    if (pod.status.podIP) pod.status.podIPs ??= [{ ip: pod.status.podIP }];
    else if (pod.status.podIPs) pod.status.podIP = pod.status.podIPs[0]!.ip;
    if (pod.status.hostIP) pod.status.hostIPs ??= [{ ip: pod.status.hostIP }];
  },
  prepareCreate(pod, context) {
    pod.metadata.generation = 1;
    pod.status = { phase: "Pending", qosClass: qosClass(pod.spec) };
    if (pod.spec.schedulingGates?.length)
      pod.status.conditions = [
        {
          type: "PodScheduled",
          status: "False",
          lastProbeTime: null,
          lastTransitionTime: context.nowText,
          reason: "SchedulingGated",
          message: "Scheduling is blocked due to non-empty scheduling gates",
        },
      ];
  },
  prepareUpdate(pod, old) {
    pod.status = old.status as Draft<Pod["status"]>;
    if (pod.metadata.generation !== undefined && !sameJson(pod.spec, old.spec)) pod.metadata.generation++;
  },
  validate: validatePod,
  validateUpdate: validatePodUpdate,
  // Updates are not worth the work: they come from programs.
  warnings: ({ metadata, spec }, old) =>
    old ? [] : [...hostnameWarning(metadata.name, "the Pod's hostname"), ...podSpecWarnings(spec)],

  gracePeriod({ spec, status }, asked) {
    if (!spec.nodeName || status.phase === "Failed" || status.phase === "Succeeded") return 0;
    return asked ?? spec.terminationGracePeriodSeconds ?? 0;
  },
  returnsDeleted: true,
  resetFields: {
    "": [["status"]],
    status: [["spec"], ["metadata", "deletionTimestamp"], ["metadata", "ownerReferences"]],
  },
  keptFields: { ephemeralcontainers: ["spec", "ephemeralContainers"] },
  subresources: {
    proxy: proxySubresource("PodProxyOptions"),
    status: {
      type: "part",
      verbs: ["get", "patch", "update"],
      prepareUpdate(pod, old) {
        pod.spec = old.spec as Draft<Pod["spec"]>;
        const owners = old.metadata.ownerReferences as Draft<Pod["metadata"]>["ownerReferences"];
        if (owners) pod.metadata.ownerReferences = owners;
        else delete pod.metadata.ownerReferences;
        if (old.status.qosClass !== undefined) pod.status.qosClass ??= old.status.qosClass;
      },
      validateUpdate: validatePodStatusUpdate,
    },
    ephemeralcontainers: ephemeralContainers,
    resize,
    binding,
    eviction,
    log,
    exec,
    attach,
    portforward: portForward,
  },
};

/** On the host's network every container port is one of the host. */
function defaultHostPorts({ spec }: Draft<Pod>): void {
  for (const container of [...(spec.initContainers ?? []), ...(spec.containers ?? [])])
    for (const port of container.ports ?? []) port.hostPort ??= port.containerPort;
}
