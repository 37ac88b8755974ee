import { parseLabelSelector, type JsonObject } from "../../../../sim/kube/api/index.ts";
import type { Failure } from "../../output/index.ts";

const OPERATORS: Readonly<Record<string, string>> = {
  "!=": "NotIn",
  in: "In",
  notin: "NotIn",
  exists: "Exists",
  "!": "DoesNotExist",
};

/** A selector text as a LabelSelector (apimachinery meta/v1 ParseToLabelSelector). */
export function parseSelectorToLabelSelector(text: string): JsonObject | Failure {
  const parsed = parseLabelSelector(text);
  if (typeof parsed === "string") return {};
  if ("error" in parsed)
    return { error: `couldn't parse the selector string ${JSON.stringify(text)}: ${parsed.error}` };
  const matchLabels: Record<string, string> = {};
  const matchExpressions: JsonObject[] = [];
  for (const { key, operator, values } of parsed) {
    if (operator === "=" || operator === "==") matchLabels[key] = values[0]!;
    else if (OPERATORS[operator] === undefined)
      return { error: `${JSON.stringify(operator)} is not a valid label selector operator` };
    else
      matchExpressions.push({
        key,
        operator: OPERATORS[operator],
        ...(values.length > 0 ? { values: [...values] } : {}),
      });
  }
  return {
    ...(Object.keys(matchLabels).length > 0 ? { matchLabels } : {}),
    ...(matchExpressions.length > 0 ? { matchExpressions } : {}),
  };
}
