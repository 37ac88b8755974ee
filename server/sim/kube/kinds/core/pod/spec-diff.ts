import { isObject, sameJson, type JsonValue, type PodSpec } from "../../../api/index.ts";

/**
 * What a refused update of a Pod changes, in the layout of go-cmp: unchanged fields are left out, old values are marked
 * with `-`, new ones with `+`. The real text shows unchanged neighbours, too, and Go's internal types.
 */
export function specDiff(old: PodSpec, next: PodSpec): string {
  return structDiff("core.PodSpec", old, next);
}

/** The same for any structure; `type` is its Go name. */
export function structDiff(type: string, old: object, next: object): string {
  const lines = [`  ${type}{`];
  diffObject(old as Record<string, JsonValue>, next as Record<string, JsonValue>, 1, lines);
  lines.push("  }", "");
  return lines.join("\n");
}

function diffObject(
  old: Record<string, JsonValue>,
  next: Record<string, JsonValue>,
  depth: number,
  lines: string[],
): void {
  const keys = [...new Set([...Object.keys(old), ...Object.keys(next)])].sort();
  const indent = "\t".repeat(depth);
  let same = 0;
  for (const key of keys) {
    const [before, after] = [old[key], next[key]];
    if (sameJson(before, after)) {
      same++;
      continue;
    }
    const label = `${fieldName(key)}: `;
    if (isObject(before) && isObject(after)) {
      lines.push(`  ${indent}${label}{`);
      diffObject(before, after, depth + 1, lines);
      lines.push(`  ${indent}},`);
    } else {
      if (before !== undefined) lines.push(`- ${indent}${label}${JSON.stringify(before)},`);
      if (after !== undefined) lines.push(`+ ${indent}${label}${JSON.stringify(after)},`);
    }
  }
  if (same > 0) lines.push(`  ${indent}... // ${same} identical fields`);
}

/** The Go name of a JSON field: `hostIPC` is `HostIPC`. */
function fieldName(key: string): string {
  return key.slice(0, 1).toUpperCase() + key.slice(1);
}
