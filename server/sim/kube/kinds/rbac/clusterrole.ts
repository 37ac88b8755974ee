import { required, type ClusterRole, type FieldErrors, type Kind } from "../../api/index.ts";
import { validateLabelSelector } from "../pod-template/selector.ts";
import { checkAggregation, checkRules, onlyForGarbageCollector } from "./escalation.ts";
import { ROLE_COLUMNS } from "./role.ts";
import { GROUP, pathSegment, validateRules } from "./validation.ts";

export const clusterRoles: Kind<ClusterRole> = {
  group: GROUP,
  version: "v1",
  kind: "ClusterRole",
  plural: "clusterroles",
  singular: "clusterrole",
  namespaced: false,
  columns: ROLE_COLUMNS,
  cells: ({ metadata }) => [metadata.name, metadata.creationTimestamp],
  nameRule: pathSegment,
  createOnUpdate: true,
  beginCreate({ metadata, rules, aggregationRule }, context) {
    checkRules(context, metadata.name, rules);
    if (aggregationRule) checkAggregation(context, metadata.name);
  },
  beginUpdate(role, old, context) {
    if (onlyForGarbageCollector(role, old)) return;
    checkRules(context, old.metadata.name, role.rules);
    if (role.aggregationRule ?? old.aggregationRule) checkAggregation(context, old.metadata.name);
  },
  validate,
  validateUpdate: validate,
};

function validate({ rules, aggregationRule }: ClusterRole): FieldErrors {
  const found = validateRules(rules, false);
  if (!aggregationRule) return found;
  const path = "aggregationRule.clusterRoleSelectors";
  const { clusterRoleSelectors: selectors = [] } = aggregationRule;
  if (selectors.length === 0)
    found.push(required(path, "at least one clusterRoleSelector required if aggregationRule is non-nil"));
  return [...found, ...selectors.flatMap((selector, at) => validateLabelSelector(selector, `${path}[${at}]`))];
}
