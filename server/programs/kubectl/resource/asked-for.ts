import type { Invocation } from "../cobra/command.ts";
import type { ValuesOf } from "../cobra/flag.ts";
import { typesAndNames } from "./arguments.ts";
import { findResources, type ResourceQuery } from "./builder.ts";
import { filenameOptions, type FILENAME_FLAGS } from "./filename-flags.ts";
import type { Result } from "./result.ts";

type Asking = Pick<Invocation, "args" | "factory"> & {
  readonly flags: ValuesOf<typeof FILENAME_FLAGS> & { readonly selector?: string };
};

/** What a call is about by its arguments, `-f`, `-k`, `-R`, `-l` and `-n`, taken apart; `query` says what else holds for the verb. */
export async function resourcesAskedFor(
  { args, factory, flags }: Asking,
  query: Partial<ResourceQuery>,
): Promise<Result> {
  const { name: namespace, explicit } = factory.config.namespace();
  return findResources(factory, {
    files: filenameOptions(flags),
    namespace,
    enforceNamespace: explicit,
    labels: flags.selector,
    selection: await typesAndNames(args, () => factory.mapper()),
    flatten: true,
    ...query,
  });
}
