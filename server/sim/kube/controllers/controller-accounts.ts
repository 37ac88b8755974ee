import { isStatus, type Client } from "../api/index.ts";
import { namespaces, serviceAccounts } from "../kinds/index.ts";

const NAMESPACE = "kube-system";

/** The accounts that the controllers of a kubeadm cluster of 1.33 make for themselves in kube-system when they start. */
const ACCOUNTS: readonly string[] = [
  "attachdetach-controller", "bootstrap-signer", "certificate-controller", "clusterrole-aggregation-controller",
  "cronjob-controller", "daemon-set-controller", "deployment-controller", "disruption-controller", "endpoint-controller",
  "endpointslice-controller", "endpointslicemirroring-controller", "ephemeral-volume-controller", "expand-controller",
  "generic-garbage-collector", "horizontal-pod-autoscaler", "job-controller", "legacy-service-account-token-cleaner",
  "namespace-controller", "node-controller", "persistent-volume-binder", "pod-garbage-collector", "pv-protection-controller",
  "pvc-protection-controller", "replicaset-controller", "replication-controller", "resourcequota-controller",
  "root-ca-cert-publisher", "selinux-warning-controller", "service-account-controller", "service-cidrs-controller",
  "statefulset-controller", "token-cleaner", "ttl-after-finished-controller", "ttl-controller",
  "validatingadmissionpolicy-status-controller",
]; // prettier-ignore

/** Makes those that are missing (controller-manager pkg/clientbuilder getOrCreateServiceAccount). */
export function ensureControllerAccounts(client: Client): void {
  if (!client.reachable || !client.get(namespaces, "", NAMESPACE)) return;
  for (const name of ACCOUNTS)
    if (!client.get(serviceAccounts, NAMESPACE, name))
      try {
        client.create(serviceAccounts, { metadata: { name, namespace: NAMESPACE } });
      } catch (error) {
        if (!isStatus(error)) throw error;
      }
}
