export { addOnSteps, type AddOn } from "./add-on.ts";
export { flannelManifest } from "./flannel.ts";
export { helmIndex, INGRESS_NGINX_CHARTS } from "./helm-index.ts";
export { ingressNginxObjects } from "./ingress-nginx.ts";
export { readManifest } from "./manifest.ts";
export { LATEST_RELEASES, PUBLISHED_MANIFESTS } from "./published.ts";
export { networkAddOn, type NetworkAddOn } from "./network-add-on.ts";
