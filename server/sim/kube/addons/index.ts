import type { Daemon, Hosts, Program } from "../../host/index.ts";
import { bindCalico, calicoDaemons, calicoPrograms } from "./calico/index.ts";
import { bindFelix } from "./calico/felix/index.ts";
import { cniPlugins as referencePlugins } from "./cni/index.ts";
import { bindCoreDns, coreDnsDaemons } from "./coredns/index.ts";
import { bindWeavers, weaveDaemons, weavePrograms } from "./weave/index.ts";
import { bindFlannel, flannelDaemons } from "./flannel/index.ts";
import { bindIngressNginx, ingressNginxDaemons } from "./ingress-nginx/index.ts";
import { bindWeaveNpc } from "./weave/npc/index.ts";
import { bindMetalLb, metalLbDaemons } from "./metallb/index.ts";
import { bindNginxGateway, nginxGatewayDaemons } from "./nginx-gateway-fabric/index.ts";
import { bindMetricsServer, metricsServerDaemons } from "./metrics-server/index.ts";
import { controlPlaneOf } from "../components/index.ts";
import { apiServerStarted, bindKubeProxy, kubeProxyDaemons } from "./kube-proxy/index.ts";

/** The CNI plugins, and other programs of add-ons' images. */
export const cniPlugins: readonly Program[] = [...referencePlugins, ...calicoPrograms, ...weavePrograms];

/** The programs of a cluster's add-ons. */
export const addonDaemons: readonly Daemon[] = [
  ...calicoDaemons,
  ...coreDnsDaemons,
  ...flannelDaemons,
  ...ingressNginxDaemons,
  ...kubeProxyDaemons,
  ...metalLbDaemons,
  ...metricsServerDaemons,
  ...nginxGatewayDaemons,
  ...weaveDaemons,
];

/** Binds what the add-ons do later than at their start. Once per world, after the clusters are known. */
export function bindAddons(hosts: Hosts): void {
  bindKubeProxy(hosts);
  bindFlannel(hosts);
  bindFelix(hosts);
  bindCalico(hosts);
  bindWeaveNpc(hosts);
  bindWeavers(hosts);
  bindCoreDns(hosts);
  bindMetricsServer(hosts);
  bindIngressNginx(hosts);
  bindMetalLb(hosts);
  bindNginxGateway(hosts);
  controlPlaneOf(hosts).onApiServerStart(() => apiServerStarted(hosts));
}
