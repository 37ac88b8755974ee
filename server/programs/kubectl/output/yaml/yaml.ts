import type { Failure } from "../failure.ts";
import type { Json } from "../golang/kind.ts";
import { Emitter } from "./emitter.ts";
import { readerProblem } from "./reader.ts";

/**
 * A JSON value as `kubectl -o yaml` prints it: sigs.k8s.io/yaml, a go-yaml v2. Keys are in go-yaml's order, strings are quoted
 * where they would read as something else, long lines are folded. Ends in a newline. What go-yaml cannot read of the value's
 * JSON fails: some control characters, keys that are too long.
 */
export function toYaml(value: Json): string | Failure {
  const emitter = new Emitter();
  const text = emitter.document(value);
  if (emitter.refused) return { error: "yaml: control characters are not allowed" };
  const problem = emitter.odd ? readerProblem(value) : undefined;
  return problem === undefined ? text : { error: `yaml: ${problem}` };
}
