export { flannelManifest } from "./flannel.ts";
export { readManifest, type Manifest } from "./manifest.ts";
export { PUBLISHED_MANIFESTS } from "./published.ts";
