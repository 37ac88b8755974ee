import type { Failure } from "../failure.ts";

const RELAXED = /^\{\.?([^{}]+)\}$|^\.?([^{}]+)$/;

/**
 * `metadata.name`, `.metadata.name`, `{metadata.name}` or `{.metadata.name}` as a complete template: what `--sort-by` and
 * custom columns accept (kubectl pkg/cmd/get/customcolumn.go RelaxedJSONPathExpression).
 */
export function relaxedTemplate(path: string): string | Failure {
  if (path === "") return path;
  const match = RELAXED.exec(path);
  if (!match)
    return {
      error:
        "unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or '{.name1.name2}'",
    };
  return `{.${match[1] ?? match[2]!}}`;
}
