import { FLANNEL_YAML } from "./flannel-yaml.ts";
import { METRICS_SERVER_YAML } from "./metrics-server-yaml.ts";

const GITHUB = "https://github.com";
const RAW = "https://raw.githubusercontent.com";

/** The release of each project that `releases/latest` stands for. */
export const LATEST_RELEASES: ReadonlyMap<string, string> = new Map([
  ["flannel-io/flannel", "v0.27.0"],
  ["kubernetes-sigs/metrics-server", "v0.7.2"],
]);

/**
 * What projects publish, by the address under which the file itself is: releases' files on github.com, files of repositories
 * on raw.githubusercontent.com. The ways there (`latest`, `raw`) are the sites' own (world/internet).
 */
export const PUBLISHED_MANIFESTS: ReadonlyMap<string, string> = new Map([
  [`${GITHUB}/flannel-io/flannel/releases/download/v0.27.0/kube-flannel.yml`, FLANNEL_YAML],
  ...["v0.27.0", "master"].map(
    (ref) => [`${RAW}/flannel-io/flannel/${ref}/Documentation/kube-flannel.yml`, FLANNEL_YAML] as const,
  ),
  [`${GITHUB}/kubernetes-sigs/metrics-server/releases/download/v0.7.2/components.yaml`, METRICS_SERVER_YAML],
]);
