import { certificatePem, privateKeyPem, type Issuer } from "../pki/index.ts";
import { CLUSTER_ADMINS, clientCertificate, type TextFile } from "./certificates.ts";
import { hostPort, type Cluster, type NodeParameters } from "./cluster.ts";
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

/** Who a kubeconfig of the control plane is for. */
export interface ConfigUser {
  readonly file: string;
  /** The common name of its certificate. */
  readonly user: string;
  readonly organizations: readonly string[];
  /** Components of the control plane talk to the API server of their own node, whatever the endpoint is. */
  readonly local?: boolean;
}

/** As cmd/kubeadm/app/phases/kubeconfig getKubeConfigSpecsBase, in the order in which init writes them. */
export function configUsers(node: NodeParameters): ConfigUser[] {
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
  readonly file: TextFile;
  readonly client: Issuer;
}

/** The kubeconfigs of a control plane, by the names of their files. */
export function clientConfigs(cluster: Cluster, node: NodeParameters, ca: Issuer): Map<string, ClientConfig> {
  const authority = certificatePem(ca.certificate);
  return new Map(
    configUsers(node).map((of) => {
      const client = clientCertificate(cluster, ca, of.file, of.user, of.organizations);
      const text = clientConfigText(cluster, node, of, authority, client);
      return [of.file, { file: { path: `/etc/kubernetes/${of.file}`, mode: 0o600, text }, client }];
    }),
  );
}

/** The kubeconfig of a user of the control plane; `authority` is a PEM. */
export function clientConfigText(
  cluster: Cluster,
  node: NodeParameters,
  { user, local }: ConfigUser,
  authority: string,
  client: Issuer,
): string {
  return kubeconfigText({
    cluster: cluster.clusterName,
    server: serverFor(cluster, node, local),
    authority,
    user,
    context: `${user}@${cluster.clusterName}`,
    credentials: {
      "client-certificate-data": base64(certificatePem(client.certificate)),
      "client-key-data": base64(privateKeyPem(client.key)),
    },
  });
}

/** Where a kubeconfig's API server is. */
export function serverFor(cluster: Cluster, node: NodeParameters, local = false): string {
  return local ? `https://${hostPort(node.address, cluster.bindPort)}` : cluster.server;
}

export function base64(text: string): string {
  return Buffer.from(text, "utf8").toString("base64");
}
