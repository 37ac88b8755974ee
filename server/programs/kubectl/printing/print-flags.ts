import { Errno, type Process } from "../../../sim/host/index.ts";
import { decode } from "../../../sim/kernel/index.ts";
import { inGoOrder, typeId, type JsonObject } from "../../../sim/kube/api/index.ts";
import { parseGroupVersion } from "../client/api-resource.ts";
import { bool, text, type ValuesOf } from "../cobra/flag.ts";
import {
  goTemplatePrinter,
  isFailure,
  jsonPathPrinter,
  printJson,
  quote,
  toYaml,
  type Failure,
} from "../output/index.ts";
import { readPlain } from "../read-file.ts";
import { namePrinter } from "./name-printer.ts";

/** Prints one object after the other. */
export interface ObjectPrinter {
  print(object: JsonObject): string | Failure;
}

/** The flags of commands that print objects (cli-runtime pkg/genericclioptions/print_flags.go). */
export const PRINT_FLAGS = {
  "allow-missing-template-keys": bool("If false, a template that asks for a missing key is an error.", {
    initial: true,
  }),
  output: text(
    "How to print: json, yaml, name, go-template, go-template-file, template, templatefile, jsonpath, jsonpath-as-json or jsonpath-file.",
    { shorthand: "o" },
  ),
  "show-managed-fields": bool("If true, print the managedFields of objects in JSON and YAML."),
  template: text("The template, or its file, for the output formats that need one."),
} as const;

export type PrintFlags = ValuesOf<typeof PRINT_FLAGS>;

export const TEMPLATE_FORMATS = [
  "go-template", "go-template-file", "template", "templatefile", "jsonpath", "jsonpath-as-json", "jsonpath-file",
] as const; // prettier-ignore

export const OBJECT_FORMATS = ["json", "name", "yaml", ...TEMPLATE_FORMATS];

export interface PrinterOptions {
  /** What happened, for the line that is printed without `-o`: `created`, `created (dry run)`. */
  readonly operation?: string;
  /** The objects are Go structs, printed as JSON in the order of their fields. */
  readonly typed?: boolean;
}

/** The printer that `-o` and `--template` choose; a Failure names the formats that there are. */
export function objectPrinter(
  process: Process,
  flags: PrintFlags,
  options: PrinterOptions = {},
): ObjectPrinter | Failure {
  const format = flags.output === "" && flags.template !== "" ? "go-template" : flags.output;
  return (
    structuredPrinter(flags, format, options) ??
    (format === "" || format.toLowerCase() === "name"
      ? namePrinter(format === "" ? (options.operation ?? "") : "")
      : undefined) ??
    templatePrinter(process, flags, format, options) ??
    unknownFormat(flags.output, OBJECT_FORMATS)
  );
}

/** `-o json` and `-o yaml`; undefined for other formats. */
export function structuredPrinter(
  flags: PrintFlags,
  format: string,
  { typed = false }: PrinterOptions = {},
): ObjectPrinter | undefined {
  const shown = (object: JsonObject): JsonObject =>
    flags["show-managed-fields"] ? object : withoutManagedFields(object);
  // Of these and `name` alone the case does not matter (json_yaml_flags.go, name_flags.go).
  const kind = format.toLowerCase();
  if (kind === "json")
    return {
      print: (object) => printJson(typed ? asGoStruct(shown(object)) : shown(object), { keepOrder: typed }),
    };
  if (kind !== "yaml") return undefined;
  let count = 0;
  return {
    print(object) {
      const yaml = toYaml(shown(object));
      return isFailure(yaml) || count++ === 0 ? yaml : `---\n${yaml}`;
    },
  };
}

/** The object with its fields in the order of its Go type. */
function asGoStruct(object: JsonObject): JsonObject {
  const { group, version } = parseGroupVersion((object["apiVersion"] as string | undefined) ?? "");
  return inGoOrder(typeId(group, version, (object["kind"] as string | undefined) ?? ""), object);
}

/** `-o jsonpath=…`, `-o go-template=…` and their kin; undefined for other formats. */
export function templatePrinter(
  process: Process,
  flags: PrintFlags,
  output: string,
  { typed = false }: PrinterOptions = {},
): ObjectPrinter | Failure | undefined {
  // With --template, what -o says is the format alone.
  const equals = flags.template === "" ? output.indexOf("=") : -1;
  const format = equals < 0 ? output : output.slice(0, equals);
  if (!(TEMPLATE_FORMATS as readonly string[]).includes(format)) return undefined;
  const given = equals < 0 ? flags.template : output.slice(equals + 1);
  if (given === "") return { error: "template format specified but no template given" };
  const template = format.endsWith("file") ? readTemplate(process, given) : given;
  if (isFailure(template)) return template;
  // A file may be empty.
  if (template === "") return { print: () => "" };
  const options = { allowMissingKeys: flags["allow-missing-template-keys"] };
  if (!format.startsWith("jsonpath")) return goTemplatePrinter(template, options);
  const printer = jsonPathPrinter(template, { ...options, asJson: format === "jsonpath-as-json", floats: typed });
  return printer;
}

export function unknownFormat(format: string, allowed: readonly string[]): Failure {
  const formats = [...allowed].sort().join(",");
  return {
    error: `unable to match a printer suitable for the output format ${quote(format)}, allowed formats are: ${formats}`,
  };
}

function readTemplate(process: Process, path: string): string | Failure {
  try {
    return decode(readPlain(process, path));
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    return { error: `error reading --template ${path}, open ${path}: ${error.message.toLowerCase()}\n` };
  }
}

/** An object, or a list's items, without metadata.managedFields. */
export function withoutManagedFields(object: JsonObject): JsonObject {
  const items = object["items"];
  if (Array.isArray(items))
    return items.some(hasManagedFields)
      ? { ...object, items: items.map((item) => withoutManagedFields(item as JsonObject)) }
      : object;
  if (!hasManagedFields(object)) return object;
  const { managedFields: _, ...metadata } = object["metadata"] as JsonObject;
  return { ...object, metadata };
}

function hasManagedFields(object: unknown): boolean {
  return (object as { metadata?: { managedFields?: unknown } } | null)?.metadata?.managedFields !== undefined;
}
