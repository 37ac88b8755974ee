/** Where the types of a group stand whose package is not k8s.io/api. */
const PACKAGES: Record<string, string> = {
  meta: "io.k8s.apimachinery.pkg.apis.meta",
  "apiextensions.k8s.io": "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions",
  "apiregistration.k8s.io": "io.k8s.kube-aggregator.pkg.apis.apiregistration",
  "metrics.k8s.io": "io.k8s.metrics.pkg.apis.metrics",
};

/** The schema's name of a type: `v1.Pod` is `io.k8s.api.core.v1.Pod`, `meta/v1.Status` is of apimachinery. */
export function schemaName(id: string): string {
  const slash = id.indexOf("/");
  const group = slash < 0 ? "" : id.slice(0, slash);
  const rest = id.slice(slash + 1);
  const folder = group === "" ? "core" : group.split(".")[0]!;
  return `${PACKAGES[group] ?? `io.k8s.api.${folder}`}.${rest}`;
}

/** The name of a custom resource's schema: its group backwards (apiextensions-apiserver's openapi builder). */
export function customSchemaName(group: string, version: string, kind: string): string {
  return [...group.split(".").reverse(), version, kind].join(".");
}

export function reference(name: string): { readonly $ref: string } {
  return { $ref: `#/components/schemas/${name}` };
}
