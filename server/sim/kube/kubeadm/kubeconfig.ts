import type { FileSpec } from "../../host/index.ts";
import { certificatePem, privateKeyPem, type Issuer } from "../pki/index.ts";
import { CLUSTER_ADMINS, clientCertificate } from "./certificates.ts";
import { hostPort, API_PORT, type Cluster, type NodeParameters } from "./cluster.ts";
import { toYaml } from "./yaml.ts";

/** A kubeconfig of one cluster, one user and one context. */
interface Kubeconfig {
  readonly cluster: string;
  readonly server: string;
  /** PEM. */
  readonly authority: string;
  readonly user: string;
  readonly context: string;
  readonly namespace?: string;
  readonly credentials: Readonly<Record<string, string>>;
}

/** As clientcmd.WriteToFile writes it. */
export function kubeconfigText(config: Kubeconfig): string {
  return toYaml({
    apiVersion: "v1",
    clusters: [
      {
        cluster: { "certificate-authority-data": base64(config.authority), server: config.server },
        name: config.cluster,
      },
    ],
    contexts: [
      {
        context: { cluster: config.cluster, namespace: config.namespace, user: config.user },
        name: config.context,
      },
    ],
    "current-context": config.context,
    kind: "Config",
    preferences: {},
    users: [{ name: config.user, user: config.credentials }],
  });
}

interface User {
  readonly file: string;
  readonly user: string;
  readonly organizations: readonly string[];
  /** Components of the control plane talk to the API server of their own node, whatever the endpoint is. */
  readonly local?: boolean;
}

/** As cmd/kubeadm/app/phases/kubeconfig getKubeConfigSpecsBase, in the order in which init writes them. */
function users(node: NodeParameters): User[] {
  return [
    { file: "admin.conf", user: "kubernetes-admin", organizations: [CLUSTER_ADMINS] },
    { file: "super-admin.conf", user: "kubernetes-super-admin", organizations: ["system:masters"] },
    { file: "kubelet.conf", user: `system:node:${node.name}`, organizations: ["system:nodes"] },
    { file: "controller-manager.conf", user: "system:kube-controller-manager", organizations: [], local: true },
    { file: "scheduler.conf", user: "system:kube-scheduler", organizations: [], local: true },
  ];
}

/** A kubeconfig file with the client certificate that it carries. */
export interface ClientConfig {
  readonly file: FileSpec & { readonly text: string };
  readonly client: Issuer;
}

/** The kubeconfigs of a control plane, by the names of their files. */
export function clientConfigs(cluster: Cluster, node: NodeParameters, ca: Issuer): Map<string, ClientConfig> {
  const authority = certificatePem(ca.certificate);
  return new Map(
    users(node).map(({ file, user, organizations, local }) => {
      const client = clientCertificate(cluster, ca, file, user, organizations);
      const text = kubeconfigText({
        cluster: cluster.clusterName,
        server: local ? `https://${hostPort(node.address, API_PORT)}` : cluster.server,
        authority,
        user,
        context: `${user}@${cluster.clusterName}`,
        credentials: {
          "client-certificate-data": base64(certificatePem(client.certificate)),
          "client-key-data": base64(privateKeyPem(client.key)),
        },
      });
      return [file, { file: { path: `/etc/kubernetes/${file}`, mode: 0o600, text }, client }];
    }),
  );
}

export function base64(text: string): string {
  return Buffer.from(text, "utf8").toString("base64");
}
