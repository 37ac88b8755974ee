import { FLANNEL_YAML } from "./flannel-yaml.ts";
import { METRICS_SERVER_YAML } from "./metrics-server-yaml.ts";

const FLANNEL = "https://github.com/flannel-io/flannel/releases";
const METRICS_SERVER = "https://github.com/kubernetes-sigs/metrics-server/releases";
const FLANNEL_RAW = "https://raw.githubusercontent.com/flannel-io/flannel";

/** What `kubectl apply -f URL` finds: manifests by the addresses under which their projects publish them. */
export const PUBLISHED_MANIFESTS: ReadonlyMap<string, string> = new Map([
  [`${FLANNEL}/download/v0.27.0/kube-flannel.yml`, FLANNEL_YAML],
  [`${FLANNEL}/latest/download/kube-flannel.yml`, FLANNEL_YAML],
  [`${FLANNEL_RAW}/v0.27.0/Documentation/kube-flannel.yml`, FLANNEL_YAML],
  [`${FLANNEL_RAW}/master/Documentation/kube-flannel.yml`, FLANNEL_YAML],
  [`${METRICS_SERVER}/download/v0.7.2/components.yaml`, METRICS_SERVER_YAML],
  [`${METRICS_SERVER}/latest/download/components.yaml`, METRICS_SERVER_YAML],
]);
