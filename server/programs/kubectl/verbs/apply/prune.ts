import type { JsonObject, Query } from "../../../../sim/kube/api/index.ts";
import type { Mapping } from "../../client/api-resource.ts";
import type { Factory } from "../../client/factory.ts";
import { klog } from "../../client/klog.ts";
import { GoError } from "../../errors/go-error.ts";
import type { Failure } from "../../output/index.ts";
import { lastAppliedOf } from "../../patch/last-applied.ts";
import type { DryRun } from "../../printing/dry-run.ts";
import { metadataOf, nameOf } from "../../resource/info.ts";
import type { PropagationPolicy } from "../delete/cascade.ts";

/** A type that may be pruned, as `--prune-allowlist` names it. */
export interface PruneType {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

const typesOf = (group: string, ...kinds: readonly string[]): PruneType[] =>
  kinds.map((kind) => ({ group, version: "v1", kind }));

/** What is pruned if nothing is said (kubectl pkg/util/prune/prune.go). */
const NAMESPACED: readonly PruneType[] = [
  ...typesOf(
    "",
    "ConfigMap",
    "Endpoints",
    "PersistentVolumeClaim",
    "Pod",
    "ReplicationController",
    "Secret",
    "Service",
  ),
  ...typesOf("batch", "Job", "CronJob"),
  ...typesOf("networking.k8s.io", "Ingress"),
  ...typesOf("apps", "DaemonSet", "Deployment", "ReplicaSet", "StatefulSet"),
];
const NOT_NAMESPACED = typesOf("", "Namespace", "PersistentVolume");

/** Reads `--prune-allowlist`: GROUP/VERSION/KIND, with `core` for the group without a name. */
export async function pruneTypes(factory: Factory, words: readonly string[]): Promise<readonly PruneType[] | Failure> {
  const types: PruneType[] = [];
  for (const word of words) {
    const parts = word.split("/");
    if (parts.length !== 3)
      return { error: `invalid GroupVersionKind format: ${word}, please follow <group/version/kind>` };
    const [group = "", version = "", kind = ""] = parts;
    const type = { group: group === "core" ? "" : group, version, kind };
    await (await factory.mapper()).mappingOf(type.group, type.version, type.kind);
    types.push(type);
  }
  return types;
}

export interface PruneOptions {
  readonly types: readonly PruneType[];
  readonly selector: string;
  readonly dryRun: DryRun;
  readonly cascade: PropagationPolicy;
  /** Seconds; negative leaves it to the server. */
  readonly gracePeriod: number;
  readonly say: (object: JsonObject) => Promise<void>;
}

/** Deletes what was applied once and is not among what was applied now (kubectl pkg/cmd/apply/prune.go). */
export async function prune(
  factory: Factory,
  applied: readonly JsonObject[],
  namespaces: ReadonlySet<string>,
  options: PruneOptions,
): Promise<void> {
  let { types } = options;
  if (types.length === 0) {
    types = [...NAMESPACED, ...NOT_NAMESPACED];
    // Whether -n was given is not asked: there is always some namespace.
    await klog(
      factory.process,
      "W",
      "prune.go:71",
      "Deprecated: kubectl apply will no longer prune non-namespaced resources by default when used with the --namespace flag in a future release. To preserve the current behaviour, list the resources you want to target explicitly in the --prune-allowlist flag.",
    );
  }
  const mapper = await factory.mapper();
  const mappings: Mapping[] = [];
  for (const { group, version, kind } of types) mappings.push(await mapper.mappingOf(group, version, kind));
  const visited = new Set(applied.map((object) => metadataOf(object)["uid"]));
  const pruneIn = async (namespace: string, mapping: Mapping): Promise<void> => {
    try {
      await pruneType(factory, namespace, mapping, visited, options);
    } catch (error) {
      if (!(error instanceof GoError)) throw error;
      const { group, version, kind } = mapping;
      const what = mapping.namespaced ? "namespaced" : "nonNamespaced";
      throw new GoError(`error pruning ${what} object ${group}/${version}, Kind=${kind}: ${error.message}`);
    }
  };
  for (const namespace of namespaces)
    for (const mapping of mappings) if (mapping.namespaced) await pruneIn(namespace, mapping);
  for (const mapping of mappings) if (!mapping.namespaced) await pruneIn("", mapping);
}

async function pruneType(
  factory: Factory,
  namespace: string,
  mapping: Mapping,
  visited: ReadonlySet<unknown>,
  { selector, dryRun, cascade, gracePeriod, say }: PruneOptions,
): Promise<void> {
  const helper = await factory.helper();
  const query: Query = selector === "" ? {} : { labelSelector: [selector] };
  const list = await helper.list({ mapping, namespace }, query);
  for (const item of (list["items"] ?? []) as JsonObject[]) {
    // Lists tell the type of their items once for all.
    const object = { apiVersion: list["apiVersion"]!, kind: mapping.kind, ...item };
    if (lastAppliedOf(object) === undefined || visited.has(metadataOf(object)["uid"])) continue;
    if (dryRun !== "client")
      await helper.delete(
        { mapping, namespace, name: nameOf(object) },
        {
          ...(dryRun === "server" ? { dryRun: ["All"] } : {}),
          ...(gracePeriod >= 0 ? { gracePeriodSeconds: gracePeriod } : {}),
          propagationPolicy: cascade,
        },
      );
    await say(object);
  }
}
