import type { Pod } from "../../api/index.ts";

const HEADER = "# Kubernetes-managed hosts file.\n";
const HOST_NETWORK_HEADER = "# Kubernetes-managed hosts file (host network).\n";

/** The host name of a Pod and its domain, which is empty without a subdomain (kubelet_pods.go GeneratePodHostNameAndDomain). */
export function hostnameOf(
  { metadata, spec }: Pod,
  clusterDomain: string,
): { readonly hostname: string; readonly domain: string } {
  const full = spec.hostname ?? metadata.name;
  const hostname = full.length > 63 ? full.slice(0, 63).replace(/[-.]+$/, "") : full;
  const domain = spec.subdomain ? `${spec.subdomain}.${metadata.namespace ?? ""}.svc.${clusterDomain}` : "";
  return { hostname, domain };
}

/** What `hostname` prints in a Pod (util.GetNodenameForKernel). */
export function kernelHostname({ spec }: Pod, hostname: string, domain: string): string {
  return spec.setHostnameAsFQDN && domain !== "" ? `${hostname}.${domain}` : hostname;
}

/** /etc/hosts of the containers of a Pod (kubelet_pods.go managedHostsFileContent). */
export function hostsFile(
  pod: Pod,
  podIPs: readonly string[],
  name: { readonly hostname: string; readonly domain: string },
  nodeHosts: string,
): string {
  const aliases = (pod.spec.hostAliases ?? []).map(({ ip, hostnames = [] }) => `${ip}\t${hostnames.join("\t")}\n`);
  const added = aliases.length === 0 ? "" : `\n# Entries added by HostAliases.\n${aliases.join("")}`;
  if (pod.spec.hostNetwork) return `${HOST_NETWORK_HEADER}${nodeHosts}${added}`;
  const names = name.domain === "" ? name.hostname : `${name.hostname}.${name.domain}\t${name.hostname}`;
  return [
    HEADER,
    "127.0.0.1\tlocalhost\n",
    "::1\tlocalhost ip6-localhost ip6-loopback\n",
    "fe00::0\tip6-localnet\n",
    "fe00::0\tip6-mcastprefix\n",
    "fe00::1\tip6-allnodes\n",
    "fe00::2\tip6-allrouters\n",
    ...podIPs.map((ip) => `${ip}\t${names}\n`),
    added,
  ].join("");
}
