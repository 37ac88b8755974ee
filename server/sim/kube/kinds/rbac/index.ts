export { clusterRoles } from "./clusterrole.ts";
export { allows, breakDownAll, compactRules, missingRules, type Question } from "./policy-rule.ts";
export { roles } from "./role.ts";
export { clusterRoleBindings, roleBindings } from "./rolebinding.ts";
