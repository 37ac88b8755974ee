import { stringify } from "yaml";

/** Releases of the chart ingress-nginx, newest first. */
export const INGRESS_NGINX_CHARTS = [
  { version: "4.12.3", appVersion: "1.12.3", certgen: "v1.5.4" },
  { version: "4.12.2", appVersion: "1.12.2", certgen: "v1.5.3" },
  { version: "4.12.1", appVersion: "1.12.1", certgen: "v1.5.2" },
] as const;

const DESCRIPTION = "Ingress controller for Kubernetes using NGINX as a reverse proxy and load balancer";

/** index.yaml of the repository. */
export function helmIndex(): string {
  const entries = INGRESS_NGINX_CHARTS.map(({ version, appVersion }) => ({
    apiVersion: "v2",
    appVersion,
    created: "2025-06-04T09:00:00Z",
    description: DESCRIPTION,
    home: "https://github.com/kubernetes/ingress-nginx",
    kubeVersion: ">=1.21.0-0",
    name: "ingress-nginx",
    urls: [
      `https://github.com/kubernetes/ingress-nginx/releases/download/helm-chart-${version}/ingress-nginx-${version}.tgz`,
    ],
    version,
  }));
  return stringify(
    { apiVersion: "v1", entries: { "ingress-nginx": entries }, generated: "2025-06-04T09:00:00Z" },
    { indentSeq: false, lineWidth: 0 },
  );
}
