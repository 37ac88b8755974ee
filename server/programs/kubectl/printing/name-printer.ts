import type { JsonObject } from "../../../sim/kube/api/index.ts";
import { parseGroupVersion } from "../client/api-resource.ts";
import { isList, nameOf } from "../resource/info.ts";
import type { ObjectPrinter } from "./print-flags.ts";

/** Prints `deployment.apps/web created`, or the name alone without an operation (cli-runtime pkg/printers/name.go). */
export function namePrinter(operation: string): ObjectPrinter {
  const line = (object: JsonObject): string => `${objectName(object)}${operation === "" ? "" : ` ${operation}`}\n`;
  return {
    print: (object) => (isList(object) ? (object["items"] as JsonObject[]).map(line).join("") : line(object)),
  };
}

/** `deployment.apps/web` */
export function objectName(object: JsonObject): string {
  const { group } = parseGroupVersion((object["apiVersion"] as string | undefined) ?? "");
  const kind = ((object["kind"] as string | undefined) ?? "").toLowerCase();
  return `${group === "" ? kind : `${kind}.${group}`}/${nameOf(object) || "<unknown>"}`;
}
