import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { customColumnsFilePrinter, customColumnsPrinter } from "./custom-columns.ts";
import { isFailure, type Failure } from "./failure.ts";
import type { Json } from "./golang/kind.ts";
import { jsonPathPrinter } from "./jsonpath/print.ts";
import { sortObjects, sortTable, type Unsortable } from "./sort.ts";
import { TablePrinter, type Table } from "./table.ts";

interface Recorded {
  readonly out: string;
  readonly err?: string;
}

const read = <T>(name: string): T =>
  JSON.parse(readFileSync(new URL(`fixtures/${name}.json`, import.meta.url), "utf8")) as T;

type Answers = Record<string, { readonly body: unknown }>;
const [{ answers }, ...tables] = read<[{ answers: Answers }, ...({ command: string } & Recorded)[]]>("table");

const KINDS: Record<string, { readonly kind: string; readonly path: string }> = {
  pods: { kind: "pod", path: "/api/v1/namespaces/lab/pods" },
  services: { kind: "service", path: "/api/v1/namespaces/lab/services" },
  nodes: { kind: "node", path: "/api/v1/nodes" },
  things: { kind: "thing.lab.example", path: "/apis/lab.example/v1/namespaces/lab/things" },
  deploy: { kind: "deployment.apps", path: "/apis/apps/v1/namespaces/lab/deployments" },
};
const plural = (name: string): string => ({ pod: "pods", svc: "services" })[name] ?? name;

/** What `get` does with tables, without asking anybody. */
function get(command: string): string {
  const words = command.split(" ").slice(1);
  const has = (flag: string): boolean => words.includes(flag);
  const labelColumns = words.flatMap((word, at) => (words[at - 1] === "-L" ? word.split(",") : []));
  const names = words.filter((word, at) => !word.startsWith("-") && !["-L", "-o"].includes(words[at - 1] ?? ""));
  const printer = new TablePrinter({
    wide: words[words.indexOf("-o") + 1] === "wide",
    noHeaders: has("--no-headers"),
    showLabels: has("--show-labels"),
    labelColumns,
  });
  const asked =
    names.some((name) => name.includes("/")) || names.length > 1
      ? names
          .filter((name, at) => name.includes("/") || at > 0)
          .map((name) => (name.includes("/") ? name : `${names[0]!}/${name}`))
      : names[0]!.split(",");
  const several = new Set(asked.map((name) => plural(name.split("/")[0]!))).size > 1;
  let last = "";
  const start = (resource: string): string => {
    const { kind, path } = KINDS[resource]!;
    const withNamespace = has("-A") && resource !== "nodes";
    const kindPrefix = several || has("--show-kind") ? kind : undefined;
    if (resource !== last) printer.startResource({ withNamespace, kindPrefix });
    last = resource;
    return has("-A") && resource === "pods" ? "/api/v1/pods" : path;
  };
  const watching = has("-w") || has("--watch-only");
  const event = (type: string): string | undefined => (has("--output-watch-events") ? type : undefined);
  let out = "";
  for (const name of asked) {
    const [resource, object] = name.split("/") as [string, string?];
    const path = start(plural(resource)) + (object ? `/${object}` : "");
    const table = answers[`${path}#table`]!.body as Table;
    printer.print(has("--watch-only") ? { ...table, rows: [] } : table, event("ADDED"));
    if (!watching) continue;
    out += printer.take();
    for (const { type, object: table } of answers[`${path}?watch#table`]!.body as { type: string; object: Table }[]) {
      printer.print({ ...table, columnDefinitions: table.columnDefinitions ?? [] }, event(type));
      out += printer.take();
    }
  }
  return out + printer.take();
}

test("tables are printed as kubectl 1.33 prints them", () => {
  for (const { command, out } of tables) expect(get(command), command).toBe(out);
});

const outcome = (result: string | Failure | Unsortable): Recorded => {
  if (typeof result === "string") return { out: result };
  if ("fatal" in result) return { out: "", err: `${result.source}] ${result.fatal}` };
  return { out: result.out ?? "", err: `error: ${result.error}`.replace(/\n?$/, (end) => end || "\n") };
};

interface Sorted extends Recorded {
  readonly values: readonly { readonly v?: Json }[];
  readonly by: string;
  readonly output: readonly string[];
}

test("--sort-by orders rows and items as kubectl 1.33 does", () => {
  for (const { values, by, output, out, err } of read<Sorted[]>("sort")) {
    const objects = values.map(({ v }, at): Json => {
      const pod = { apiVersion: "v1", kind: "Pod", metadata: { name: `p${at}`, namespace: "lab" } };
      return v === undefined ? pod : { ...pod, spec: { v } };
    });
    const columnDefinitions = [{ name: "Name", type: "string", format: "name", description: "", priority: 0 }];
    const rows = objects.map((object, at) => ({ cells: [`p${at}`], object }));
    const name = `${by} ${output.join(" ")} ${JSON.stringify(values).slice(0, 80)}`;
    let printed: string | Failure | Unsortable;
    if (output[0] === "--no-headers") {
      const table = by === "" ? { columnDefinitions, rows } : sortTable({ columnDefinitions, rows }, by);
      if ("rows" in table) {
        const printer = new TablePrinter({ noHeaders: true });
        printer.print(table);
        printed = printer.take();
      } else printed = table;
      if (isFailure(printed) && err?.startsWith("No resources found")) continue;
    } else {
      const items = by === "" ? objects : sortObjects(objects, by);
      const path = jsonPathPrinter("{.items[*].metadata.name}");
      printed =
        Array.isArray(items) && !isFailure(path) ? path.print({ items: items as readonly Json[] }) : (items as Failure);
    }
    // klog's line: severity, date, time, process and source come before the text.
    const error = err?.replace(/^F\d{4} [\d:.]+ +\d+ (.*)\n$/, "$1");
    expect({ err: undefined, ...outcome(printed) }, name).toEqual({ out, err: error });
  }
});

test("custom columns are printed as kubectl 1.33 prints them", () => {
  type Row = Recorded & ({ readonly spec: string; readonly noHeaders: boolean } | { readonly file: string });
  const [{ items }, ...rows] = read<[{ items: readonly Json[] }, ...Row[]]>("custom-columns");
  for (const row of rows) {
    const printer = "spec" in row ? customColumnsPrinter(row.spec, row.noHeaders) : customColumnsFilePrinter(row.file);
    const printed = isFailure(printer) ? printer : printer.print(items);
    expect({ err: undefined, ...outcome(printed) }, JSON.stringify(row)).toEqual({ out: row.out, err: row.err });
  }
});
