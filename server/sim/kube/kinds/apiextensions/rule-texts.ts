import {
  compileRule, go, invalid, notSupported, quote, required, type FieldErrors, type GoValue, type JsonSchema, type ValidationRule,
} from "../../api/index.ts"; // prettier-ignore
import { selfSchema } from "./rules.ts";

const REASONS = ["FieldValueDuplicate", "FieldValueForbidden", "FieldValueInvalid", "FieldValueRequired"];
const LINE_BREAK = /[\n\r]/;

/** Complaints about the rules of one schema: about how they are written down, and about their CEL. */
export function validateRuleTexts(
  schema: JsonSchema,
  parent: string,
  {
    compile,
    root,
    uncorrelated,
  }: { readonly compile: boolean; readonly root: boolean; readonly uncorrelated?: string },
): { readonly schema: FieldErrors; readonly rules: FieldErrors } {
  const found: FieldErrors = [];
  const rules: FieldErrors = [];
  schema["x-kubernetes-validations"]?.forEach((one, index) => {
    const path = `${parent}.x-kubernetes-validations[${index}]`;
    const { rule, message = "", messageExpression, reason, fieldPath } = one;
    const text = message.trim();
    if (rule.trim() === "") found.push(required(`${path}.rule`, "rule is not specified"));
    else if (message !== "" && text === "")
      found.push(invalid(`${path}.message`, message, "message must be non-empty if specified"));
    else if (LINE_BREAK.test(text))
      found.push(invalid(`${path}.message`, message, "message must not contain line breaks"));
    else if (LINE_BREAK.test(rule.trim()) && text === "")
      found.push(required(`${path}.message`, "message must be specified if rule contains line breaks"));
    if (messageExpression !== undefined && messageExpression.trim() === "")
      found.push(required(`${path}.messageExpression`, "messageExpression must be non-empty if specified"));
    if (reason !== undefined && !REASONS.includes(reason)) found.push(notSupported(`${path}.reason`, reason, REASONS));
    if (fieldPath !== undefined && fieldPath.trim() === "")
      found.push(invalid(`${path}.fieldPath`, fieldPath, "fieldPath must be non-empty if specified"));
    if (fieldPath !== undefined && LINE_BREAK.test(fieldPath))
      found.push(invalid(`${path}.fieldPath`, fieldPath, "fieldPath must not contain line breaks"));
  });
  const given = schema["x-kubernetes-validations"];
  if (!compile || found.length > 0 || !given) return { schema: found, rules };
  const self = root || schema["x-kubernetes-embedded-resource"] ? selfSchema(schema) : schema;
  given.forEach((one, index) => {
    const path = `${parent}.x-kubernetes-validations[${index}]`;
    const program = compileRule(one.rule, self);
    if ("error" in program) rules.push(invalid(`${path}.rule`, goRule(one), program.error));
    else if (program.usesOldSelf && uncorrelated !== undefined)
      rules.push(
        invalid(
          `${path}.rule`,
          one.rule,
          `oldSelf cannot be used on the uncorrelatable portion of the schema within ${uncorrelated}`,
        ),
      );
    else if (!program.usesOldSelf && one.optionalOldSelf !== undefined)
      rules.push(
        invalid(`${path}.optionalOldSelf`, one.optionalOldSelf, "may not be set if oldSelf is not used in rule"),
      );
  });
  return { schema: found, rules };
}

/** `%#v` of the internal rule; pointers print as addresses. */
function goRule({
  rule,
  message = "",
  messageExpression = "",
  reason,
  fieldPath = "",
  optionalOldSelf,
}: ValidationRule): GoValue {
  const pointer = (type: string, given: unknown): string =>
    `(*${type})(${given === undefined ? "nil" : "0xc000000000"})`;
  return go(
    `apiextensions.ValidationRule{Rule:${quote(rule)}, Message:${quote(message)}, MessageExpression:${quote(messageExpression)}, Reason:${pointer("apiextensions.FieldValueErrorReason", reason)}, FieldPath:${quote(fieldPath)}, OptionalOldSelf:${pointer("bool", optionalOldSelf)}}`,
  );
}
