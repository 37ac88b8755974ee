import {
  duplicate, goStrings, invalid, invalidEach, names, namesIn, notSupported, required, type FieldErrors, type PolicyValidation,
  type ValidatingAdmissionPolicy, type ValidatingAdmissionPolicyBinding,
} from "../../api/index.ts"; // prettier-ignore
import { validateLabelSelector } from "../pod-template/selector.ts";
import {
  FAILURE_POLICIES,
  validateExpression,
  validateMatchConditions,
  validateMatchResources,
} from "./rule-validation.ts";

const REASONS = ["Forbidden", "Invalid", "RequestEntityTooLarge"];
const ACTIONS = ["Audit", "Deny", "Warn"];
const NOT_FOUND_ACTIONS = ["Deny", "Allow"];
const NO_ITEMS = "validations or auditAnnotations must contain at least one item";

/** pkg/apis/admissionregistration/validation ValidateValidatingAdmissionPolicy */
export function validatePolicy({ spec }: ValidatingAdmissionPolicy): FieldErrors {
  const { failurePolicy, paramKind, matchConstraints, matchConditions, variables = [], validations = [] } = spec ?? {};
  const { auditAnnotations = [] } = spec ?? {};
  const found: FieldErrors = [];
  if (failurePolicy !== undefined && !FAILURE_POLICIES.includes(failurePolicy))
    found.push(notSupported("spec.failurePolicy", failurePolicy, FAILURE_POLICIES));
  if (paramKind) found.push(...validateParamKind(paramKind));
  if (!matchConstraints) found.push(required("spec.matchConstraints"));
  else {
    found.push(...validateMatchResources(matchConstraints, "spec.matchConstraints"));
    if (!matchConstraints.resourceRules?.length) found.push(required("spec.matchConstraints.resourceRules"));
  }
  const params = paramKind !== undefined;
  found.push(...validateMatchConditions(matchConditions, "spec.matchConditions", namesIn({ params })));
  const known = namesIn({ params, variables: variables.length > 0 });
  variables.forEach(({ name, expression }, at) => {
    const path = `spec.variables[${at}]`;
    if (name.trim() === "") found.push(required(`${path}.name`, "name is not specified"));
    else if (!/^[_a-zA-Z][_a-zA-Z0-9]*$/.test(name))
      found.push(invalid(`${path}.name`, name, "name is not a valid CEL identifier"));
    if (expression.trim() === "") found.push(required(`${path}.expression`, "expression is not specified"));
    else found.push(...validateExpression(expression, `${path}.expression`, known, "any"));
  });
  if (validations.length === 0 && auditAnnotations.length === 0)
    found.push(required("spec.validations", NO_ITEMS), required("spec.auditAnnotations", NO_ITEMS));
  validations.forEach((one, at) => found.push(...validateValidation(one, `spec.validations[${at}]`, known)));
  auditAnnotations.forEach(({ key, valueExpression }, at) => {
    const path = `spec.auditAnnotations[${at}]`;
    if (key === "") found.push(required(`${path}.key`));
    else found.push(...invalidEach(`${path}.key`, key, names.qualifiedName(key)));
    if (valueExpression.trim() === "")
      found.push(required(`${path}.valueExpression`, "valueExpression is not specified"));
    else found.push(...validateExpression(valueExpression, `${path}.valueExpression`, known, "any"));
    if (auditAnnotations.findIndex((one) => one.key === key) < at) found.push(duplicate(`${path}.key`, key));
  });
  return found;
}

function validateParamKind({
  apiVersion = "",
  kind = "",
}: NonNullable<ValidatingAdmissionPolicy["spec"]["paramKind"]>): FieldErrors {
  const found: FieldErrors = [];
  const path = "spec.paramKind";
  const parts = apiVersion.split("/");
  if (apiVersion === "") found.push(required(`${path}.apiVersion`));
  else if (parts.length > 2)
    found.push(invalid(`${path}.apiVersion`, apiVersion, `unexpected GroupVersion string: ${apiVersion}`));
  else {
    const [version = "", group = ""] = parts.toReversed();
    const wrong = group === "" ? [] : names.subdomain(group);
    if (wrong.length > 0) found.push(invalid(`${path}.apiVersion`, group, wrong.join(",")));
    if (version === "") found.push(invalid(`${path}.apiVersion`, apiVersion, "version must be specified"));
    else if (names.label1035(version).length > 0)
      found.push(invalid(`${path}.apiVersion`, version, names.label1035(version).join(",")));
  }
  if (kind === "") found.push(required(`${path}.kind`));
  else if (names.label1035(kind.toLowerCase()).length > 0) {
    const why = names.label1035(kind.toLowerCase()).join(",");
    found.push(invalid(`${path}.kind`, kind, `may have mixed case, but should otherwise match: ${why}`));
  }
  return found;
}

function validateValidation(
  { expression, message = "", messageExpression = "", reason }: PolicyValidation,
  path: string,
  known: ReadonlySet<string>,
): FieldErrors {
  const found: FieldErrors = [];
  if (expression.trim() === "") found.push(required(`${path}.expression`, "expression is not specified"));
  else found.push(...validateExpression(expression, `${path}.expression`, known, "bool"));
  if (messageExpression !== "" && messageExpression.trim() === "")
    found.push(invalid(`${path}.messageExpression`, messageExpression, "must be non-empty if specified"));
  else if (messageExpression !== "")
    found.push(...validateExpression(messageExpression, `${path}.messageExpression`, known, "string"));
  if (message !== "" && message.trim() === "")
    found.push(invalid(`${path}.message`, message, "message must be non-empty if specified"));
  else if (/[\r\n]/.test(message.trim()))
    found.push(invalid(`${path}.message`, message, "message must not contain line breaks"));
  if (reason !== undefined && !REASONS.includes(reason)) found.push(notSupported(`${path}.reason`, reason, REASONS));
  return found;
}

export function validateBinding({ spec }: ValidatingAdmissionPolicyBinding): FieldErrors {
  const { policyName = "", paramRef, matchResources, validationActions = [] } = spec ?? {};
  const found: FieldErrors = [];
  if (policyName === "") found.push(required("spec.policyName"));
  else found.push(...invalidEach("spec.policyName", policyName, names.subdomain(policyName)));
  if (paramRef) found.push(...validateParamRef(paramRef));
  if (matchResources) found.push(...validateMatchResources(matchResources, "spec.matchResources"));
  const path = "spec.validationActions";
  validationActions.forEach((action, at) => {
    if (!ACTIONS.includes(action)) found.push(notSupported(`${path}[${at}]`, action, ACTIONS));
    if (validationActions.indexOf(action) < at) found.push(duplicate(`${path}[${at}]`, action));
  });
  if (validationActions.includes("Deny") && validationActions.includes("Warn"))
    found.push(
      invalid(
        path,
        goStrings(validationActions),
        "must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)",
      ),
    );
  if (validationActions.length === 0) found.push(required(path, "at least one validation action is required"));
  return found;
}

function validateParamRef(ref: NonNullable<ValidatingAdmissionPolicyBinding["spec"]["paramRef"]>): FieldErrors {
  const { name = "", selector, parameterNotFoundAction: action } = ref;
  const path = "spec.paramRef";
  const exclusive = "name and selector are mutually exclusive";
  const found: FieldErrors = [];
  if (name !== "") {
    found.push(...invalidEach(`${path}.name`, name, names.pathSegment(name)));
    if (selector) found.push({ reason: "FieldValueForbidden", field: `${path}.name`, body: `Forbidden: ${exclusive}` });
  }
  if (selector) {
    found.push(...validateLabelSelector(selector, `${path}.selector`));
    if (name !== "") found.push({ reason: "FieldValueForbidden", field: `${path}.selector`, body: `Forbidden: ${exclusive}` }); // prettier-ignore
  }
  if (name === "" && !selector) found.push(required(path, "one of name or selector must be specified"));
  if (!action) found.push(required(`${path}.parameterNotFoundAction`));
  else if (!NOT_FOUND_ACTIONS.includes(action))
    found.push(notSupported(`${path}.parameterNotFoundAction`, action, NOT_FOUND_ACTIONS));
  return found;
}
