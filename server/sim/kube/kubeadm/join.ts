import type { Time } from "../../kernel/index.ts";
import { certificatePem } from "../pki/index.ts";
import { KUBELET_STARTS, PKI, type NodeParameters } from "./cluster.ts";
import { phase, type Init, type Phase } from "./init.ts";
import { kubeconfigText } from "./kubeconfig.ts";
import { kubeletConfigurationFile, kubeletFlagsFile } from "./kubelet-config.ts";
import { bootstrappedClient, CURRENT_CLIENT, kubeletFiles } from "./kubelet-files.ts";
import { WORKER_MARKS, type NodeMarks } from "./mark-control-plane.ts";

/** What `kubeadm join` and the kubelet's bootstrap leave on a worker. */
export interface Join {
  readonly node: NodeParameters;
  readonly phases: readonly Phase[];
  readonly marks: NodeMarks;
}

/** bootstrap-kubelet.conf does not appear: it is gone once the kubelet has its certificate. */
export function kubeadmJoin({ cluster, certificates }: Init, node: NodeParameters, at: Time): Join {
  const ca = certificates.get("ca")!;
  const kubeletStarts = at + KUBELET_STARTS;
  const client = bootstrappedClient(cluster, ca, node, kubeletStarts);
  return {
    node,
    marks: WORKER_MARKS,
    phases: [
      phase("kubelet-start", [
        { path: PKI, dir: true },
        { path: `${PKI}/ca.crt`, text: certificatePem(ca.certificate) },
        kubeletConfigurationFile(cluster),
        kubeletFlagsFile(cluster),
        ...kubeletFiles(cluster, node, client, kubeletStarts),
        {
          path: "/etc/kubernetes/kubelet.conf",
          mode: 0o600,
          text: bootstrappedConfig(cluster.server, certificatePem(ca.certificate)),
        },
      ]),
    ],
  };
}

/** As pkg/kubelet/certificate/bootstrap writeKubeconfigFromBootstrapping; `authority` is a PEM. */
export function bootstrappedConfig(server: string, authority: string): string {
  return kubeconfigText({
    cluster: "default-cluster",
    server,
    authority,
    user: "default-auth",
    context: "default-context",
    namespace: "default",
    credentials: { "client-certificate": CURRENT_CLIENT, "client-key": CURRENT_CLIENT },
  });
}
