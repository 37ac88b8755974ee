import {
  errors, go, invalid, required, type AccessAttributes, type AccessReviewSpec, type FieldErrors, type Kind,
  type KindContext, type UserInfo,
} from "../../api/index.ts"; // prettier-ignore
import { mustBeBare, review, type ReviewBody } from "./review.ts";

type Body = ReviewBody<AccessReviewSpec>;

/** "May I?" (pkg/registry/authorization/selfsubjectaccessreview). */
export const selfSubjectAccessReviews = accessReview("SelfSubjectAccessReview", {
  namespaced: false,
  user: (_, { user }) => user,
  validate: ({ spec }) => validateSpec(spec),
});

/** "May they?" (pkg/registry/authorization/subjectaccessreview). */
export const subjectAccessReviews = accessReview("SubjectAccessReview", {
  namespaced: false,
  user: ({ spec }) => userOf(spec),
  validate: ({ spec }) => [...validateSpec(spec), ...validateSubject(spec)],
});

/** "May they in this namespace?", for those who may ask about no other (pkg/registry/authorization/localsubjectaccessreview). */
export const localSubjectAccessReviews = accessReview("LocalSubjectAccessReview", {
  namespaced: true,
  user: ({ spec }) => userOf(spec),
  validate: ({ metadata, spec }) => {
    const found = [...validateSpec(spec), ...validateSubject(spec)];
    const asked = spec.resourceAttributes?.namespace ?? "";
    if (spec.resourceAttributes && asked !== metadata.namespace)
      found.push(invalid("spec.resourceAttributes.namespace", asked, "must match metadata.namespace"));
    if (spec.nonResourceAttributes)
      found.push(invalid("spec.nonResourceAttributes", attributesText(spec), "disallowed on this kind of request"));
    return found;
  },
});

interface Options {
  readonly namespaced: boolean;
  user(body: Body, context: KindContext): UserInfo;
  validate(body: Body): FieldErrors;
}

function accessReview(kind: string, { namespaced, user, validate }: Options): Kind {
  return review<AccessReviewSpec>("authorization.k8s.io", kind, namespaced, (body, context) => {
    const found = [...validate(body), ...mustBeBare(body)];
    if (found.length > 0) throw errors.invalid(context.kind, "", found);
    const asked = attributes(body.spec, user(body, context));
    const { namespace } = context.request;
    if (namespaced && asked.path === undefined && asked.namespace !== namespace)
      throw errors.badRequest(`spec.resourceAttributes.namespace must match namespace: ${namespace}`);
    const decision = context.settings.authorize?.(asked) ?? { allowed: true };
    return {
      allowed: decision.allowed,
      ...(decision.reason ? { reason: decision.reason } : {}),
      ...(decision.error ? { evaluationError: decision.error } : {}),
    };
  });
}

function userOf({ user = "", uid, groups, extra }: AccessReviewSpec): UserInfo {
  return { name: user, groups: groups ?? [], ...(uid ? { uid } : {}), ...(extra ? { extra } : {}) };
}

function attributes({ resourceAttributes, nonResourceAttributes }: AccessReviewSpec, user: UserInfo): AccessAttributes {
  const none = { group: "", version: "", resource: "", subresource: "", namespace: "", name: "" };
  if (!resourceAttributes)
    return { ...none, user, verb: nonResourceAttributes?.verb ?? "", path: nonResourceAttributes?.path ?? "" };
  const {
    verb = "",
    group = "",
    version = "",
    resource = "",
    subresource = "",
    namespace = "",
    name = "",
  } = resourceAttributes;
  return { user, verb, group, version, resource, subresource, namespace, name };
}

/** pkg/apis/authorization/validation */
function validateSpec(spec: AccessReviewSpec): FieldErrors {
  if (spec.resourceAttributes && spec.nonResourceAttributes)
    return [
      invalid(
        "spec.nonResourceAttributes",
        attributesText(spec),
        "cannot be specified in combination with resourceAttributes",
      ),
    ];
  if (!spec.resourceAttributes && !spec.nonResourceAttributes)
    return [
      required(
        "spec.resourceAttributes",
        "exactly one of nonResourceAttributes or resourceAttributes must be specified",
      ),
    ];
  return [];
}

function validateSubject({ user = "", groups }: AccessReviewSpec): FieldErrors {
  return user === "" && !groups?.length
    ? [required("spec.user", "at least one of user or group must be specified")]
    : [];
}

function attributesText({
  nonResourceAttributes: { path = "", verb = "" } = {},
}: AccessReviewSpec): ReturnType<typeof go> {
  return go(`authorization.NonResourceAttributes{Path:${JSON.stringify(path)}, Verb:${JSON.stringify(verb)}}`);
}
