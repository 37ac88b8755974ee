import { commonChecks, fileAbsent, privileged, runChecks } from "../preflight.ts";
import { errorSaying } from "../cluster-objects.ts";
import type { JoinData } from "./join-data.ts";

export const BOOTSTRAP = "/etc/kubernetes/bootstrap-kubelet.conf";
export const AUTHORITY = "/etc/kubernetes/pki/ca.crt";
export const KUBELET_CONFIG = "/etc/kubernetes/kubelet.conf";

/** As phases/join/preflight.go: the machine is looked at, the cluster found and asked how it was set up. */
export async function checkNode(data: JoinData): Promise<void> {
  const { process, criSocket, ignoredErrors } = data;
  await data.print("[preflight] Running pre-flight checks");
  await runChecks(process, [privileged(process)], ignoredErrors);
  const checks = [
    ...[KUBELET_CONFIG, BOOTSTRAP].map((path) => fileAbsent(process, path)),
    ...commonChecks(process, criSocket),
    fileAbsent(process, AUTHORITY),
  ];
  await runChecks(process, checks, ignoredErrors);
  const client = await data.client();
  await data.print(
    '[preflight] Reading configuration from the "kubeadm-config" ConfigMap in namespace "kube-system"...',
  );
  await data.print("[preflight] Use 'kubeadm init phase upload-config --config your-config-file' to re-upload it.");
  try {
    await client.call("GET", "/api/v1/namespaces/kube-system/configmaps/kubeadm-config");
  } catch (error) {
    throw errorSaying("unable to fetch the kubeadm-config ConfigMap: failed to get config map", error);
  }
}
