import type { Factory } from "../../client/factory.ts";
import { TABLE } from "../../client/helper.ts";
import { typesAndNames } from "../../resource/arguments.ts";
import { findResources, type ResourceQuery } from "../../resource/builder.ts";
import type { Result } from "../../resource/result.ts";
import type { GetOptions } from "./get.ts";

/** What `get` asks for: Tables where it prints columns, objects elsewhere. */
export async function findForGet(factory: Factory, options: GetOptions, more: Partial<ResourceQuery>): Promise<Result> {
  const { flags, args, files, namespace, explicitNamespace } = options;
  const tables = options.humanReadable && options.serverPrint;
  const sorted = flags["sort-by"] !== "";
  return findResources(factory, {
    files,
    namespace,
    enforceNamespace: explicitNamespace,
    allNamespaces: flags["all-namespaces"],
    labels: flags.selector,
    fields: flags["field-selector"],
    chunkSize: flags["chunk-size"],
    subresource: flags.subresource,
    selection: await typesAndNames(args, () => factory.mapper()),
    allowEmptySelector: true,
    latest: true,
    ...(tables ? { accept: TABLE } : {}),
    ...(tables && sorted ? { query: { includeObject: ["Object"] } } : {}),
    ...more,
  });
}
