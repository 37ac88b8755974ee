/** A value of a metric with its labels, in the order in which they are printed. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Family {
  readonly name: string;
  readonly type: "counter" | "gauge";
  /** With the stability level before it, as component-base writes it: `[STABLE] Counter of …`. */
  readonly help: string;
  readonly samples: readonly Sample[];
}

/** What Prometheus servers ask for, and what Go's promhttp says that it answers with. */
export const EXPOSITION_TYPE = "text/plain; version=0.0.4; charset=utf-8; escaping=underscores";

/** Metrics in Prometheus' text format: families by name, each with its samples by labels; those without samples are left out. */
export function exposition(families: readonly Family[]): string {
  return families
    .filter(({ samples }) => samples.length > 0)
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, type, help, samples }) => {
      const lines = samples.map(({ labels, value }) => `${name}${labelText(labels)} ${goFloat(value)}\n`);
      return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.toSorted().join("")}`;
    })
    .join("");
}

function labelText(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.keys(labels)
    .toSorted()
    .map(
      (name) => `${name}="${labels[name]!.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n")}"`,
    );
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

/** As Go's strconv writes a float with 'g': large numbers get an exponent. */
function goFloat(value: number): string {
  if (Math.abs(value) < 1e6) return String(value);
  const [digits, exponent] = value.toExponential().split("e") as [string, string];
  return `${digits}e+${exponent.replace("+", "").padStart(2, "0")}`;
}
