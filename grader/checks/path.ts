import { z } from "zod";
import { parseJsonPath, relaxedTemplate } from "../../server/programs/kubectl/output/index.ts";

/** A JSONPath, which is read here once so that no attempt meets one that cannot be. */
export const Path = z
  .string()
  .min(1)
  .superRefine((path, context) => {
    const parsed = parseJsonPath(pathTemplate(path), { allowMissingKeys: true });
    if ("error" in parsed)
      context.addIssue({ code: "custom", message: `${JSON.stringify(path)} is no JSONPath: ${parsed.error}` });
  })
  .describe('A JSONPath such as `.spec.type`, `.spec.ports[*].port` or `{.items[?(@.name=="http")].port}`.');

export function pathTemplate(path: string): string {
  if (path.startsWith("{")) return path;
  const template = relaxedTemplate(path);
  // Paths with braces of their own, or filters, are complete without the outer ones.
  return typeof template === "string" ? template : `{${path.startsWith(".") ? "" : "."}${path}}`;
}
