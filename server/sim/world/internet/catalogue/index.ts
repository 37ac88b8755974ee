import { PUBLISHED_MANIFESTS } from "../../../kube/addons/manifests/index.ts";
import { KUBERNETES_EXAMPLES } from "./examples/index.ts";

export { LATEST_RELEASES } from "../../../kube/addons/manifests/index.ts";
export { KUBERNETES_EXAMPLES } from "./examples/index.ts";

const RELEASES = /^https:\/\/github\.com\/([^/]+\/[^/]+)\/releases\/download\/(.+)$/;
const RAW = "https://raw.githubusercontent.com/";
const EXAMPLES = "kubernetes/website/main/content/en/examples/";

/** Files of releases by `OWNER/REPOSITORY/TAG/FILE`. */
export const RELEASE_ASSETS: ReadonlyMap<string, string> = new Map(
  [...PUBLISHED_MANIFESTS].flatMap(([url, text]) => {
    const [, repository, file] = RELEASES.exec(url) ?? [];
    return repository === undefined ? [] : [[`${repository}/${file!}`, text] as const];
  }),
);

/** Files of repositories by `OWNER/REPOSITORY/REF/PATH`. */
export const RAW_FILES: ReadonlyMap<string, string> = new Map([
  ...[...PUBLISHED_MANIFESTS].flatMap(([url, text]) =>
    url.startsWith(RAW) ? [[url.slice(RAW.length), text] as const] : [],
  ),
  ...[...KUBERNETES_EXAMPLES].map(([path, text]) => [`${EXAMPLES}${path}`, text] as const),
]);
