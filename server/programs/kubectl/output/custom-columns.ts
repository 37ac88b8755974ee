import { isFailure, type Failure } from "./failure.ts";
import { formatValue } from "./golang/format.ts";
import type { Json } from "./golang/kind.ts";
import { parseJsonPath, type JsonPath } from "./jsonpath/jsonpath.ts";
import { relaxedTemplate } from "./jsonpath/relaxed.ts";
import { TABLE, TabWriter } from "./tabwriter.ts";
import { escapeTerminal } from "./terminal.ts";

interface Column {
  readonly header: string;
  readonly template: string;
}

const TWO_LINES = "Expected format is one line of space separated headers, one line of space separated column specs.";

/** The printer of `-o custom-columns=HEADER:PATH,…` (kubectl pkg/cmd/get/customcolumn.go). */
export function customColumnsPrinter(spec: string, noHeaders = false): CustomColumnsPrinter | Failure {
  if (spec === "") return { error: "custom-columns format specified but no custom columns given" };
  const columns: Column[] = [];
  for (const part of spec.split(",")) {
    const colon = part.indexOf(":");
    if (colon < 0) return { error: `unexpected custom-columns spec: ${part}, expected <header>:<json-path-expr>` };
    const template = relaxedTemplate(part.slice(colon + 1));
    if (isFailure(template)) return template;
    columns.push({ header: part.slice(0, colon), template });
  }
  return new CustomColumnsPrinter(columns, noHeaders);
}

/** The printer of `-o custom-columns-file=FILE`, from the file's text; it takes no heed of `--no-headers`. */
export function customColumnsFilePrinter(text: string): CustomColumnsPrinter | Failure {
  const [headerLine, specLine] = text.split("\n", 2);
  if (text === "") return { error: `invalid template, missing header line. ${TWO_LINES}` };
  if (specLine === undefined || (specLine === "" && text.indexOf("\n") === text.length - 1))
    return { error: `invalid template, missing spec line. ${TWO_LINES}` };
  const headers = words(headerLine!);
  const specs = words(specLine);
  if (headers.length !== specs.length)
    return { error: `number of headers (${headers.length}) and field specifications (${specs.length}) don't match` };
  const columns: Column[] = [];
  for (const [index, header] of headers.entries()) {
    const template = relaxedTemplate(specs[index]!);
    if (isFailure(template)) return template;
    columns.push({ header, template });
  }
  return new CustomColumnsPrinter(columns, false);
}

function words(line: string): string[] {
  return line.split(/\s+/).filter((word) => word !== "");
}

/** Prints objects as rows, the headers once; later rows line up with earlier ones. */
export class CustomColumnsPrinter {
  readonly #columns: readonly Column[];
  readonly #writer = new TabWriter(TABLE);
  #headersDue: boolean;

  constructor(columns: readonly Column[], noHeaders: boolean) {
    this.#columns = columns;
    this.#headersDue = !noHeaders;
  }

  /** A list's items, or one object; then what a watch brings. A failure's `out` holds the rows before it. */
  print(objects: readonly Json[]): string | Failure {
    if (this.#headersDue) this.#writer.write(`${this.#columns.map((column) => column.header).join("\t")}\n`);
    this.#headersDue = false;
    const paths: JsonPath[] = [];
    for (const { template } of this.#columns) {
      const path = parseJsonPath(template, { allowMissingKeys: true });
      if ("error" in path) return { error: path.error, out: this.#writer.take() };
      paths.push(path);
    }
    for (const object of objects) {
      const cells: string[] = [];
      for (const path of paths) {
        const found = path.find(object);
        if (!Array.isArray(found)) return { error: found.error, out: this.#writer.take() };
        const values = found.flat().map((value) => escapeTerminal(formatValue(value)));
        cells.push((found[0]?.length ?? 0) === 0 ? ["<none>", ...values].join(",") : values.join(","));
      }
      this.#writer.write(`${cells.join("\t")}\n`);
    }
    return this.#writer.take();
  }
}
