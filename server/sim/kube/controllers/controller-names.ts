/** The names of the loops in `--controllers`, with their short old ones (cmd/kube-controller-manager/names). */
const ALIASES = {
  "deployment-controller": "deployment",
  "replicaset-controller": "replicaset",
  "daemonset-controller": "daemonset",
  "statefulset-controller": "statefulset",
  "replicationcontroller-controller": "replicationcontroller",
  "job-controller": "job",
  "cronjob-controller": "cronjob",
  "ttl-after-finished-controller": "ttl-after-finished",
  "disruption-controller": "disruption",
  "horizontal-pod-autoscaler-controller": "horizontalpodautoscaling",
  "endpoints-controller": "endpoint",
  "endpointslice-controller": "endpointslice",
  "endpointslice-mirroring-controller": "endpointslicemirroring",
  "namespace-controller": "namespace",
  "serviceaccount-controller": "serviceaccount",
  "root-ca-certificate-publisher-controller": "root-ca-cert-publisher",
  "garbage-collector-controller": "garbagecollector",
  "pod-garbage-collector-controller": "podgc",
  "node-lifecycle-controller": "nodelifecycle",
  "taint-eviction-controller": "taint-eviction-controller",
  "node-ipam-controller": "nodeipam",
  "ttl-controller": "ttl",
  "clusterrole-aggregation-controller": "clusterrole-aggregation",
  "serviceaccount-token-controller": "serviceaccount-token",
  "certificatesigningrequest-signing-controller": "csrsigning",
  "certificatesigningrequest-approving-controller": "csrapproving",
  "certificatesigningrequest-cleaner-controller": "csrcleaner",
  "resourcequota-controller": "resourcequota",
  "service-cidr-controller": "service-cidr-controller",
  "persistentvolume-binder-controller": "persistentvolume-binder",
  "persistentvolume-expander-controller": "persistentvolume-expander",
  "persistentvolumeclaim-protection-controller": "pvc-protection",
  "persistentvolume-protection-controller": "pv-protection",
  "validatingadmissionpolicy-status-controller": "validatingadmissionpolicy-status-controller",
  "bootstrap-signer-controller": "bootstrapsigner",
  "token-cleaner-controller": "tokencleaner",
} as const;

/** What `*` does not stand for (ControllersDisabledByDefault). */
const DISABLED_BY_DEFAULT: ReadonlySet<string> = new Set<keyof typeof ALIASES>([
  "bootstrap-signer-controller",
  "token-cleaner-controller",
]);

export type ControllerName = keyof typeof ALIASES;

/** Whether `--controllers` lets a loop run; a name outdoes `*` (genericcontrollermanager.IsControllerEnabled). */
export function isEnabled(name: ControllerName, controllers: readonly string[]): boolean {
  const known: readonly string[] = [name, ALIASES[name]];
  for (const item of controllers) {
    if (known.includes(item)) return true;
    if (item.startsWith("-") && known.includes(item.slice(1))) return false;
  }
  return controllers.includes("*") && !DISABLED_BY_DEFAULT.has(name);
}
