import { errors, type JsonObject, type PolicyRule } from "../../api/index.ts";
import { review } from "./review.ts";

/** All that somebody may in a namespace (pkg/registry/authorization/selfsubjectrulesreview). */
export const selfSubjectRulesReviews = review<{ readonly namespace?: string }>(
  "authorization.k8s.io",
  "SelfSubjectRulesReview",
  false,
  ({ spec: { namespace = "" } }, { user, settings }) => {
    if (namespace === "") throw errors.badRequest("no namespace on request");
    const found = settings.access?.reviewRules(user, namespace) ?? { rules: [], errors: [], incomplete: true };
    const about = (resources: boolean): JsonObject[] =>
      found.rules.filter((rule) => (rule.nonResourceURLs === undefined) === resources).map(ruleInfo);
    return {
      resourceRules: about(true),
      nonResourceRules: about(false),
      incomplete: found.incomplete,
      ...(found.errors.length > 0 ? { evaluationError: aggregate(found.errors) } : {}),
    };
  },
);

function ruleInfo({ verbs, apiGroups, resources, resourceNames, nonResourceURLs }: PolicyRule): JsonObject {
  if (nonResourceURLs) return { verbs: [...verbs], nonResourceURLs: [...nonResourceURLs] };
  return {
    verbs: [...verbs],
    apiGroups: [...(apiGroups ?? [])],
    resources: [...(resources ?? [])],
    ...(resourceNames?.length ? { resourceNames: [...resourceNames] } : {}),
  };
}

function aggregate(list: readonly string[]): string {
  const once = [...new Set(list)];
  return once.length === 1 ? once[0]! : `[${once.join(", ")}]`;
}
