import { parseRfc3339, type Time } from "../../../../sim/kernel/index.ts";
import { humanDuration, type JsonObject } from "../../../../sim/kube/api/index.ts";
import type { Json, Table, TableColumn } from "../../output/index.ts";
import { isList, metadataOf, nameOf } from "../../resource/info.ts";

const column = (name: string, format: string): TableColumn => ({
  name,
  type: "string",
  format,
  description: "",
  priority: 0,
});

const COLUMNS = [column("Name", "name"), column("Age", "")];

/** NAME and AGE of an object or a list's items: what `--server-print=false` shows (cli-runtime pkg/printers/tableprinter.go). */
export function clientTable(object: JsonObject, now: Time): Table {
  const objects = isList(object) ? (object["items"] as JsonObject[]) : [object];
  const rows = objects.map((one) => ({ cells: [nameOf(one), ageOf(one, now)], object: one as Json }));
  return { columnDefinitions: COLUMNS, rows };
}

function ageOf(object: JsonObject, now: Time): string {
  const created = parseRfc3339((metadataOf(object)["creationTimestamp"] as string | undefined) ?? "");
  return created === undefined ? "<unknown>" : humanDuration(now - created);
}
