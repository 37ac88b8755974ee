/**
 * Which lists and maps are merged element by element when they are applied, from the markers listType, listMapKey, mapType
 * and structType of the Go types (as client-go/applyconfigurations/internal/internal.go shows them). Types are named
 * without their version. What is not named is usual: lists are atomic, maps and structures are merged field by field.
 */

/** Lists that are sets (`*`), or maps by the keys of their elements. */
const LISTS: Record<string, Readonly<Record<string, string>>> = {
  ObjectMeta: { finalizers: "*", ownerReferences: "uid" },
  PodSpec: {
    containers: "name", initContainers: "name", ephemeralContainers: "name", volumes: "name", imagePullSecrets: "name",
    hostAliases: "ip", topologySpreadConstraints: "topologyKey whenUnsatisfiable", schedulingGates: "name",
    resourceClaims: "name",
  }, // prettier-ignore
  Container: {
    env: "name",
    ports: "containerPort protocol",
    volumeMounts: "mountPath",
    volumeDevices: "devicePath",
  },
  EphemeralContainer: {
    env: "name",
    ports: "containerPort protocol",
    volumeMounts: "mountPath",
    volumeDevices: "devicePath",
  },
  ResourceRequirements: { claims: "name" },
  ResourceStatus: { resources: "resourceID" },
  ContainerStatus: { allocatedResourcesStatus: "name", volumeMounts: "mountPath" },
  PodStatus: { conditions: "type", podIPs: "ip", resourceClaimStatuses: "name" },
  ServiceSpec: { ports: "port protocol" },
  ServiceStatus: { conditions: "type" },
  ServiceAccount: { secrets: "name" },
  NodeSpec: { podCIDRs: "*" },
  NodeStatus: { addresses: "type", conditions: "type" },
  NamespaceStatus: { conditions: "type" },
  PersistentVolumeClaimStatus: { conditions: "type" },
  ReplicationControllerStatus: { conditions: "type" },
  ComponentStatus: { conditions: "type" },
  DaemonSetStatus: { conditions: "type" },
  DeploymentStatus: { conditions: "type" },
  ReplicaSetStatus: { conditions: "type" },
  StatefulSetStatus: { conditions: "type" },
  PodFailurePolicyOnExitCodesRequirement: { values: "*" },
  UncountedTerminatedPods: { failed: "*", succeeded: "*" },
  HorizontalPodAutoscalerStatus: { conditions: "type" },
  PodDisruptionBudgetStatus: { conditions: "type" },
  CertificateSigningRequestStatus: { conditions: "type" },
  Endpoint: { addresses: "*" },
  FlowSchemaStatus: { conditions: "type" },
  PriorityLevelConfigurationStatus: { conditions: "type" },
  NonResourcePolicyRule: { nonResourceURLs: "*", verbs: "*" },
  ResourcePolicyRule: { apiGroups: "*", namespaces: "*", resources: "*", verbs: "*" },
  ServiceCIDRStatus: { conditions: "type" },
  CSINodeSpec: { drivers: "name" },
  CSIDriverSpec: { volumeLifecycleModes: "*" },
  MutatingWebhookConfiguration: { webhooks: "name" },
  MutatingWebhook: { matchConditions: "name" },
  ValidatingWebhookConfiguration: { webhooks: "name" },
  ValidatingWebhook: { matchConditions: "name" },
  ValidatingAdmissionPolicySpec: { matchConditions: "name", variables: "name" },
  ValidatingAdmissionPolicyStatus: { conditions: "type" },
  ValidatingAdmissionPolicyBindingSpec: { validationActions: "*" },
  MutatingAdmissionPolicySpec: { matchConditions: "name" },
  StorageVersionStatus: { conditions: "type", storageVersions: "apiServerID" },
  ServerStorageVersion: { decodableVersions: "*", servedVersions: "*" },
  ResourceClaimStatus: { devices: "driver device pool", reservedFor: "uid" },
  AllocatedDeviceStatus: { conditions: "type" },
  CustomResourceDefinitionStatus: { conditions: "type" },
  APIServiceStatus: { conditions: "type" },
};

/** Structures that are written as a whole. */
const ATOMIC = new Set([
  "LabelSelector", "OwnerReference", "ObjectReference", "LocalObjectReference", "SecretReference",
  "TypedLocalObjectReference", "ConfigMapKeySelector", "SecretKeySelector", "FileKeySelector", "ObjectFieldSelector",
  "ResourceFieldSelector", "NodeSelector", "NodeSelectorTerm", "TopologySelectorTerm", "ScopeSelector", "EndpointAddress",
  "EndpointPort", "RoleRef", "Subject", "MatchResources", "NamedRuleWithOperations", "ParamKind", "ParamRef", "Variable",
]); // prettier-ignore

/** Maps, and structures in one place, that are otherwise than usual. */
const FIELDS: Record<string, Readonly<Record<string, "atomic" | "separable">>> = {
  PodSpec: { nodeSelector: "atomic" },
  ServiceSpec: { selector: "atomic" },
  ReplicationControllerSpec: { selector: "atomic" },
  Scheduling: { nodeSelector: "atomic" },
  PersistentVolumeSpec: { claimRef: "separable" },
};

/** Fields of a list's elements that keys may leave out, with what they are then. */
const KEY_DEFAULTS: Readonly<Record<string, string>> = { protocol: "TCP" };

export function listKeys(type: string, field: string): readonly string[] | undefined {
  return LISTS[type]?.[field]?.split(" ");
}

/** `undefined` where it is as usual. */
export function fieldTopology(type: string, field: string): "atomic" | "separable" | undefined {
  return FIELDS[type]?.[field];
}

export function isAtomic(type: string): boolean {
  return ATOMIC.has(type);
}

export function keyDefault(key: string): string | undefined {
  return KEY_DEFAULTS[key];
}
