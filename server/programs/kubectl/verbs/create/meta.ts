import type { JsonObject } from "../../../../sim/kube/api/index.ts";

/** An ObjectMeta as Go writes it: what was not given is left out, the time of creation is null. */
export function objectMeta(
  name: string | undefined,
  more: {
    readonly namespace?: string | undefined;
    readonly labels?: JsonObject | undefined;
    readonly annotations?: JsonObject | undefined;
  } = {},
): JsonObject {
  const { namespace, labels, annotations } = more;
  return {
    ...(name === undefined ? {} : { name }),
    ...(namespace === undefined ? {} : { namespace }),
    creationTimestamp: null,
    ...(labels && Object.keys(labels).length > 0 ? { labels } : {}),
    ...(annotations && Object.keys(annotations).length > 0 ? { annotations } : {}),
  };
}
