import type { Failure } from "../failure.ts";
import { formatValue, goSyntax } from "../golang/format.ts";
import type { Json } from "../golang/kind.ts";
import { GoNumber, type GoValue } from "../golang/number.ts";
import { quote } from "../golang/quote.ts";
import { encodeJson } from "../json.ts";
import { asFloat, isComposite, parseJsonPath, type JsonPath } from "./jsonpath.ts";

export interface JsonPathPrinterOptions {
  /** `--allow-missing-template-keys`, true if not given. */
  readonly allowMissingKeys?: boolean;
  /** `-o jsonpath-as-json`: each part's values as a JSON list. */
  readonly asJson?: boolean;
  /** The objects are Go structs, which become JSON on the way: all their numbers are float64. */
  readonly floats?: boolean;
}

/** Prints objects through one template, in kubectl's words. */
export interface JsonPathPrinter {
  print(object: Json): string | Failure;
}

/** The printer of `-o jsonpath=TEMPLATE` (cli-runtime pkg/genericclioptions/jsonpath_flags.go, pkg/printers/jsonpath.go). */
export function jsonPathPrinter(template: string, options: JsonPathPrinterOptions = {}): JsonPathPrinter | Failure {
  if (template === "") return { error: "template format specified but no template given" };
  const path = parseJsonPath(template, {
    allowMissingKeys: options.allowMissingKeys ?? true,
    floats: options.floats === true,
  });
  if ("error" in path) return { error: `error parsing jsonpath ${template}, ${path.error}\n` };
  return { print: (object) => execute(path, template, object, options) };
}

function execute(path: JsonPath, template: string, object: Json, options: JsonPathPrinterOptions): string | Failure {
  const results = path.find(object);
  if (Array.isArray(results))
    return results
      .map((values) => (options.asJson ? printAsJson(values) : printValues(values, options.floats === true)))
      .join("");
  const details =
    `Error executing template: ${results.error}. Printing more information for debugging the template:\n` +
    `\ttemplate was:\n\t\t${template}\n` +
    `\tobject given to jsonpath engine was:\n\t\t${goSyntax(object)}\n\n`;
  return { error: `error executing jsonpath ${quote(template)}: ${details}\n` };
}

function printValues(values: readonly GoValue[], floats: boolean): string {
  const shown = (value: GoValue): string => formatValue(floats ? asFloat(value) : value);
  return values.map((value) => (isComposite(value) ? encodeJson(value) : shown(value))).join(" ");
}

function printAsJson(values: readonly GoValue[]): string {
  const plain = values.map((value) => (value instanceof GoNumber ? value.value : (value ?? null)));
  return `${encodeJson(plain, { indent: "    " })}\n`;
}
