import type { ApiClient } from "../../access/api-client.ts";
import { SERVICE_ACCOUNTS } from "../resources.ts";

/** Where the machine's /etc/cni/net.d is in Calico's containers. */
export const NET_DIR = "/host/etc/cni/net.d";
const ACCOUNT = "calico-cni-plugin";
const NAMESPACE = "kube-system";
/** Seconds that the plugins' token is good for. */
const VALIDITY = 86_400;

interface Container {
  readonly env: Readonly<Record<string, string>>;
  readonly authority: string;
}

/** The kubeconfig of the plugins, with a fresh token for their service account (node/pkg/cni/token_watch.go). */
export function pluginKubeconfig(api: ApiClient, { env, authority }: Container): string {
  const answer = api.act(SERVICE_ACCOUNTS, ACCOUNT, NAMESPACE, "token", {
    apiVersion: "authentication.k8s.io/v1",
    kind: "TokenRequest",
    spec: { audiences: [], expirationSeconds: VALIDITY },
  });
  const { token } = answer["status"] as { readonly token: string };
  const { KUBERNETES_SERVICE_HOST: host = "", KUBERNETES_SERVICE_PORT: port = "" } = env;
  return `# Kubeconfig file for Calico CNI plugin. Installed by calico/node.
apiVersion: v1
kind: Config
clusters:
- name: local
  cluster:
    server: https://${host}:${port}
    certificate-authority-data: "${Buffer.from(authority, "latin1").toString("base64")}"
users:
- name: calico
  user:
    token: ${token}
contexts:
- name: calico-context
  context:
    cluster: local
    user: calico
current-context: calico-context`;
}
