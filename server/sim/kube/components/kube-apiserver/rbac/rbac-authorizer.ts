import type { AccessAttributes, ApiServer, Authorization } from "../../../api/index.ts";
import { allows } from "../../../kinds/index.ts";
import { grants, grantText, missingRole } from "./resolver.ts";

/** Allows what some role of the user allows (plugin/pkg/auth/authorizer/rbac/rbac.go). */
export function authorizeByRoles({ store }: Pick<ApiServer, "store">, attributes: AccessAttributes): Authorization {
  const { user, verb, path, namespace } = attributes;
  const question = path === undefined ? { ...attributes, path: undefined } : { verb, path };
  const missing: string[] = [];
  for (const grant of grants(store, user, path === undefined ? namespace : "")) {
    if (!grant.rules) missing.push(missingRole(grant.binding.roleRef));
    else if (grant.rules.some((rule) => allows(rule, question)))
      return { allowed: true, reason: `RBAC: allowed by ${grantText(grant)}` };
  }
  if (missing.length === 0) return { allowed: false };
  const once = [...new Set(missing)];
  return { allowed: false, reason: `RBAC: ${once.length === 1 ? once[0]! : `[${once.join(", ")}]`}` };
}
