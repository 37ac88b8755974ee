import { stringify } from "yaml";

/** An object of a manifest, as it is written. */
export type Written = Readonly<Record<string, unknown>>;

/** A manifest's text: objects in their order, as kubectl reports them. */
export function manifestText(objects: readonly Written[]): string {
  return objects
    .map((object) => stringify(object, { indentSeq: false, lineWidth: 0, aliasDuplicateObjects: false }))
    .join("---\n");
}

/** A rule of a role; words stand between blanks, `core` is the group without a name. */
export function rule(groups: string, resources: string, verbs: string, resourceNames?: string): Written {
  const apiGroups = groups.split(" ").map((group) => (group === "core" ? "" : group));
  return {
    apiGroups,
    ...(resourceNames === undefined ? {} : { resourceNames: resourceNames.split(" ") }),
    resources: resources.split(" "),
    verbs: verbs.split(" "),
  };
}

type Metadata = Readonly<Record<string, unknown>> & { readonly name: string };

const RBAC = "rbac.authorization.k8s.io";

export function role(metadata: Metadata, rules: readonly Written[]): Written {
  return { apiVersion: `${RBAC}/v1`, kind: "namespace" in metadata ? "Role" : "ClusterRole", metadata, rules };
}

/** Gives a role of the same scope to a service account: `NAMESPACE/NAME`. */
export function binding(metadata: Metadata, roleName: string, account: string): Written {
  const scope = "namespace" in metadata ? "" : "Cluster";
  const [namespace, name] = account.split("/");
  return {
    apiVersion: `${RBAC}/v1`,
    kind: `${scope}RoleBinding`,
    metadata,
    roleRef: { apiGroup: RBAC, kind: `${scope}Role`, name: roleName },
    subjects: [{ kind: "ServiceAccount", name, namespace }],
  };
}

/** An environment variable out of a field of the Pod. */
export function fromField(name: string, fieldPath: string): Written {
  return { name, valueFrom: { fieldRef: { fieldPath } } };
}
