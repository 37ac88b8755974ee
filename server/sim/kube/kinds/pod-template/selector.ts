import {
  forbidden, go, goStringMap, invalid, quote, required, validateLabelName, validateLabels, type FieldErrors, type GoValue,
  type LabelSelector,
} from "../../api/index.ts"; // prettier-ignore

export const VALUES_REQUIRED = "must be specified when `operator` is 'In' or 'NotIn'";
export const VALUES_FORBIDDEN = "may not be specified when `operator` is 'Exists' or 'DoesNotExist'";

/** apimachinery/pkg/apis/meta/v1/validation ValidateLabelSelector */
export function validateLabelSelector(
  { matchLabels, matchExpressions = [] }: LabelSelector,
  path: string,
): FieldErrors {
  const found = validateLabels(matchLabels, `${path}.matchLabels`);
  for (const [index, { key, operator, values = [] }] of matchExpressions.entries()) {
    const at = `${path}.matchExpressions[${index}]`;
    if (operator === "In" || operator === "NotIn") {
      if (values.length === 0) found.push(required(`${at}.values`, VALUES_REQUIRED));
    } else if (operator === "Exists" || operator === "DoesNotExist") {
      if (values.length > 0) found.push(forbidden(`${at}.values`, VALUES_FORBIDDEN));
    } else found.push(invalid(`${at}.operator`, operator, "not a valid selector operator"));
    found.push(...validateLabelName(key, `${at}.key`));
  }
  return found;
}

/** `%#v` of a *metav1.LabelSelector, as it shows in errors. */
export function goLabelSelector(selector: LabelSelector | null | undefined): GoValue {
  if (!selector) return go("null");
  const expressions = selector.matchExpressions?.map(
    ({ key, operator, values }) =>
      `v1.LabelSelectorRequirement{Key:${quote(key)}, Operator:${quote(operator)}, Values:${values ? `[]string{${values.map(quote).join(", ")}}` : "[]string(nil)"}}`,
  );
  const list = expressions
    ? `[]v1.LabelSelectorRequirement{${expressions.join(", ")}}`
    : "[]v1.LabelSelectorRequirement(nil)";
  return go(`v1.LabelSelector{MatchLabels:${goStringMap(selector.matchLabels).go}, MatchExpressions:${list}}`);
}
