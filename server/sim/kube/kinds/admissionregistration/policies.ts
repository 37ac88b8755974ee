import {
  AGE, age, NAME, type AnyKind, type JsonObject, type ValidatingAdmissionPolicy, type ValidatingAdmissionPolicyBinding,
} from "../../api/index.ts"; // prettier-ignore
import { member, storedKind } from "../stored/stored-kind.ts";
import { defaultMatch } from "./defaults.ts";
import { validateBinding, validatePolicy } from "./policy-validation.ts";

const GROUP = "admissionregistration.k8s.io";
const CATEGORIES = ["api-extensions"];
const NO_AUDIT = "drydock: there is no audit log: audit annotations are checked, and not written anywhere";

/** What the plugin ValidatingAdmissionPolicy judges requests by (api/admission/policy). */
export const validatingAdmissionPolicies: AnyKind = storedKind({
  group: GROUP,
  kind: "ValidatingAdmissionPolicy",
  plural: "validatingadmissionpolicies",
  categories: CATEGORIES,
  status: true,
  generation: true,
  bySchema: false,
  columns: [NAME, { name: "Validations", type: "integer" }, { name: "ParamKind" }, AGE],
  cells: (object, now) => {
    const kind = member<{ apiVersion?: string; kind?: string }>(object, "spec", "paramKind");
    return [
      object.metadata.name,
      member<unknown[]>(object, "spec", "validations")?.length ?? 0,
      kind ? `${kind.apiVersion ?? ""}/${kind.kind ?? ""}` : "<unset>",
      age(object.metadata.creationTimestamp, now),
    ];
  },
  warnings: (object) => (member<unknown[]>(object, "spec", "auditAnnotations")?.length ? [NO_AUDIT] : []),
  defaults(draft) {
    const { spec } = draft;
    if (!spec) return;
    spec["failurePolicy"] ??= "Fail";
    defaultMatch(member<JsonObject>(spec, "matchConstraints"));
  },
  validate: (object) => validatePolicy(object as unknown as ValidatingAdmissionPolicy),
});

export const validatingAdmissionPolicyBindings: AnyKind = storedKind({
  group: GROUP,
  kind: "ValidatingAdmissionPolicyBinding",
  plural: "validatingadmissionpolicybindings",
  categories: CATEGORIES,
  generation: true,
  bySchema: false,
  columns: [NAME, { name: "PolicyName" }, { name: "ParamRef" }, AGE],
  cells: (object, now) => {
    const reference = member<JsonObject>(object, "spec", "paramRef");
    const namespace = member<string>(reference, "namespace");
    const name = member<string>(reference, "name") ?? "*";
    return [
      object.metadata.name,
      member<string>(object, "spec", "policyName") ?? "",
      reference ? `${namespace === undefined ? "*" : namespace}/${name}` : "<unset>",
      age(object.metadata.creationTimestamp, now),
    ];
  },
  defaults(draft) {
    defaultMatch(member<JsonObject>(draft.spec, "matchResources"));
  },
  validate: (object) => validateBinding(object as unknown as ValidatingAdmissionPolicyBinding),
});
