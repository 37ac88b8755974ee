export { flannelManifest } from "./flannel.ts";
export { readManifest } from "./manifest.ts";
export { PUBLISHED_MANIFESTS } from "./published.ts";
