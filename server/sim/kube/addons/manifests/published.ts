import { calicoYaml } from "./calico.ts";
import { FLANNEL_YAML } from "./flannel-yaml.ts";
import { gatewayApiYaml } from "./gateway-api.ts";
import { ingressNginxYaml } from "./ingress-nginx.ts";
import { localPathYaml } from "./local-path.ts";
import { metallbNativeYaml } from "./metallb.ts";
import { METRICS_SERVER_YAML } from "./metrics-server-yaml.ts";
import { nginxGatewayCrdsYaml, nginxGatewayFabricYaml } from "./nginx-gateway-fabric.ts";
import { calicoCustomResourcesYaml, operatorCrdsYaml, tigeraOperatorYaml } from "./tigera-operator.ts";
import { weaveYaml } from "./weave.ts";

const GITHUB = "https://github.com";
const RAW = "https://raw.githubusercontent.com";

/** The release of each project that `releases/latest` stands for. */
export const LATEST_RELEASES: ReadonlyMap<string, string> = new Map([
  ["flannel-io/flannel", "v0.27.0"],
  ["kubernetes-sigs/gateway-api", "v1.3.0"],
  ["kubernetes-sigs/metrics-server", "v0.7.2"],
  ["weaveworks/weave", "v2.8.1"],
]);

type Entry = readonly [url: string, text: () => string];

/** Releases of ingress-nginx with the tag of their kube-webhook-certgen. */
const INGRESS_NGINX: readonly (readonly [version: string, refs: readonly string[], certgen: string])[] = [
  ["1.12.1", ["controller-v1.12.1"], "v1.5.2"],
  ["1.12.2", ["controller-v1.12.2"], "v1.5.3"],
  ["1.12.3", ["controller-v1.12.3", "main"], "v1.5.4"],
];

/** Releases of flannel with the tag of their CNI plugin; `master` is the newest. Old addresses have the first owner's name. */
const FLANNEL: readonly (readonly [version: string, plugin: string, ...refs: string[]])[] = [
  ["v0.26.7", "v1.6.2-flannel1"],
  ["v0.27.0", "v1.7.1-flannel1", "master"],
];

function flannelOf(version: string, plugin: string): string {
  return FLANNEL_YAML.replaceAll("flannel:v0.27.0", `flannel:${version}`).replace("v1.7.1-flannel1", plugin);
}

/** Releases of Calico with that of their operator. */
const CALICO: readonly (readonly [version: string, operator: string])[] = [
  ["v3.30.0", "v1.38.0"],
  ["v3.30.1", "v1.38.1"],
  ["v3.30.2", "v1.38.3"],
];

const ENTRIES: readonly Entry[] = [
  ...FLANNEL.flatMap(([version, plugin, ...refs]) => {
    const text = (): string => flannelOf(version, plugin);
    return [
      [`${GITHUB}/flannel-io/flannel/releases/download/${version}/kube-flannel.yml`, text] as const,
      ...["flannel-io", "coreos"].flatMap((owner) =>
        [version, ...refs].map(
          (ref) => [`${RAW}/${owner}/flannel/${ref}/Documentation/kube-flannel.yml`, text] as const,
        ),
      ),
    ];
  }),
  ...["v0.7.0", "v0.7.1", "v0.7.2"].map((version): Entry => [
    `${GITHUB}/kubernetes-sigs/metrics-server/releases/download/${version}/components.yaml`,
    () => METRICS_SERVER_YAML.replace("metrics-server:v0.7.2", `metrics-server:${version}`),
  ]),
  [`${GITHUB}/weaveworks/weave/releases/download/v2.8.1/weave-daemonset-k8s.yaml`, () => weaveYaml("2.8.1")],
  [`${GITHUB}/weaveworks/weave/releases/download/v2.8.1/weave-daemonset-k8s-1.11.yaml`, () => weaveYaml("2.8.1")],
  [
    `${GITHUB}/kubernetes-sigs/gateway-api/releases/download/v1.3.0/standard-install.yaml`,
    () => gatewayApiYaml("v1.3.0"),
  ],
  ...INGRESS_NGINX.flatMap(([version, refs, certgen]) =>
    (["baremetal", "cloud"] as const).flatMap((provider) =>
      refs.map((ref): Entry => {
        const path = `deploy/static/provider/${provider}/deploy.yaml`;
        return [`${RAW}/kubernetes/ingress-nginx/${ref}/${path}`, () => ingressNginxYaml(version, certgen, provider)];
      }),
    ),
  ),
  ...["v0.15.2", "v0.14.9"].map((ref): Entry => [
    `${RAW}/metallb/metallb/${ref}/config/manifests/metallb-native.yaml`,
    () => metallbNativeYaml(ref),
  ]),
  ...["v0.0.31", "master"].map((ref): Entry => [
    `${RAW}/rancher/local-path-provisioner/${ref}/deploy/local-path-storage.yaml`,
    () => localPathYaml("v0.0.31"),
  ]),
  ...["nginx", "nginxinc"].flatMap((owner): Entry[] => {
    const deploy = `${RAW}/${owner}/nginx-gateway-fabric/v2.0.2/deploy`;
    return [
      [`${deploy}/crds.yaml`, () => nginxGatewayCrdsYaml()],
      [`${deploy}/default/deploy.yaml`, () => nginxGatewayFabricYaml("2.0.2", "LoadBalancer")],
      [`${deploy}/nodeport/deploy.yaml`, () => nginxGatewayFabricYaml("2.0.2", "NodePort")],
    ];
  }),
  ...CALICO.flatMap(([version, operator]): Entry[] => {
    const manifests = `${RAW}/projectcalico/calico/${version}/manifests`;
    return [
      [`${manifests}/calico.yaml`, () => calicoYaml(version)],
      [`${manifests}/operator-crds.yaml`, () => operatorCrdsYaml()],
      [`${manifests}/tigera-operator.yaml`, () => tigeraOperatorYaml(operator, version)],
      [`${manifests}/custom-resources.yaml`, () => calicoCustomResourcesYaml()],
    ];
  }),
];

/**
 * What projects publish, by the address under which the file itself is: releases' files on github.com, files of repositories
 * on raw.githubusercontent.com. The ways there (`latest`, `raw`) are the sites' own (world/internet). Texts are written when
 * they are asked for.
 */
export const PUBLISHED_MANIFESTS: ReadonlyMap<string, () => string> = new Map(
  ENTRIES.map(([url, write]) => [url, once(write)]),
);

function once(write: () => string): () => string {
  let text: string | undefined;
  return () => (text ??= write());
}
