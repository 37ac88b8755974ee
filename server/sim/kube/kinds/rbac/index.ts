export { clusterRoles } from "./clusterrole.ts";
export { allows, breakDownAll, compactRules, missingRules } from "./policy-rule.ts";
export { roles } from "./role.ts";
export { clusterRoleBindings, roleBindings } from "./rolebinding.ts";
