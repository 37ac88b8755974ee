import { parseDocument } from "yaml";
import type { Failure } from "../output/failure.ts";
import type { Json } from "../output/golang/kind.ts";

/** A YAML document as sigs.k8s.io/yaml makes JSON of it, or why it is none: `yaml: line 3: …`. */
export function readYaml(text: string): { readonly value: Json } | Failure {
  const document = parseDocument(text, { version: "1.1", merge: true, uniqueKeys: false, strict: false });
  const [error] = document.errors;
  if (error) return { error: `yaml: line ${error.linePos?.[0].line ?? 1}: ${error.code}` };
  return { value: (document.toJS() as Json) ?? null };
}
