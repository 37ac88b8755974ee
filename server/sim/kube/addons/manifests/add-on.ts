import type { KubeObject } from "../../kubeadm/index.ts";
import { ingressNginxYaml } from "./ingress-nginx.ts";
import { readManifest } from "./manifest.ts";
import { metallbNativeYaml } from "./metallb.ts";

/** What a cluster can be made with besides its network. */
export type AddOn = "ingress-nginx" | "metallb";

const INGRESS_NGINX = { version: "1.12.3", certgen: "v1.5.4" } as const;
const METALLB = "v0.15.2";

const STEPS: Readonly<Record<AddOn, (pool: string) => readonly (readonly KubeObject[])[]>> = {
  "ingress-nginx": () => [
    readManifest(ingressNginxYaml(INGRESS_NGINX.version, INGRESS_NGINX.certgen, "baremetal")).objects,
  ],
  metallb: (pool) => [
    readManifest(metallbNativeYaml(METALLB)).objects,
    [
      metallbObject("IPAddressPool", { addresses: [pool] }),
      metallbObject("L2Advertisement", { ipAddressPools: ["default"] }),
    ],
  ],
};

/** What an admin applies to install it, as published; one step after the other has settled. `pool`: addresses to give away. */
export function addOnSteps(name: AddOn, pool: string): readonly (readonly KubeObject[])[] {
  return STEPS[name](pool);
}

function metallbObject(kind: string, spec: object): KubeObject {
  return {
    apiVersion: "metallb.io/v1beta1",
    kind,
    metadata: { name: "default", namespace: "metallb-system" },
    spec,
  };
}
