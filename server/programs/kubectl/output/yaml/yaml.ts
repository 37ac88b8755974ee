import type { Failure } from "../failure.ts";
import type { Json } from "../golang/kind.ts";
import { Emitter } from "./emitter.ts";

/**
 * A JSON value as `kubectl -o yaml` prints it: sigs.k8s.io/yaml, a go-yaml v2. Keys are in go-yaml's order, strings are quoted
 * where they would read as something else, long lines are folded. Ends in a newline. Some control characters are refused.
 */
export function toYaml(value: Json): string | Failure {
  const emitter = new Emitter();
  const text = emitter.document(value);
  return emitter.refused ? { error: "yaml: control characters are not allowed" } : text;
}
