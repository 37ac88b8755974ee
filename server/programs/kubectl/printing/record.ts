import type { JsonObject } from "../../../sim/kube/api/index.ts";
import { bool, type Flag } from "../cobra/flag.ts";
import { metadataOf } from "../resource/info.ts";

export const CHANGE_CAUSE = "kubernetes.io/change-cause";

/** `--record`, which is still taken by the commands that always had it. */
export const RECORD: Flag<boolean> = {
  ...bool("Keep the command in an annotation of the object.", { hidden: true }),
  deprecated: "--record will be removed in the future",
};

/** The command, if `--record` asks for it to be kept (cli-runtime pkg/genericclioptions/record_flags.go). */
export function causeOf(invocation: {
  readonly flags: { readonly record: boolean };
  commandLine(): string;
}): string | undefined {
  return invocation.flags.record ? invocation.commandLine() : undefined;
}

/** The object with the command kept in it. */
export function withCause(object: JsonObject, cause: string | undefined): JsonObject {
  if (cause === undefined) return object;
  const metadata = metadataOf(object) as JsonObject;
  const annotations = { ...(metadata["annotations"] as JsonObject | undefined), [CHANGE_CAUSE]: cause };
  return { ...object, metadata: { ...metadata, annotations } };
}
