import { age, AGE, NAME, type Column, type Draft, type Kind, type RoleBinding, type Subject } from "../../api/index.ts";
import { checkBinding, onlyForGarbageCollector } from "./escalation.ts";
import { GROUP, pathSegment, validateBinding, validateRoleRefUpdate } from "./validation.ts";

const COLUMNS: readonly Column[] = [
  NAME,
  { name: "Role" },
  AGE,
  { name: "Users", priority: 1 },
  { name: "Groups", priority: 1 },
  { name: "ServiceAccounts", priority: 1 },
];

/** A RoleBinding, and what a ClusterRoleBinding shares with it. */
function binding(kind: string, namespaced: boolean): Kind<RoleBinding> {
  return {
    group: GROUP,
    version: "v1",
    kind,
    plural: `${kind.toLowerCase()}s`,
    singular: kind.toLowerCase(),
    namespaced,
    columns: COLUMNS,
    cells: ({ metadata, roleRef, subjects = [] }, now) => [
      metadata.name,
      `${roleRef.kind}/${roleRef.name}`,
      age(metadata.creationTimestamp, now),
      named(subjects, "User"),
      named(subjects, "Group"),
      named(subjects, "ServiceAccount"),
    ],
    nameRule: pathSegment,
    createOnUpdate: true,
    defaults,
    beginCreate: ({ metadata, roleRef }, context) => checkBinding(context, metadata.name, roleRef),
    beginUpdate(next, old, context) {
      if (!onlyForGarbageCollector(next, old)) checkBinding(context, old.metadata.name, next.roleRef);
    },
    validate: (object) => validateBinding(object, namespaced),
    validateUpdate: (next, old) => [
      ...validateBinding(next, namespaced),
      ...validateRoleRefUpdate(next.roleRef, old.roleRef),
    ],
  };
}

export const roleBindings = binding("RoleBinding", true);
export const clusterRoleBindings = binding("ClusterRoleBinding", false);

/** pkg/apis/rbac/v1/defaults.go */
function defaults({ roleRef, subjects = [] }: Draft<RoleBinding>): void {
  roleRef.apiGroup ||= GROUP;
  for (const subject of subjects) if (subject.kind === "User" || subject.kind === "Group") subject.apiGroup ||= GROUP;
}

function named(subjects: readonly Subject[], kind: string): string {
  return subjects
    .filter((subject) => subject.kind === kind)
    .map(({ name, namespace = "" }) => (kind === "ServiceAccount" ? `${namespace}/${name}` : name))
    .join(", ");
}
