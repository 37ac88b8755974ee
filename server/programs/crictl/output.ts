import type { Process } from "../../sim/host/index.ts";
import { encodeJson, goTemplatePrinter, isFailure, TabWriter, toYaml } from "../kubectl/output/index.ts";
import type { Json, JsonObject } from "../kubectl/output/golang/kind.ts";
import { withoutUnset } from "./messages.ts";
import { Fatal } from "./said.ts";

/** A table as crictl draws it: cells of at least 20 characters. */
export function drawTable(rows: readonly (readonly string[])[]): string {
  const writer = new TabWriter({ minWidth: 20, tabWidth: 1, padding: 3, padChar: " " });
  for (const row of rows) writer.write(`${row.join("\t")}\n`);
  return writer.take();
}

/** A message of a list, in the order of its fields. */
export async function printMessage(process: Process, message: JsonObject, format: "json" | "yaml"): Promise<void> {
  const value = withoutUnset(message);
  if (format === "json") await process.print(`${encodeJson(value, { indent: "  ", keepOrder: true })}\n`);
  else await process.print(`${yaml(value)}\n`);
}

function yaml(value: Json): string {
  const text = toYaml(value);
  if (typeof text !== "string") throw new Fatal(text.error);
  return text;
}

/** What `inspect` and `info` show: one object as it is, more in a list; keys are sorted (util.go outputStatusData). */
export async function printStatuses(
  process: Process,
  statuses: readonly JsonObject[],
  format: string,
  template: string,
): Promise<void> {
  const clean = statuses.map((status) => withoutUnset(status) as JsonObject);
  const value: Json = clean.length === 1 ? clean[0]! : clean;
  switch (format) {
    case "json":
      return process.print(`${encodeJson(value, { indent: "  " })}\n`);
    case "yaml":
      return process.print(`${yaml(value)}\n`);
    case "go-template": {
      const printer = goTemplatePrinter(template);
      const printed = isFailure(printer) ? printer : printer.print(value as JsonObject);
      if (isFailure(printed)) throw new Fatal(`execute template: ${printed.error}`);
      return process.print(`${printed}\n`);
    }
    default:
      throw new Fatal(`unsupported format: ${JSON.stringify(format)}`);
  }
}
