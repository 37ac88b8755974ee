import type { JsonObject, Query } from "../../../../sim/kube/api/index.ts";
import type { Factory } from "../../client/factory.ts";
import { TABLE } from "../../client/helper.ts";
import { GoError } from "../../errors/go-error.ts";
import { encodeJson, isFailure } from "../../output/index.ts";
import { exitOnInterrupt } from "../../interrupt.ts";
import { emit } from "../../printing/emit.ts";
import { isList, metadataOf, type Info } from "../../resource/info.ts";
import type { GetOptions } from "./get.ts";
import { findForGet } from "./query.ts";
import { resourceOf, tableOf, tablePrinter } from "./tables.ts";

type Show = (object: JsonObject, event: string) => Promise<void>;

/** Prints what there is and what changes, until the server or the user ends it (kubectl pkg/cmd/get/get.go watch). */
export async function watchResources(factory: Factory, options: GetOptions): Promise<void> {
  const { flags } = options;
  const result = await findForGet(factory, options, { singleType: true });
  const infos = await result.all();
  const [info] = infos;
  if (!info || infos.some(({ mapping }) => mapping.resource !== info.mapping.resource))
    throw new GoError(
      "watch is only supported on individual resources and resource collections - more than 1 resource was found",
    );
  const show = options.humanReadable ? tableShow(factory, options, info) : objectShow(factory, options);
  const list = info.name === "" || isList(info.object!);
  if (!flags["watch-only"]) for (const object of infos.flatMap((one) => objectsIn(one))) await show(object, "ADDED");
  exitOnInterrupt(factory.process);
  const helper = await factory.helper();
  const { mapping } = info;
  const accept = options.humanReadable && options.serverPrint ? TABLE : undefined;
  const events = await helper.watch({ mapping, namespace: info.namespace }, watchQuery(options, info, list), accept);
  // A watch of one object begins with that object, which is printed already.
  let known = !list;
  for await (const { type, object } of events) {
    if (!known) await show(object as JsonObject, type);
    known = false;
  }
}

function watchQuery({ flags }: GetOptions, info: Info, list: boolean): Query {
  if (!list) return { fieldSelector: [`metadata.name=${info.name}`], resourceVersion: ["0"] };
  return {
    ...(flags["field-selector"].trim() === "" ? {} : { fieldSelector: [flags["field-selector"].trim()] }),
    ...(flags.selector.trim() === "" ? {} : { labelSelector: [flags.selector.trim()] }),
    resourceVersion: [(metadataOf(info.object)["resourceVersion"] as string | undefined) ?? ""],
  };
}

/** A list's items, each to be printed for itself; a Table or an object as it is. */
function objectsIn({ object }: Info): readonly JsonObject[] {
  if (!isList(object!)) return [object!];
  const { apiVersion, kind } = object as { apiVersion: string; kind: string };
  return (object!["items"] as JsonObject[]).map((item) => ({ apiVersion, kind: kind.replace(/List$/, ""), ...item }));
}

function tableShow(factory: Factory, options: GetOptions, info: Info): Show {
  const printer = tablePrinter(options);
  printer.startResource(resourceOf(options, info.mapping, options.flags["show-kind"]));
  return async (object, event) => {
    printer.print(tableOf(factory, { ...info, object }), options.flags["output-watch-events"] ? event : undefined);
    await factory.process.print(printer.take());
  };
}

function objectShow(factory: Factory, options: GetOptions): Show {
  const printer = options.printer();
  if (isFailure(printer)) throw new GoError(printer.error);
  return async (object, event) => {
    if (!options.flags["output-watch-events"]) return emit(factory.process, printer.print(object));
    // cli-runtime pkg/printers/json.go: events are printed on one line.
    if (options.flags.output === "json")
      return factory.process.print(`{"type":"${event}","object":${encodeJson(object)}}\n`);
    await emit(factory.process, printer.print({ type: event, object }));
  };
}
