import type { Failure } from "../output/failure.ts";
import type { Json } from "../output/golang/kind.ts";
import { composeYaml, Unsupported } from "./compose.ts";
import { YamlError } from "./cursor.ts";

/** A YAML document as sigs.k8s.io/yaml makes JSON of it, or why it is none: `yaml: line 3: …`. */
export function readYaml(text: string): { readonly value: Json } | Failure {
  try {
    return { value: composeYaml(text) };
  } catch (error) {
    if (error instanceof YamlError) return { error: `yaml: ${error.message}` };
    if (error instanceof Unsupported) return { error: error.message };
    throw error;
  }
}
