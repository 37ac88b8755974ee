import type { Host } from "../../host/index.ts";
import type { RestConfig } from "./rest-config.ts";

const FOLDER = "/var/run/secrets/kubernetes.io/serviceaccount";

/**
 * How a container of a Pod reaches its cluster's API server: by the variables of the Service `kubernetes` and its service
 * account's files (client-go rest.InClusterConfig). An error in client-go's words.
 */
export function inClusterConfig(
  host: Host,
  env: Readonly<Record<string, string>>,
  userAgent: string,
): RestConfig | { readonly error: string } {
  const address = env["KUBERNETES_SERVICE_HOST"] ?? "";
  const port = env["KUBERNETES_SERVICE_PORT"] ?? "";
  if (address === "" || port === "")
    return {
      error:
        "unable to load in-cluster configuration, KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT must be defined",
    };
  const token = host.readText(`${FOLDER}/token`);
  if (token === undefined) return { error: `open ${FOLDER}/token: no such file or directory` };
  const authority = host.readText(`${FOLDER}/ca.crt`);
  return {
    server: `https://${address.includes(":") ? `[${address}]` : address}:${port}`,
    ...(authority === undefined ? {} : { certificateAuthority: authority }),
    token: token.trim(),
    userAgent,
  };
}
