import type { Daemon, Hosts } from "../../../host/index.ts";
import { networkOfHosts } from "../../../net/index.ts";
import { provideIngressControllers } from "./controllers.ts";
import { nginxIngressController } from "./nginx-ingress-controller.ts";
import { bindOldControllers } from "./old-controller.ts";
import { HEALTH, healthApplication } from "./server/health.ts";
import { WEBHOOK, webhookApplication } from "./server/webhook.ts";

/** The programs of ingress-nginx' images, for the registry. nginx itself is sim/images'. */
export const ingressNginxDaemons: readonly Daemon[] = [nginxIngressController];

/** Binds the controllers of a world, and what answers at their ports. Once per world, after its clusters are known. */
export function bindIngressNginx(hosts: Hosts): void {
  const { running } = provideIngressControllers(hosts);
  bindOldControllers(hosts);
  networkOfHosts(hosts).serve(HEALTH, healthApplication(hosts, running));
  networkOfHosts(hosts).serve(WEBHOOK, webhookApplication(hosts, running));
}
