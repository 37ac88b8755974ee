import { NAME, type Column, type Kind, type Role } from "../../api/index.ts";
import { checkRules, onlyForGarbageCollector } from "./escalation.ts";
import { GROUP, pathSegment, validateRules } from "./validation.ts";

/** No printer of its own: the default one shows the time as it stands. */
export const ROLE_COLUMNS: readonly Column[] = [NAME, { name: "Created At", type: "date" }];

export const roles: Kind<Role> = {
  group: GROUP,
  version: "v1",
  kind: "Role",
  plural: "roles",
  singular: "role",
  namespaced: true,
  columns: ROLE_COLUMNS,
  cells: ({ metadata }) => [metadata.name, metadata.creationTimestamp],
  nameRule: pathSegment,
  createOnUpdate: true,
  beginCreate: ({ metadata, rules }, context) => checkRules(context, metadata.name, rules),
  beginUpdate(role, old, context) {
    if (!onlyForGarbageCollector(role, old)) checkRules(context, old.metadata.name, role.rules);
  },
  validate: ({ rules }) => validateRules(rules, true),
  validateUpdate: ({ rules }) => validateRules(rules, true),
};
