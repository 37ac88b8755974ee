import { DESCRIBE, encodeJson, TabWriter, type Json } from "../kubectl/output/index.ts";
import { Execution } from "../kubectl/output/gotemplate/execute.ts";
import { TemplateError } from "../kubectl/output/gotemplate/failure.ts";
import type { Functions } from "../kubectl/output/gotemplate/functions.ts";
import { parseGoTemplate, TemplateSyntaxError } from "../kubectl/output/gotemplate/parser.ts";
import type { JsonObject } from "../kubectl/output/golang/kind.ts";
import { Fatal } from "./command.ts";

/** The functions of docker's templates (templates/templates.go). */
const FUNCTIONS: Functions = {
  json: { parameters: ["any"], call: ([value]) => encodeJson((value ?? null) as Json, { keepOrder: true }) },
  join: {
    parameters: ["any", "string"],
    call: ([list, by]) => ((list ?? []) as unknown as string[]).join(by as string),
  },
  split: { parameters: ["string", "string"], call: ([text, by]) => (text as string).split(by as string) },
  lower: { parameters: ["string"], call: ([text]) => (text as string).toLowerCase() },
  upper: { parameters: ["string"], call: ([text]) => (text as string).toUpperCase() },
  title: {
    parameters: ["string"],
    call: ([text]) => (text as string).replace(/\b[a-z]/g, (letter) => letter.toUpperCase()),
  },
};

/** Executes a template for each object, a line each. `strict`: a key that is not there is an error, as of a struct. */
export function renderTemplate(text: string, objects: readonly JsonObject[]): string {
  try {
    const templates = parseGoTemplate("", text, FUNCTIONS);
    return objects
      .map((object) => {
        const execution = new Execution({ name: "", text, templates, strict: true, functions: FUNCTIONS }, object);
        execution.run();
        return `${execution.out}\n`;
      })
      .join("");
  } catch (error) {
    if (error instanceof TemplateSyntaxError) throw new Fatal(`template parsing error: ${error.message}`);
    if (error instanceof TemplateError) throw new Fatal(`template parsing error: ${error.message}`);
    throw error;
  }
}

export interface Column {
  readonly heading: string;
  /** What a template calls it. */
  readonly key: string;
}

/** A table as docker's formatter draws it, a template for each row, or JSON lines. */
export function renderRows(
  columns: readonly Column[],
  rows: readonly Readonly<Record<string, string>>[],
  shown: readonly string[],
  { format, quiet, id }: { readonly format: string; readonly quiet: boolean; readonly id: string },
): string {
  if (quiet) return rows.map((row) => `${row[id]}\n`).join("");
  if (format === "json") return rows.map((row) => `${encodeJson(row)}\n`).join("");
  const table = /^table(?:\s+(.*))?$/s.exec(format);
  if (format !== "" && !table) return renderTemplate(unescapeTabs(format), rows);
  const template = table?.[1] === undefined ? undefined : unescapeTabs(table[1]);
  const lines =
    template === undefined
      ? rows.map((row) => shown.map((key) => row[key]).join("\t"))
      : renderTemplate(template, rows).replace(/\n$/, "").split("\n").slice(0, rows.length);
  const headings = Object.fromEntries(columns.map(({ key, heading }) => [key, heading]));
  const head =
    template === undefined
      ? shown.map((key) => headings[key]!).join("\t")
      : renderTemplate(template, [headings]).replace(/\n$/, "");
  const writer = new TabWriter({ ...DESCRIBE, minWidth: 10, tabWidth: 1, padding: 3 });
  for (const line of [head, ...lines]) writer.write(`${line}\n`);
  writer.flush();
  return writer.take();
}

function unescapeTabs(text: string): string {
  return text.replaceAll("\\t", "\t").replaceAll("\\n", "\n");
}
