import type { JsonObject } from "../../../../sim/kube/api/index.ts";
import type { Mapping } from "../../client/api-resource.ts";
import type { Factory } from "../../client/factory.ts";
import { Aggregate, GoError } from "../../errors/go-error.ts";
import {
  isFailure,
  sortObjects,
  sortTable,
  TablePrinter,
  type Json,
  type Table,
  type Unsortable,
} from "../../output/index.ts";
import type { Info } from "../../resource/info.ts";
import type { GetOptions } from "./get.ts";
import { withoutNotFound } from "./not-found.ts";
import { findForGet } from "./query.ts";
import { clientTable } from "./client-table.ts";
import { unsortable } from "./unsortable.ts";

/** Columns: the Tables that the server made, one below the other (kubectl pkg/cmd/get/get.go Run). */
export async function printTables(factory: Factory, options: GetOptions): Promise<void> {
  const { flags } = options;
  const { process } = factory;
  const path = flags["sort-by"];
  const chunkSize = path === "" ? flags["chunk-size"] : 0;
  const result = await findForGet(factory, options, {
    flatten: !options.serverPrint,
    continueOnError: true,
    chunkSize,
  });
  const { infos: found, error } = await result.infos();
  const failure = flags["ignore-not-found"] ? withoutNotFound(error) : error;
  const infos = path === "" ? found : sortInfos(found, path);
  if ("fatal" in infos) return unsortable(process, infos);
  const printer = tablePrinter(options);
  const prefixed = flags["show-kind"] || severalTypes(infos);
  let last: Mapping | undefined;
  for (const info of infos) {
    if (!last || !sameType(last, info.mapping)) {
      last = info.mapping;
      printer.startResource(resourceOf(options, last, prefixed));
    }
    const table = tableOf(factory, info);
    const rows = path === "" || infos.length > 1 ? table : sortTable(table, path);
    if ("fatal" in rows) return unsortable(process, rows);
    // kubectl drops what a sort has to say: nothing is printed, as if there was nothing.
    if (!isFailure(rows)) printer.print(rows);
  }
  await process.print(printer.take());
  if (!printer.wrote && !flags["ignore-not-found"] && !failure) {
    const namespaced = !flags["all-namespaces"] && infos.every(({ mapping }) => mapping.namespaced);
    await process.error(
      namespaced ? `No resources found in ${options.namespace} namespace.\n` : "No resources found\n",
    );
  }
  // As one of a list of errors, even if it is alone: what stands within is told without `error: `.
  if (failure) throw new Aggregate([failure]);
}

/**
 * Several answers are sorted as objects, although they may be Tables, which have no fields of the things in them
 * (kubectl pkg/cmd/get/sorter.go RuntimeSorter).
 */
function sortInfos(infos: readonly Info[], path: string): readonly Info[] | Unsortable {
  if (infos.length < 2) return infos;
  const sorted = sortObjects(
    infos.map(({ object }) => object as Json),
    path,
  );
  if (isFailure(sorted)) throw new GoError(sorted.error);
  if ("fatal" in sorted) return sorted;
  const of = new Map(infos.map((info) => [info.object as Json, info]));
  return sorted.map((object) => of.get(object)!);
}

export function tablePrinter({ flags }: GetOptions): TablePrinter {
  return new TablePrinter({
    wide: flags.output === "wide",
    noHeaders: flags["no-headers"],
    showLabels: flags["show-labels"],
    labelColumns: flags["label-columns"],
  });
}

/** How rows of a type are printed: with their namespace, with their type before the name. */
export function resourceOf(
  { flags }: GetOptions,
  mapping: Mapping,
  prefixed: boolean,
): { withNamespace?: boolean; kindPrefix?: string } {
  const { group, kind } = mapping;
  const prefix = `${kind.toLowerCase()}${group === "" ? "" : `.${group}`}`;
  return {
    ...(flags["all-namespaces"] && mapping.namespaced ? { withNamespace: true } : {}),
    ...(prefixed ? { kindPrefix: prefix } : {}),
  };
}

/** The Table that the server sent, or one of the client's own where it sent objects. */
export function tableOf(factory: Factory, { object }: Info): Table {
  return object!["kind"] === "Table"
    ? (object as unknown as Table)
    : clientTable(object as JsonObject, factory.process.now);
}

function severalTypes(infos: readonly Info[]): boolean {
  return infos.some(({ mapping }) => !sameType(mapping, infos[0]!.mapping));
}

function sameType(left: Mapping, right: Mapping): boolean {
  return left.group === right.group && left.version === right.version && left.resource === right.resource;
}
