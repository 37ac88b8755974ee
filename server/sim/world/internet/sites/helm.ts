import { INGRESS_NGINX_CHARTS, helmIndex } from "../../../kube/addons/manifests/index.ts";
import { frontPage, textPage, type Site } from "../site.ts";

/** The project's pages on GitHub: of them only the chart repository of ingress-nginx. */
const pages: Site = {
  names: ["kubernetes.github.io"],
  address: "198.51.100.45",
  server: "GitHub.com",
  upgrades: true,
  missing: { type: "text/html; charset=utf-8", text: "<!DOCTYPE html>\n<html><body><h1>404</h1></body></html>\n" },
  page: ({ path }) =>
    path === "/ingress-nginx/index.yaml"
      ? textPage(helmIndex(), "text/yaml")
      : path === "/ingress-nginx/"
        ? frontPage("Ingress-Nginx Controller")
        : undefined,
};

/** What `helm search hub` asks (artifacthub.io behind hub.helm.sh). */
const hub: Site = {
  names: ["hub.helm.sh"],
  address: "198.51.100.46",
  upgrades: true,
  missing: { type: "application/json", text: '{"message":"not found"}\n' },
  page({ path, search }) {
    if (path !== "/api/chartsvc/v1/charts/search") return undefined;
    const words = decodeURIComponent(/[?&]q=([^&]*)/.exec(search)?.[1] ?? "").toLowerCase().split(/[+\s]+/); // prettier-ignore
    const { version, appVersion } = INGRESS_NGINX_CHARTS[0];
    const description = "Ingress controller for Kubernetes using NGINX as a reverse proxy and load balancer";
    const fits = words.every((word) => `ingress-nginx ${description}`.toLowerCase().includes(word));
    const found = {
      id: "ingress-nginx/ingress-nginx",
      artifactHub: { packageUrl: "https://artifacthub.io/packages/helm/ingress-nginx/ingress-nginx" },
      attributes: { description },
      relationships: { latestChartVersion: { data: { version, app_version: appVersion } } },
    };
    return textPage(JSON.stringify({ data: fits ? [found] : [] }), "application/json");
  },
};

export const helmSites: readonly Site[] = [pages, hub];
