import type { Process } from "../../../sim/host/index.ts";
import type { RestConfig } from "../transport.ts";

const FOLDER = "/var/run/secrets/kubernetes.io/serviceaccount";

/** What a container's service account gives, if the process runs in one (client-go rest/config.go InClusterConfig). */
export function inClusterConfig(process: Process): Omit<RestConfig, "timeout"> | undefined {
  const { KUBERNETES_SERVICE_HOST: host = "", KUBERNETES_SERVICE_PORT: port = "" } = process.env;
  const token = process.host.readText(`${FOLDER}/token`);
  if (host === "" || port === "" || token === undefined) return undefined;
  return {
    server: `https://${host.includes(":") ? `[${host}]` : host}:${port}`,
    insecureSkipTlsVerify: false,
    tlsServerName: "",
    certificateAuthority: process.host.readText(`${FOLDER}/ca.crt`) ?? "",
    clientCertificate: "",
    clientKey: "",
    token,
    username: "",
    password: "",
    impersonate: { user: "", uid: "", groups: [] },
  };
}

export function inClusterNamespace(process: Process): string | undefined {
  if (!inClusterConfig(process)) return undefined;
  const namespace = process.host.readText(`${FOLDER}/namespace`)?.trim();
  return namespace === "" ? undefined : namespace;
}
