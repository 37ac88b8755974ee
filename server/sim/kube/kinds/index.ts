import { anyKind, type AnyKind } from "../api/index.ts";
import { controllerRevisions } from "./apps/controllerrevision.ts";
import { daemonSets } from "./apps/daemonset.ts";
import { deployments } from "./apps/deployment.ts";
import { replicaSets } from "./apps/replicaset.ts";
import { statefulSets } from "./apps/statefulset.ts";
import { horizontalPodAutoscalers } from "./autoscaling/horizontalpodautoscaler.ts";
import { horizontalPodAutoscalersV1 } from "./autoscaling/v1.ts";
import { cronJobs } from "./batch/cronjob.ts";
import { jobs } from "./batch/job.ts";
import { leases } from "./coordination/lease.ts";
import { configMaps } from "./core/configmap.ts";
import { endpoints } from "./core/endpoints.ts";
import { events } from "./core/event.ts";
import { namespaces } from "./core/namespace.ts";
import { nodes } from "./core/node.ts";
import { persistentVolumes } from "./core/persistentvolume.ts";
import { persistentVolumeClaims } from "./core/persistentvolumeclaim.ts";
import { pods } from "./core/pod/pod.ts";
import { replicationControllers } from "./core/replicationcontroller.ts";
import { secrets } from "./core/secret.ts";
import { services } from "./core/service/service.ts";
import { serviceAccounts } from "./core/serviceaccount.ts";
import { endpointSlices } from "./discovery/endpointslice.ts";
import { eventsV1 } from "./events/event.ts";
import { podDisruptionBudgets } from "./policy/poddisruptionbudget.ts";
import { ingresses } from "./networking/ingress.ts";
import { ingressClasses } from "./networking/ingressclass.ts";
import { ipAddresses } from "./networking/ipaddress.ts";
import { networkPolicies } from "./networking/networkpolicy.ts";
import { serviceCidrs } from "./networking/servicecidr.ts";
import { storageClasses } from "./storage/storageclass.ts";

/** All kinds that the API server serves: handed to `new ApiServer`. */
export const KINDS: readonly AnyKind[] = [
  anyKind(configMaps),
  anyKind(endpoints),
  anyKind(events),
  anyKind(namespaces),
  anyKind(nodes),
  anyKind(persistentVolumeClaims),
  anyKind(persistentVolumes),
  anyKind(pods),
  anyKind(replicationControllers),
  anyKind(secrets),
  anyKind(serviceAccounts),
  anyKind(services),
  anyKind(controllerRevisions),
  anyKind(daemonSets),
  anyKind(deployments),
  anyKind(replicaSets),
  anyKind(statefulSets),
  anyKind(horizontalPodAutoscalers),
  anyKind(horizontalPodAutoscalersV1),
  anyKind(cronJobs),
  anyKind(jobs),
  anyKind(leases),
  anyKind(endpointSlices),
  anyKind(eventsV1),
  anyKind(podDisruptionBudgets),
  anyKind(ingressClasses),
  anyKind(ingresses),
  anyKind(ipAddresses),
  anyKind(networkPolicies),
  anyKind(serviceCidrs),
  anyKind(storageClasses),
];

export {
  configMaps, daemonSets, deployments, endpoints, endpointSlices, events, eventsV1, leases, namespaces, nodes, pods, replicaSets,
  secrets, serviceAccounts, services,
}; // prettier-ignore
export {
  controllerRevisions,
  cronJobs,
  horizontalPodAutoscalers,
  jobs,
  podDisruptionBudgets,
  replicationControllers,
  statefulSets,
};
export { indexesText, parseIndexes } from "./batch/indexes.ts";
export { CONTROLLER_UID, JOB_TRACKING } from "./batch/job-labels.ts";
export { isJobFinished, jobCondition } from "./batch/job.ts";
export { scheduleIn, type Schedule } from "./batch/schedule.ts";
export { offsetText, timeZone } from "./batch/time-zone.ts";
export { allowedCondition, withObservedCondition } from "./policy/disruption-allowed.ts";
export { ingressClasses, ingresses, ipAddresses, networkPolicies, serviceCidrs };
export { isSidecar } from "./core/pod/cells.ts";
export { isHeadless } from "./core/service/facts.ts";
export { persistentVolumes, sourceOf, classOfVolume } from "./core/persistentvolume.ts";
export {
  classOfClaim,
  defaultClaimSpec,
  persistentVolumeClaims,
  validateClaimSpec,
} from "./core/persistentvolumeclaim.ts";
export { isDefaultClass, storageClasses } from "./storage/storageclass.ts";
export * from "./storage/volume-binding.ts";
export { matchesTerm, nodeSelectorMatches } from "./node-selector.ts";
