import type { MatrixSpec } from "../checks/matrix-spec.ts";
import { probe, type Probe } from "../probe/probe.ts";
import { resolveTargets } from "../probe/target.ts";
import type { Evidence, Finding } from "../result.ts";
import { placeWords } from "../scene/place.ts";
import type { Scene } from "../scene/scene.ts";
import { listed } from "../why/explanation.ts";
import { KubernetesNames } from "../why/kubernetes-names.ts";
import { describeNobody, explained, explainFailure, explainOpen, seeOf } from "./reach-reasons.ts";
import { outcomeWords } from "./reach-judgement.ts";

/** A cell of the table, and how its attempts went. */
interface Cell {
  readonly row: string;
  readonly column: string;
  /** Undefined: it does not matter. */
  readonly allowed: boolean | undefined;
  readonly probes: readonly Probe[];
  /** Why nobody could try it. */
  readonly missing?: string;
  /** The attempt that is not as it should be. */
  readonly wrong?: Probe;
  readonly fits: boolean;
}

/** Every place of a row against every address of a column: what is allowed must be connected, what is not must not be. */
export function evaluateMatrix(scene: Scene, spec: MatrixSpec): Finding {
  const cells = Object.keys(spec.from).flatMap((row) =>
    Object.keys(spec.to).map((column) => cellOf(scene, spec, row, column)),
  );
  const judged = cells.filter(({ allowed }) => allowed !== undefined);
  const wrong = judged.filter(({ fits }) => !fits);
  const expected = Object.entries(spec.allow)
    .map(([row, columns]) => `${row} reaches ${columns.length > 0 ? `only ${listed(columns, 6)}` : "nothing"}`)
    .join("; ");
  const evidence: Evidence[] = [{ kind: "text", title: "who reaches whom", text: drawn(spec, cells) }];
  const [first] = wrong;
  if (!first)
    return { holds: true, expected, observed: `all ${judged.length} cells are as they should be`, evidence, share: 1 };
  const shown = first.wrong;
  const names = new KubernetesNames(scene);
  const reason =
    shown &&
    (first.allowed === true ? explainFailure(scene, shown, "connected", undefined) : explainOpen(scene, shown));
  return {
    holds: false,
    expected,
    observed: `${wrong.length} of ${judged.length} cells differ: ${listed(wrong.map(cellWords), 4)}`,
    ...explained({ ...(shown ? { see: seeOf(shown) } : {}), ...reason }),
    evidence: [
      ...evidence,
      ...wrong.slice(0, 3).flatMap(({ wrong: way }): Evidence[] =>
        way?.trace
          ? [
              {
                kind: "trace",
                title: `${placeWords(way.from)} to ${way.target.words}`,
                trace: names.trace(way.trace),
              },
            ]
          : [],
      ),
    ],
    share: (judged.length - wrong.length) / judged.length,
  };
}

function cellOf(scene: Scene, spec: MatrixSpec, row: string, column: string): Cell {
  const ignored = spec.ignore[row]?.includes(column) ?? false;
  const allowed = ignored ? undefined : (spec.allow[row]?.includes(column) ?? false);
  const base = { row, column, allowed };
  const source = spec.from[row]!;
  const places = scene.places(source);
  if (places.length === 0) return { ...base, probes: [], fits: ignored, missing: describeNobody(scene, source) };
  const resolved = resolveTargets(scene, spec.to[column]!);
  if ("missing" in resolved) return { ...base, probes: [], fits: allowed !== true, missing: resolved.missing };
  const probes = places.flatMap((from) => resolved.targets.map((target) => probe(scene, from, target)));
  const wrong = probes.find(({ outcome }) => (outcome === "connected") !== allowed);
  if (ignored || !wrong) return { ...base, probes, fits: true };
  return { ...base, probes, wrong, fits: false };
}

function cellWords({ row, column, allowed, wrong, missing }: Cell): string {
  if (missing !== undefined) return `${row} → ${column} (${missing})`;
  const how = allowed === true ? outcomeWords(wrong!) : "open, but must not be";
  return `${row} → ${column} (${how})`;
}

/** The table as text: `yes` and `no` as it is, with `!` where it should be the other way round. */
function drawn({ from, to }: MatrixSpec, cells: readonly Cell[]): string {
  const columns = Object.keys(to);
  const rows = Object.keys(from);
  const widths = columns.map((column) => Math.max(column.length, 5));
  const left = Math.max(...rows.map((row) => row.length));
  const line = (first: string, rest: readonly string[]): string =>
    [first.padEnd(left), ...rest.map((text, at) => text.padEnd(widths[at]!))].join("  ").trimEnd();
  return [
    line("", columns),
    ...rows.map((row) =>
      line(
        row,
        columns.map((column) => mark(cells.find((cell) => cell.row === row && cell.column === column)!)),
      ),
    ),
  ].join("\n");
}

function mark({ probes, fits, allowed, missing }: Cell): string {
  if (allowed === undefined) return "-";
  if (missing !== undefined) return fits ? "no" : "?!";
  const open = probes.filter(({ outcome }) => outcome === "connected").length;
  const words = open === probes.length ? "yes" : open === 0 ? "no" : "some";
  return fits ? words : `${words} !`;
}
