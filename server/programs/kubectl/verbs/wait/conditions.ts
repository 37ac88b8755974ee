import { isObject, type JsonObject } from "../../../../sim/kube/api/index.ts";
import { GoError } from "../../errors/go-error.ts";
import { formatValue, isFailure, parseJsonPath, relaxedTemplate, type Failure } from "../../output/index.ts";
import { metadataOf } from "../../resource/info.ts";

/** What `--for` waits for. */
export type Condition =
  | { readonly kind: "delete" | "create" }
  /** Whether an object meets it; throws if that cannot be said. */
  | { readonly kind: "met"; readonly met: (object: JsonObject) => boolean };

/** Reads `--for` (kubectl pkg/cmd/wait/wait.go conditionFuncFor). */
export function parseCondition(text: string): Condition | Failure {
  const lower = text.toLowerCase();
  if (lower === "delete" || lower === "create") return { kind: lower };
  if (lower.startsWith("condition=")) {
    const [name = "", value = "true"] = lower.slice("condition=".length).split(/=(.*)/s);
    return { kind: "met", met: (object) => hasCondition(object, name, value) };
  }
  if (lower.startsWith("jsonpath=")) return jsonPathCondition(text.slice("jsonpath=".length));
  return { error: `unrecognized condition: ${JSON.stringify(text)}` };
}

interface ObjectCondition {
  readonly type?: unknown;
  readonly status?: unknown;
  readonly observedGeneration?: number;
}

/** A condition counts if it was seen for what the object is now (condition.go checkCondition). */
function hasCondition(object: JsonObject, name: string, value: string): boolean {
  const status = isObject(object["status"]) ? object["status"] : {};
  const conditions = Array.isArray(status["conditions"])
    ? (status["conditions"] as unknown as readonly ObjectCondition[])
    : [];
  const found = conditions.find(
    ({ type, status: is }) => typeof type === "string" && type.toLowerCase() === name && typeof is === "string",
  );
  if (!found) return false;
  const generation = metadataOf(object)["generation"] as number | undefined;
  const observed = found.observedGeneration ?? (status["observedGeneration"] as number | undefined);
  if (generation !== undefined && observed !== undefined && observed < generation) return false;
  return (found.status as string).toLowerCase() === value;
}

function jsonPathCondition(input: string): Condition | Failure {
  const [expression = "", ...values] = splitAtEquals(input);
  if (values.length > 1)
    return {
      error:
        "jsonpath wait format must be --for=jsonpath='{.status.readyReplicas}'=3 or --for=jsonpath='{.status.readyReplicas}'",
    };
  if (expression === "") return { error: "jsonpath expression cannot be empty" };
  const template = relaxedTemplate(expression);
  if (isFailure(template)) return template;
  const path = parseJsonPath(template, { allowMissingKeys: true });
  if ("error" in path) return { error: path.error };
  const wanted = values[0]?.replace(/^['"]+|['"]+$/g, "");
  if (wanted === "")
    return {
      error: "jsonpath wait has to have a value after equal sign, like --for=jsonpath='{.status.readyReplicas}'=3",
    };
  return {
    kind: "met",
    met: (object) => {
      const results = path.find(object);
      if (!Array.isArray(results)) throw new GoError(results.error);
      const [first] = results;
      if (!first || first.length === 0) return false;
      if (results.length > 1) throw new GoError("given jsonpath expression matches more than one list");
      if (first.length > 1) throw new GoError("given jsonpath expression matches more than one value");
      if (wanted === undefined) return true;
      const [value] = first;
      if (Array.isArray(value) || isObject(value))
        throw new GoError("jsonpath leads to a nested object or list which is not supported");
      return formatValue(value).trim() === wanted.trim();
    },
  };
}

/** At single equals signs; the double ones of filters are part of the path. */
function splitAtEquals(input: string): string[] {
  return input
    .replaceAll("==", "\0")
    .split("=")
    .map((part) => part.replaceAll("\0", "=="));
}
