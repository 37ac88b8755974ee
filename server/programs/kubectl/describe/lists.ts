import type { Taint, Toleration, TopologySpreadConstraint } from "../../../sim/kube/api/index.ts";
import type { Description } from "./description.ts";
import { formatSelector } from "./selector-text.ts";

/** Lines behind a title, one below the other in the second column; `<none>` if there are none. */
export function writeColumn(out: Description, title: string, lines: readonly string[], indent = ""): void {
  if (lines.length === 0) return out.line(0, `${indent}${title}:\t<none>`);
  lines.forEach((line, at) => out.line(0, at === 0 ? `${indent}${title}:\t${line}` : `${indent}\t${line}`));
}

/** Sorted by effect and key (kubectl pkg/describe printTaintsMultilineWithIndent). */
export function writeTaints(out: Description, taints: readonly Taint[] = []): void {
  const sorted = taints.toSorted((a, b) => byText(`${a.effect},${a.key}`, `${b.effect},${b.key}`));
  writeColumn(out, "Taints", sorted.map(taintText));
}

/** `key=value:NoSchedule` (api core/v1 Taint.ToString). */
export function taintText({ key, value = "", effect }: Taint): string {
  if (effect === "") return value === "" ? key : `${key}=${value}:`;
  return value === "" ? `${key}:${effect}` : `${key}=${value}:${effect}`;
}

/** Sorted by key (printTolerationsMultilineWithIndent). */
export function writeTolerations(out: Description, tolerations: readonly Toleration[] = [], indent = ""): void {
  const sorted = tolerations.toSorted((a, b) => byText(a.key ?? "", b.key ?? ""));
  // Only the title is indented; what follows stands in its column.
  writeColumn(out, `${indent}Tolerations`, sorted.map(tolerationText));
}

function tolerationText({ key = "", value = "", effect = "", operator, tolerationSeconds }: Toleration): string {
  const what = `${key}${value === "" ? "" : `=${value}`}${effect === "" ? "" : `:${effect}`}`;
  const exists = operator === "Exists" && value === "" ? `${what === "" ? "" : " "}op=Exists` : "";
  return `${what}${exists}${tolerationSeconds === undefined ? "" : ` for ${tolerationSeconds}s`}`;
}

/** Nothing at all if there are none (describeTopologySpreadConstraints). */
export function writeSpread(
  out: Description,
  constraints: readonly TopologySpreadConstraint[] = [],
  indent = "",
): void {
  if (constraints.length === 0) return;
  const lines = constraints
    .toSorted((a, b) => byText(a.topologyKey, b.topologyKey))
    .map((one) => {
      const selector = one.labelSelector ? ` for selector ${formatSelector(one.labelSelector)}` : "";
      return `${one.topologyKey}:${one.whenUnsatisfiable} when max skew ${one.maxSkew} is exceeded${selector}`;
    });
  writeColumn(out, "Topology Spread Constraints", lines, indent);
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
