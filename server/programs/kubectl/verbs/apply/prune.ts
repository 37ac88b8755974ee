import type { JsonObject, Query } from "../../../../sim/kube/api/index.ts";
import type { Mapping } from "../../client/api-resource.ts";
import type { Factory } from "../../client/factory.ts";
import { klog } from "../../client/klog.ts";
import { GoError } from "../../errors/go-error.ts";
import { lastAppliedOf } from "../../patch/last-applied.ts";
import { metadataOf, nameOf, type Info } from "../../resource/info.ts";

/** What is looked at unless `--prune-allowlist` says it (kubectl pkg/util/prune/prune.go). */
const NAMESPACED = [
  "core/v1/ConfigMap", "core/v1/Endpoints", "core/v1/PersistentVolumeClaim", "core/v1/Pod",
  "core/v1/ReplicationController", "core/v1/Secret", "core/v1/Service", "batch/v1/Job", "batch/v1/CronJob",
  "networking.k8s.io/v1/Ingress", "apps/v1/DaemonSet", "apps/v1/Deployment", "apps/v1/ReplicaSet", "apps/v1/StatefulSet",
]; // prettier-ignore
const CLUSTER_WIDE = ["core/v1/Namespace", "core/v1/PersistentVolume"];

/** The types of an allowlist, `GROUP/VERSION/KIND` each; throws what is wrong with it. */
export async function prunedTypes(factory: Factory, allowlist: readonly string[]): Promise<readonly Mapping[]> {
  const mapper = await factory.mapper();
  const types: Mapping[] = [];
  for (const text of allowlist) {
    const [group = "", version = "", kind = "", ...rest] = text.split("/");
    if (kind === "" || rest.length > 0)
      throw new GoError(`invalid GroupVersionKind format: ${text}, please follow <group/version/kind>`);
    types.push(await mapper.mappingOf(group === "core" ? "" : group, version, kind));
  }
  return types;
}

/** What has been applied just now, and where. */
export interface Applied {
  readonly uids: ReadonlySet<unknown>;
  readonly namespaces: ReadonlySet<string>;
}

/** Objects that were applied earlier and are not any more (kubectl pkg/cmd/apply/prune.go). */
export async function* prunable(
  factory: Factory,
  allowed: readonly Mapping[],
  labels: string,
  { uids, namespaces }: Applied,
): AsyncGenerator<Info> {
  const types = allowed.length > 0 ? allowed : await defaultTypes(factory);
  const helper = await factory.helper();
  const query: Query = labels === "" ? {} : { labelSelector: [labels] };
  const places = [
    ...[...namespaces].flatMap((namespace) => types.filter((one) => one.namespaced).map((type) => ({ type, namespace }))),
    ...types.filter((one) => !one.namespaced).map((type) => ({ type, namespace: "" })),
  ];
  for (const { type: mapping, namespace } of places) {
    let items: readonly JsonObject[];
    try {
      const list = await helper.list({ mapping, namespace }, query);
      items = (list["items"] ?? []) as JsonObject[];
    } catch (error) {
      if (!(error instanceof GoError)) throw error;
      const { group, version, kind } = mapping;
      const what = mapping.namespaced ? "namespaced" : "nonNamespaced";
      throw new GoError(`error pruning ${what} object ${group}/${version}, Kind=${kind}: ${error.message}`);
    }
    for (const object of items) {
      if (lastAppliedOf(object) === undefined || uids.has(metadataOf(object)["uid"])) continue;
      const { group, version, kind } = mapping;
      const typed = { apiVersion: group === "" ? version : `${group}/${version}`, kind, ...object };
      yield { mapping, namespace, name: nameOf(object), source: "", object: typed, subresource: "" };
    }
  }
}

async function defaultTypes(factory: Factory): Promise<readonly Mapping[]> {
  await klog(
    factory.process,
    "W",
    "prune.go:71",
    "Deprecated: kubectl apply will no longer prune non-namespaced resources by default when used with the --namespace flag in a future release. To preserve the current behaviour, list the resources you want to target explicitly in the --prune-allowlist flag.",
  );
  return prunedTypes(factory, [...NAMESPACED, ...CLUSTER_WIDE]);
}
