import type { KubeObject } from "../../kubeadm/index.ts";
import { gatewayApiObjects } from "./gateway-api.ts";
import { ingressNginxYaml } from "./ingress-nginx.ts";
import { readManifest } from "./manifest.ts";
import { metallbNativeYaml } from "./metallb.ts";
import type { Written } from "./objects.ts";
import { nginxGatewayCrds, nginxGatewayFabricObjects } from "./nginx-gateway-fabric.ts";

/** What a cluster can be made with besides its network. */
export type AddOn = "gateway" | "ingress-nginx" | "metallb";

const INGRESS_NGINX = { version: "1.12.3", certgen: "v1.5.4" } as const;
const METALLB = "v0.15.2";
const GATEWAY = { api: "v1.3.0", version: "2.0.2" } as const;

const STEPS: Readonly<Record<AddOn, (pool: string, all: readonly AddOn[]) => readonly (readonly KubeObject[])[]>> = {
  "ingress-nginx": () => [
    readManifest(ingressNginxYaml(INGRESS_NGINX.version, INGRESS_NGINX.certgen, "baremetal")).objects,
  ],
  gateway: (_, all) => [
    plain([...gatewayApiObjects(GATEWAY.api), ...nginxGatewayCrds()]),
    plain(nginxGatewayFabricObjects(GATEWAY.version, all.includes("metallb") ? "LoadBalancer" : "NodePort")),
  ],
  metallb: (pool) => [
    readManifest(metallbNativeYaml(METALLB)).objects,
    [
      metallbObject("IPAddressPool", { addresses: [pool] }),
      metallbObject("L2Advertisement", { ipAddressPools: ["default"] }),
    ],
  ],
};

/** Objects that are as they would be read from their manifest, whose text is long to write and to read. */
function plain(objects: readonly Written[]): readonly KubeObject[] {
  return JSON.parse(JSON.stringify(objects)) as readonly KubeObject[];
}

/** What an admin applies to install it, as published; one step after the other has settled. `pool`: addresses to give away; `all`: what else the cluster is made with. */
export function addOnSteps(name: AddOn, pool: string, all: readonly AddOn[]): readonly (readonly KubeObject[])[] {
  return STEPS[name](pool, all);
}

function metallbObject(kind: string, spec: object): KubeObject {
  return {
    apiVersion: "metallb.io/v1beta1",
    kind,
    metadata: { name: "default", namespace: "metallb-system" },
    spec,
  };
}
