import { PUBLISHED_MANIFESTS } from "../../../kube/addons/manifests/index.ts";
import { KUBERNETES_EXAMPLES } from "./examples/index.ts";

export { kubernetesRepositoryFile } from "./kubernetes-packages.ts";
export { LATEST_RELEASES } from "../../../kube/addons/manifests/index.ts";

const RAW = "https://raw.githubusercontent.com/";
const RELEASES = /^([^/]+\/[^/]+)\/(.+)$/;
const EXAMPLES = "kubernetes/website/main/content/en/examples/";

/** A manifest of the Kubernetes documentation, by its path below https://k8s.io/examples/. */
export function exampleText(path: string): string | undefined {
  return KUBERNETES_EXAMPLES.get(path);
}

/** A file of a release, by `OWNER/REPOSITORY/TAG/FILE`. */
export function releaseAsset(path: string): string | undefined {
  const [, repository = "", file = ""] = RELEASES.exec(path) ?? [];
  return PUBLISHED_MANIFESTS.get(`https://github.com/${repository}/releases/download/${file}`)?.();
}

/** A file of a repository, by `OWNER/REPOSITORY/REF/PATH`. */
export function rawFile(path: string): string | undefined {
  if (path.startsWith(EXAMPLES)) return exampleText(path.slice(EXAMPLES.length));
  return PUBLISHED_MANIFESTS.get(`${RAW}${path}`)?.();
}
