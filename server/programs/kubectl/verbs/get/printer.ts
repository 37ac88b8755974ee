import { Errno, type Process } from "../../../../sim/host/index.ts";
import { decode } from "../../../../sim/kernel/index.ts";
import type { JsonObject } from "../../../../sim/kube/api/index.ts";
import { customColumnsFilePrinter, customColumnsPrinter, isFailure, type Failure } from "../../output/index.ts";
import { namePrinter } from "../../printing/name-printer.ts";
import {
  structuredPrinter,
  templatePrinter,
  TEMPLATE_FORMATS,
  unknownFormat,
  type ObjectPrinter,
  type PrintFlags,
} from "../../printing/print-flags.ts";
import { readPlain } from "../../read-file.ts";
import { isList } from "../../resource/info.ts";

export const GET_FORMATS = [
  "json",
  "yaml",
  "name",
  ...TEMPLATE_FORMATS,
  "custom-columns",
  "custom-columns-file",
  "wide",
];

type Flags = PrintFlags & { readonly "no-headers": boolean };

/** The printer for all outputs that are no tables (kubectl pkg/cmd/get/get_flags.go). */
export function objectsPrinter(process: Process, flags: Flags): ObjectPrinter | Failure {
  const format = flags.output === "" && flags.template !== "" ? "go-template" : flags.output;
  const known =
    structuredPrinter(flags, format) ??
    templatePrinter(process, flags, format) ??
    columnsPrinter(process, flags, format) ??
    (format === "name" ? namePrinter("") : undefined);
  return known ?? unknownFormat(flags.output, GET_FORMATS);
}

function columnsPrinter(process: Process, flags: Flags, output: string): ObjectPrinter | Failure | undefined {
  const match = /^(custom-columns|custom-columns-file)(?:=(.*))?$/s.exec(output);
  if (!match) return undefined;
  const given = match[2] ?? flags.template;
  if (given === "") return { error: "custom-columns format specified but no custom columns given" };
  const text = match[1] === "custom-columns" ? given : readColumns(process, given);
  if (isFailure(text)) return text;
  const columns =
    match[1] === "custom-columns" ? customColumnsPrinter(text, flags["no-headers"]) : customColumnsFilePrinter(text);
  if (isFailure(columns)) return columns;
  return { print: (object) => columns.print(isList(object) ? (object["items"] as JsonObject[]) : [object]) };
}

function readColumns(process: Process, path: string): string | Failure {
  try {
    return decode(readPlain(process, path));
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    return { error: `error reading template ${path}, open ${path}: ${error.message.toLowerCase()}\n` };
  }
}
