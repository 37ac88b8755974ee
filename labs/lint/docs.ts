import type { PlacedLab } from "../load/lab-source.ts";

/**
 * What a candidate may open during the exam, as the Linux Foundation lists it ("Resources allowed: CKA"), and the
 * documentation of the add-ons that our clusters have, which some tasks name.
 */
const ALLOWED = ["kubernetes.io/docs", "kubernetes.io/blog", "helm.sh/docs", "gateway-api.sigs.k8s.io"];
const ADD_ONS = [
  "kubernetes.github.io/ingress-nginx",
  "docs.nginx.com/nginx-gateway-fabric",
  "docs.tigera.io/calico",
  "github.com/flannel-io/flannel",
  "github.com/weaveworks/weave",
  "metallb.io",
  "metallb.universe.tf",
  "coredns.io",
  "www.cni.dev",
  "docs.docker.com",
];

/** Links of `docs:` that lead out of what may be read in the exam. */
export function docsProblems({ lab, source }: PlacedLab): string[] {
  return lab.docs.flatMap((link, at) => {
    if (!("url" in link) || [...ALLOWED, ...ADD_ONS].some((site) => isOf(site, new URL(link.url)))) return [];
    const words = `the exam does not allow ${link.url}: link to ${ALLOWED.join(", ")} or the documentation of an add-on (${ADD_ONS.join(", ")}), or take a page of ours: { reference: TOPIC }`;
    return [source.yaml.problem(["docs", at, "url"], words)];
  });
}

/** `kubernetes.io/docs` has `https://kubernetes.io/docs/concepts/`, and its translations below `/de/docs`. */
function isOf(site: string, { host, pathname }: URL): boolean {
  const [wanted = "", ...path] = site.split("/");
  const below = `/${path.join("/")}`;
  const own = pathname.replace(/^\/[a-z]{2}(?:-[a-z]{2})?\//, "/");
  return (
    host === wanted && (below === "/" || [pathname, own].some((name) => name === below || name.startsWith(`${below}/`)))
  );
}
