import type { JsonObject } from "../../../../sim/kube/api/index.ts";
import type { Factory } from "../../client/factory.ts";
import { Aggregate, aggregate, GoError } from "../../errors/go-error.ts";
import { isFailure, sortObjects, type Failure, type Json, type Unsortable } from "../../output/index.ts";
import { emit } from "../../printing/emit.ts";
import { isList } from "../../resource/info.ts";
import type { GetOptions } from "./get.ts";
import { withoutNotFound } from "./not-found.ts";
import { findForGet } from "./query.ts";
import { unsortable } from "./unsortable.ts";

/** Everything but columns: one object as it is, several as a List (kubectl pkg/cmd/get/get.go printGeneric). */
export async function printObjects(factory: Factory, options: GetOptions): Promise<void> {
  const { flags } = options;
  const path = flags["sort-by"];
  const chunkSize = path === "" ? flags["chunk-size"] : 0;
  const result = await findForGet(factory, options, { flatten: true, continueOnError: true, chunkSize });
  const { infos, error } = await result.infos();
  const printer = options.printer();
  if (isFailure(printer)) throw new GoError(printer.error);
  const failure = flags["ignore-not-found"] ? withoutNotFound(error) : error;
  if (failure && result.single) throw failure;
  const errors = failure instanceof Aggregate ? [...failure.errors] : failure ? [failure] : [];
  const objects = infos.map(({ object }) => object!);
  if (objects.length > 0 || !flags["ignore-not-found"]) {
    const shown = sorted(result.single && objects.length === 1 ? objects[0]! : listOf(objects), path);
    if ("fatal" in shown) return unsortable(factory.process, shown as Unsortable);
    try {
      await emit(factory.process, isFailure(shown) ? shown : printer.print(shown));
    } catch (printing) {
      if (!(printing instanceof GoError)) throw printing;
      errors.push(printing);
    }
  }
  // Flattened: a single one is told with `error: `.
  const all = aggregate(errors);
  if (all) throw all;
}

function listOf(items: readonly JsonObject[]): JsonObject {
  return { kind: "List", apiVersion: "v1", metadata: { resourceVersion: "" }, items: items as JsonObject[] };
}

/** A list with its items sorted by a path; anything else as it is. */
function sorted(object: JsonObject, path: string): JsonObject | Failure | Unsortable {
  if (path === "" || !isList(object)) return object;
  const items = sortObjects(object["items"] as readonly Json[], path);
  return Array.isArray(items) ? { ...object, items: items as JsonObject[] } : (items as Failure | Unsortable);
}
