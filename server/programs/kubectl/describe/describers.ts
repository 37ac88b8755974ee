import type { Mapping } from "../client/api-resource.ts";
import { describeAutoscaler } from "./autoscaler.ts";
import { describeDisruptionBudget } from "./disruption-budget.ts";
import { describeEndpoints, describeEndpointSlice } from "./endpoints.ts";
import { describeGeneric } from "./generic.ts";
import { describeIngress, describeIngressClass } from "./ingress.ts";
import { describeCronJob, describeJob } from "./jobs.ts";
import { describeLimitRange, describeQuota } from "./limits.ts";
import { describeNetworkPolicy } from "./network-policy.ts";
import { describeNode } from "./node.ts";
import { describePod } from "./pod.ts";
import { describePriorityClass } from "./priority-class.ts";
import { describeIpAddress, describeServiceCidr } from "./service-addresses.ts";
import { describeService } from "./service.ts";
import { describeBinding, describeRole } from "./rbac.ts";
import type { Describer } from "./session.ts";
import { describeSigningRequest } from "./signing-request.ts";
import {
  describeCsiNode,
  describePersistentVolume,
  describePersistentVolumeClaim,
  describeStorageClass,
} from "./storage.ts";
import { describeConfigMap, describeNamespace, describeSecret, describeServiceAccount } from "./small.ts";
import {
  describeDaemonSet,
  describeDeployment,
  describeReplicaSet,
  describeReplicationController,
  describeStatefulSet,
} from "./workloads.ts";

/** Who describes which kind, by `Kind.group` (kubectl pkg/describe describerMap). */
const DESCRIBERS: Readonly<Record<string, Describer>> = {
  Pod: describePod,
  Secret: describeSecret,
  Service: describeService,
  ServiceAccount: describeServiceAccount,
  Node: describeNode,
  Namespace: describeNamespace,
  Endpoints: describeEndpoints,
  ConfigMap: describeConfigMap,
  LimitRange: describeLimitRange,
  ResourceQuota: describeQuota,
  PersistentVolume: describePersistentVolume,
  PersistentVolumeClaim: describePersistentVolumeClaim,
  ReplicationController: describeReplicationController,
  "EndpointSlice.discovery.k8s.io": describeEndpointSlice,
  "Deployment.apps": describeDeployment,
  "DaemonSet.apps": describeDaemonSet,
  "ReplicaSet.apps": describeReplicaSet,
  "StatefulSet.apps": describeStatefulSet,
  "HorizontalPodAutoscaler.autoscaling": describeAutoscaler,
  "CronJob.batch": describeCronJob,
  "Job.batch": describeJob,
  "PodDisruptionBudget.policy": describeDisruptionBudget,
  "CSINode.storage.k8s.io": describeCsiNode,
  "StorageClass.storage.k8s.io": describeStorageClass,
  "Role.rbac.authorization.k8s.io": describeRole,
  "ClusterRole.rbac.authorization.k8s.io": describeRole,
  "RoleBinding.rbac.authorization.k8s.io": describeBinding,
  "ClusterRoleBinding.rbac.authorization.k8s.io": describeBinding,
  "CertificateSigningRequest.certificates.k8s.io": describeSigningRequest,
  "IPAddress.networking.k8s.io": describeIpAddress,
  "Ingress.networking.k8s.io": describeIngress,
  "IngressClass.networking.k8s.io": describeIngressClass,
  "NetworkPolicy.networking.k8s.io": describeNetworkPolicy,
  "ServiceCIDR.networking.k8s.io": describeServiceCidr,
  "PriorityClass.scheduling.k8s.io": describePriorityClass,
};

export function describerFor({ group, kind }: Mapping): Describer {
  return DESCRIBERS[group === "" ? kind : `${kind}.${group}`] ?? describeGeneric;
}
