export { clusterRoles } from "./clusterrole.ts";
export { allows, missingRules, type Question } from "./policy-rule.ts";
export { roles } from "./role.ts";
export { clusterRoleBindings, roleBindings } from "./rolebinding.ts";
