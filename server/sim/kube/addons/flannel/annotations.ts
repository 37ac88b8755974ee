/** The names of flannel's annotations on a Node (pkg/subnet/kube/annotations.go). */
export interface AnnotationNames {
  readonly managed: string;
  readonly backendData: string;
  readonly backendType: string;
  readonly publicIp: string;
  readonly publicIpOverwrite: string;
}

const FORM = /(?:[a-z0-9_-]+\.)+[a-z0-9_-]+\/(?:[a-z0-9_-]+-)?$/;

export function annotationNames(prefix: string): AnnotationNames | { readonly error: string } {
  const slashes = prefix.split("/").length - 1;
  if (slashes > 1) return { error: "subnet/kube: prefix can contain at most single slash" };
  let full = slashes === 0 ? `${prefix}/` : prefix;
  if (!/[/-]$/.test(full)) full += "-";
  if (!FORM.test(full)) return { error: "subnet/kube: prefix must be in a format: fqdn/[0-9a-z-_]*" };
  return {
    managed: `${full}kube-subnet-manager`,
    backendData: `${full}backend-data`,
    backendType: `${full}backend-type`,
    publicIp: `${full}public-ip`,
    publicIpOverwrite: `${full}public-ip-overwrite`,
  };
}
