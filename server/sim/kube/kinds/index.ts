import { anyKind, type AnyKind } from "../api/index.ts";
import { bindings } from "./core/binding.ts";
import { configMaps } from "./core/configmap.ts";
import { endpoints } from "./core/endpoints.ts";
import { events } from "./core/event.ts";
import { limitRanges } from "./core/limitrange.ts";
import { namespaces } from "./core/namespace.ts";
import { nodes } from "./core/node.ts";
import { persistentVolumes } from "./core/persistentvolume.ts";
import { persistentVolumeClaims } from "./core/persistentvolumeclaim.ts";
import { pods } from "./core/pod/pod.ts";
import { replicationControllers } from "./core/replicationcontroller.ts";
import { resourceQuotas } from "./core/resourcequota.ts";
import { secrets } from "./core/secret.ts";
import { services } from "./core/service/service.ts";
import { serviceAccounts } from "./core/serviceaccount.ts";
import { validatingAdmissionPolicies, validatingAdmissionPolicyBindings } from "./admissionregistration/policies.ts";
import {
  mutatingWebhookConfigurations,
  validatingWebhookConfigurations,
} from "./admissionregistration/webhook-configurations.ts";
import { customResourceDefinitions } from "./apiextensions/customresourcedefinition.ts";
import { apiServices } from "./apiregistration/apiservice.ts";
import { controllerRevisions } from "./apps/controllerrevision.ts";
import { daemonSets } from "./apps/daemonset.ts";
import { deployments } from "./apps/deployment.ts";
import { replicaSets } from "./apps/replicaset.ts";
import { statefulSets } from "./apps/statefulset.ts";
import { selfSubjectReviews } from "./authentication/self-subject-review.ts";
import { tokenReviews } from "./authentication/token-review.ts";
import {
  localSubjectAccessReviews,
  selfSubjectAccessReviews,
  subjectAccessReviews,
} from "./authorization/access-review.ts";
import { selfSubjectRulesReviews } from "./authorization/rules-review.ts";
import { horizontalPodAutoscalers } from "./autoscaling/horizontalpodautoscaler.ts";
import { horizontalPodAutoscalersV1 } from "./autoscaling/v1.ts";
import { cronJobs } from "./batch/cronjob.ts";
import { jobs } from "./batch/job.ts";
import { certificateSigningRequests } from "./certificates/certificatesigningrequest.ts";
import { leases } from "./coordination/lease.ts";
import { endpointSlices } from "./discovery/endpointslice.ts";
import { eventsV1 } from "./events/event.ts";
import { ingresses } from "./networking/ingress.ts";
import { ingressClasses } from "./networking/ingressclass.ts";
import { ipAddresses } from "./networking/ipaddress.ts";
import { networkPolicies } from "./networking/networkpolicy.ts";
import { serviceCidrs } from "./networking/servicecidr.ts";
import { podDisruptionBudgets } from "./policy/poddisruptionbudget.ts";
import { clusterRoleBindings, clusterRoles, roleBindings, roles } from "./rbac/index.ts";
import { priorityClasses, SYSTEM_PRIORITY_CLASSES } from "./scheduling/priorityclass.ts";
import { storageClasses } from "./storage/storageclass.ts";
import { STORED_KINDS } from "./stored/index.ts";

/** All kinds that the API server serves: handed to `new ApiServer`. */
export const KINDS: readonly AnyKind[] = [
  bindings,
  anyKind(configMaps),
  anyKind(endpoints),
  anyKind(events),
  anyKind(limitRanges),
  anyKind(namespaces),
  anyKind(nodes),
  anyKind(persistentVolumeClaims),
  anyKind(persistentVolumes),
  anyKind(pods),
  anyKind(replicationControllers),
  anyKind(resourceQuotas),
  anyKind(secrets),
  anyKind(serviceAccounts),
  anyKind(services),
  anyKind(customResourceDefinitions),
  anyKind(apiServices),
  anyKind(controllerRevisions),
  anyKind(daemonSets),
  anyKind(deployments),
  anyKind(replicaSets),
  anyKind(statefulSets),
  anyKind(selfSubjectReviews),
  anyKind(tokenReviews),
  anyKind(localSubjectAccessReviews),
  anyKind(selfSubjectAccessReviews),
  anyKind(selfSubjectRulesReviews),
  anyKind(subjectAccessReviews),
  anyKind(horizontalPodAutoscalers),
  anyKind(horizontalPodAutoscalersV1),
  anyKind(cronJobs),
  anyKind(jobs),
  anyKind(certificateSigningRequests),
  anyKind(leases),
  anyKind(endpointSlices),
  anyKind(eventsV1),
  anyKind(ingressClasses),
  anyKind(ingresses),
  anyKind(ipAddresses),
  anyKind(networkPolicies),
  anyKind(serviceCidrs),
  anyKind(podDisruptionBudgets),
  anyKind(clusterRoleBindings),
  anyKind(clusterRoles),
  anyKind(roleBindings),
  anyKind(roles),
  anyKind(priorityClasses),
  anyKind(storageClasses),
  mutatingWebhookConfigurations,
  validatingAdmissionPolicies,
  validatingAdmissionPolicyBindings,
  validatingWebhookConfigurations,
  ...STORED_KINDS,
];

export {
  SYSTEM_PRIORITY_CLASSES,
  apiServices,
  certificateSigningRequests,
  configMaps,
  controllerRevisions,
  cronJobs,
  customResourceDefinitions,
  daemonSets,
  deployments,
  endpointSlices,
  endpoints,
  events,
  eventsV1,
  horizontalPodAutoscalers,
  ingressClasses,
  ingresses,
  ipAddresses,
  jobs,
  leases,
  limitRanges,
  namespaces,
  networkPolicies,
  nodes,
  podDisruptionBudgets,
  pods,
  priorityClasses,
  replicaSets,
  replicationControllers,
  resourceQuotas,
  secrets,
  serviceAccounts,
  serviceCidrs,
  services,
  statefulSets,
  validatingAdmissionPolicies,
};
export { approvalOf, isProtectedGroup } from "./apiextensions/approval.ts";
export { findCondition, isConditionTrue, withCondition, type Condition } from "./apiextensions/condition.ts";
export { customKinds } from "./apiextensions/custom-resource.ts";
export { CLEANUP_FINALIZER } from "./apiextensions/customresourcedefinition.ts";
export { indexesText, parseIndexes } from "./batch/indexes.ts";
export { JOB_TRACKING } from "./batch/job-labels.ts";
export { isJobFinished, jobCondition } from "./batch/job.ts";
export { scheduleIn, type Schedule } from "./batch/schedule.ts";
export { offsetText, timeZone } from "./batch/time-zone.ts";
export { classOfVolume, persistentVolumes } from "./core/persistentvolume.ts";
export { classOfClaim, persistentVolumeClaims } from "./core/persistentvolumeclaim.ts";
export { runtimeClasses } from "./stored/node.ts";
export { isSidecar, podCells } from "./core/pod/cells.ts";
export { allocatedAddress, isAllocated } from "./core/service/addresses.ts";
export { isHeadless } from "./core/service/facts.ts";
export { matchesTerm, nodeSelectorMatches } from "./node-selector.ts";
export { allowedCondition, withObservedCondition } from "./policy/disruption-allowed.ts";
export {
  allows,
  breakDownAll,
  clusterRoleBindings,
  clusterRoles,
  compactRules,
  missingRules,
  roleBindings,
  roles,
} from "./rbac/index.ts";
export { storageClasses } from "./storage/storageclass.ts";
export * from "./storage/volume-binding.ts";
export { csiNodes } from "./stored/storage.ts";
