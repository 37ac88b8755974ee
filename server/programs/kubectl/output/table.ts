import { formatValue } from "./golang/format.ts";
import { compareBytes, type Json } from "./golang/kind.ts";
import { TABLE, TabWriter } from "./tabwriter.ts";
import { escapeTerminal } from "./terminal.ts";

/** A `meta.k8s.io/v1` Table as the API serves it; only what is printed. */
export interface Table {
  readonly columnDefinitions: readonly TableColumn[];
  readonly rows: readonly TableRow[];
}

export interface TableColumn {
  readonly name: string;
  readonly type: string;
  readonly format: string;
  readonly description: string;
  /** Anything but 0 is shown with `-o wide` only. */
  readonly priority: number;
}

export interface TableRow {
  readonly cells: readonly Json[];
  /** The object or its metadata, which the columns for namespace and labels are taken from. */
  readonly object?: Json;
}

export interface TableOptions {
  readonly wide?: boolean;
  readonly noHeaders?: boolean;
  /** `--show-labels`, and `-L` with its keys. */
  readonly showLabels?: boolean;
  readonly labelColumns?: readonly string[];
}

/** What the rows that follow are. */
export interface TableResource {
  /** A NAMESPACE column, as with `-A` for namespaced resources. */
  readonly withNamespace?: boolean;
  /** `pod` or `deployment.apps`: names are printed with it, as with `--show-kind` or several types. */
  readonly kindPrefix?: string;
}

interface Column {
  readonly header: string;
  readonly wideOnly: boolean;
}

/**
 * kubectl's human-readable printer of tables (cli-runtime pkg/printers/tableprinter.go, kubectl pkg/cmd/get/get.go). Headers come
 * with the first row, and again when other columns follow; columns line up with what was printed before. It knows no verbs:
 * what is said when nothing was printed is the verb's matter.
 */
export class TablePrinter {
  readonly #options: TableOptions;
  readonly #writer = new TabWriter(TABLE);
  #resource: TableResource = {};
  #started = false;
  #out = "";
  #wrote = false;
  /** A blank line is due before more is written. */
  #separate = false;
  #lastColumns: readonly TableColumn[] = [];
  #headersPrinted = false;

  constructor(options: TableOptions = {}) {
    this.#options = options;
  }

  /** Rows of another resource follow. */
  startResource(resource: TableResource): void {
    this.#flush();
    this.#writer.forgetWidths();
    if (this.#started && this.#wrote && !this.#options.noHeaders) this.#separate = true;
    this.#started = true;
    this.#resource = resource;
    this.#lastColumns = [];
    this.#headersPrinted = false;
  }

  /** Adds a table's rows; a table without columns has those of the one before. `event` is the type of a watch event to show. */
  print(table: Table, event?: string): void {
    // A watch sends the columns with its first event only.
    const known = !table.columnDefinitions?.length || sameColumns(table.columnDefinitions, this.#lastColumns);
    if (!known) {
      this.#lastColumns = table.columnDefinitions;
      this.#headersPrinted = false;
    }
    const headersDue = !this.#options.noHeaders && !this.#headersPrinted;
    if (table.rows.length === 0) return;
    this.#headersPrinted = true;
    const columns = this.#columns(event);
    const shown = columns.map((column) => this.#options.wide === true || !column.wideOnly);
    if (headersDue)
      this.#writer.write(
        `${columns
          .filter((_, at) => shown[at])
          .map((column) => column.header)
          .join("\t")}\n`,
      );
    const nameColumn = this.#nameColumn();
    for (const row of table.rows) {
      const cells = this.#cells(row, nameColumn, event);
      let line = "";
      let first = true;
      for (let at = 0; at < cells.length && at < shown.length; at++) {
        if (!shown[at]) continue;
        if (!first) line += "\t";
        first = false;
        line += cellText(cells[at]!);
      }
      this.#writer.write(`${line}\n`);
    }
  }

  /** What is to be written since the last time. */
  take(): string {
    this.#flush();
    const out = this.#out;
    this.#out = "";
    return out;
  }

  /** Whether anything was ever written. */
  get wrote(): boolean {
    this.#flush();
    return this.#wrote;
  }

  #flush(): void {
    const text = this.#writer.take();
    if (text === "") return;
    if (this.#separate) this.#out += "\n";
    this.#separate = false;
    this.#out += text;
    this.#wrote = true;
  }

  #columns(event: string | undefined): Column[] {
    const added = (header: string): Column => ({ header, wideOnly: false });
    return [
      ...(event === undefined ? [] : [added("EVENT")]),
      ...(this.#resource.withNamespace ? [added("NAMESPACE")] : []),
      ...this.#lastColumns.map(({ name, priority }) => ({ header: name.toUpperCase(), wideOnly: priority !== 0 })),
      ...(this.#options.labelColumns ?? []).map((key) => added(key.split("/").at(-1)!.toUpperCase())),
      ...(this.#options.showLabels ? [added("LABELS")] : []),
    ];
  }

  #nameColumn(): number {
    if (this.#resource.kindPrefix === undefined) return -1;
    return this.#lastColumns.findIndex((column) => column.format === "name" && column.type === "string");
  }

  #cells(row: TableRow, nameColumn: number, event: string | undefined): Json[] {
    const cells = [...row.cells];
    if (nameColumn >= 0) cells[nameColumn] = `${this.#resource.kindPrefix}/${formatValue(cells[nameColumn])}`;
    const metadata = metadataOf(row.object);
    const { labelColumns = [], showLabels } = this.#options;
    if (metadata && (labelColumns.length > 0 || showLabels)) {
      const labels = stringMap(metadata["labels"]);
      cells.push(...labelColumns.map((key) => labels[key] ?? ""));
      if (showLabels) cells.push(formatLabels(labels));
    }
    const { withNamespace } = this.#resource;
    if (withNamespace) cells.unshift(metadata?.["namespace"] ?? null);
    if (!metadata && (withNamespace || nameColumn >= 0 || labelColumns.length > 0 || showLabels)) {
      const width = this.#lastColumns.length + labelColumns.length + (withNamespace ? 1 : 0) + (showLabels ? 1 : 0);
      // The bound shrinks while cells are added, so half of them stay out, as in decorateTable.
      for (let added = 0; added < width - cells.length; added++) cells.push(null);
    }
    if (event !== undefined) cells.unshift(event.padEnd(8));
    return cells;
  }
}

function sameColumns(left: readonly TableColumn[], right: readonly TableColumn[]): boolean {
  return (
    left === right ||
    (left.length === right.length &&
      left.every((column, at) => {
        const other = right[at]!;
        return (
          column.name === other.name &&
          column.type === other.type &&
          column.format === other.format &&
          column.description === other.description &&
          column.priority === other.priority
        );
      }))
  );
}

/** A cell up to its first line break, terminal sequences made visible. */
function cellText(cell: Json): string {
  if (cell === null) return "";
  if (typeof cell !== "string") return escapeTerminal(formatValue(cell));
  const end = cell.search(/[\f\n\r]/);
  return end < 0 ? escapeTerminal(cell) : `${escapeTerminal(cell.slice(0, end))}...`;
}

function metadataOf(object: Json | undefined): { readonly [key: string]: Json } | undefined {
  if (typeof object !== "object" || object === null || Array.isArray(object)) return undefined;
  const metadata = (object as { readonly metadata?: Json }).metadata;
  return typeof metadata === "object" && metadata !== null ? (metadata as { readonly [key: string]: Json }) : {};
}

function stringMap(value: Json | undefined): Record<string, string> {
  return typeof value === "object" && value !== null ? (value as Record<string, string>) : {};
}

/** `labels.FormatLabels`: sorted, with commas; `<none>` if there are none. */
export function formatLabels(labels: Readonly<Record<string, string>>): string {
  const keys = Object.keys(labels).sort(compareBytes);
  return keys.length === 0 ? "<none>" : keys.map((key) => `${key}=${labels[key]!}`).join(",");
}
