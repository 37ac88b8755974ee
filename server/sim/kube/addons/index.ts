import type { Daemon, Hosts } from "../../host/index.ts";
import { bindCoreDns, coreDnsDaemons } from "./coredns/index.ts";
import { bindFlannel, flannelDaemons } from "./flannel/index.ts";
import { bindIngressNginx, ingressNginxDaemons } from "./ingress-nginx/index.ts";
import { bindMetricsServer, metricsServerDaemons } from "./metrics-server/index.ts";
import { controlPlaneOf } from "../components/index.ts";
import { apiServerStarted, bindKubeProxy, kubeProxyDaemons } from "./kube-proxy/index.ts";

export { cniPlugins } from "./cni/index.ts";

/** The programs of a cluster's add-ons. */
export const addonDaemons: readonly Daemon[] = [
  ...coreDnsDaemons,
  ...flannelDaemons,
  ...ingressNginxDaemons,
  ...kubeProxyDaemons,
  ...metricsServerDaemons,
];

/** Binds what the add-ons do later than at their start. Once per world, after the clusters are known. */
export function bindAddons(hosts: Hosts): void {
  bindKubeProxy(hosts);
  bindFlannel(hosts);
  bindCoreDns(hosts);
  bindMetricsServer(hosts);
  bindIngressNginx(hosts);
  controlPlaneOf(hosts).onApiServerStart(() => apiServerStarted(hosts));
}
