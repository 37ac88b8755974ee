import { sameJson, type AnyKind, type KubeObject } from "../../server/sim/kube/api/index.ts";
import { toYaml, type Json } from "../../server/programs/kubectl/output/index.ts";
import type { World } from "../../server/sim/world/index.ts";
import { beforeTable, fileKey, objectKey } from "../before.ts";
import { Broken } from "../broken.ts";
import type { UnchangedSpec } from "../checks/schemas.ts";
import type { Evidence, Finding } from "../result.ts";
import { resourceName, writtenObjects } from "../scene/objects.ts";
import { commandAt } from "../scene/place.ts";
import type { Scene } from "../scene/scene.ts";
import { listed } from "../why/explanation.ts";
import { valueAt } from "./object.ts";
import { excerpt } from "./words.ts";

/** Something is as it was when the lab was set up. */
export function evaluateUnchanged(scene: Scene, spec: UnchangedSpec): Finding {
  if ("file" in spec) return unchangedFile(scene, spec);
  if ("everythingIn" in spec) return unchangedNamespace(scene, spec);
  return "object" in spec ? unchangedObject(scene, spec) : unchangedObjects(scene, spec);
}

function unchangedObject(scene: Scene, spec: Extract<UnchangedSpec, { object: string }>): Finding {
  const { kind, namespace, name, object } = scene.objects.find(spec.object, spec.namespace);
  const before = objectBefore(scene.world, resourceName(kind), namespace, name);
  if (!before) throw new Broken(`${spec.object} was not there when the lab was set up`);
  const part = spec.path === undefined ? "" : ` (${spec.path})`;
  const difference = compare(kind, before, object, spec.path);
  return {
    holds: difference === undefined,
    expected: `${spec.object}${part} as it was`,
    observed: difference?.words ?? "unchanged",
    ...(difference?.evidence ? { evidence: [difference.evidence] } : {}),
    see: `kubectl${namespace === "" ? "" : ` -n ${namespace}`} get ${kind.singular} ${name} -o yaml`,
  };
}

function unchangedObjects(scene: Scene, spec: Extract<UnchangedSpec, { objects: string }>): Finding {
  const { kind, objects } = scene.objects.list(spec.objects, spec.namespace);
  const resource = resourceName(kind);
  const exempt = new Set(spec.except);
  const now = new Map(objects.map((object) => [keyOf(resource, object), object]));
  const differences: string[] = [];
  const evidence: Evidence[] = [];
  let count = 0;
  for (const [key, row] of beforeTable(scene.world)) {
    if (row.what !== "object" || !key.startsWith(`object ${resource} `)) continue;
    const { name, namespace = "" } = row.object.metadata;
    if (exempt.has(name) || (spec.namespace !== undefined && kind.namespaced && namespace !== spec.namespace)) continue;
    count++;
    const difference = compare(kind, row.object, now.get(key), undefined);
    now.delete(key);
    if (!difference) continue;
    differences.push(`${name} ${difference.words}`);
    if (difference.evidence) evidence.push(difference.evidence);
  }
  for (const { metadata } of now.values()) if (!exempt.has(metadata.name)) differences.push(`${metadata.name} is new`);
  const scope = kind.namespaced ? (spec.namespace === undefined ? " -A" : ` -n ${spec.namespace}`) : "";
  return {
    holds: differences.length === 0,
    expected: `${kind.plural} as they were${exempt.size > 0 ? `, but for ${listed([...exempt])}` : ""}`,
    observed: differences.length > 0 ? listed(differences) : "unchanged",
    evidence,
    see: `kubectl${scope} get ${kind.plural}`,
    share: count === 0 ? 1 : Math.max(0, count - differences.length) / count,
  };
}

function unchangedNamespace(scene: Scene, spec: Extract<UnchangedSpec, { everythingIn: string }>): Finding {
  const namespace = spec.everythingIn;
  const exempt = new Set(spec.except?.map((reference) => foundKey(scene, reference, namespace)));
  const now = new Map(
    writtenObjects(scene.objects, namespace).map((found) => [keyOf(resourceName(found.kind), found.object), found]),
  );
  const differences: string[] = [];
  const evidence: Evidence[] = [];
  let count = 0;
  for (const [key, row] of beforeTable(scene.world)) {
    if (row.what !== "object" || row.object.metadata.namespace !== namespace || exempt.has(key)) continue;
    const kind = scene.objects.kind(key.split(" ")[1]!);
    count++;
    const difference = compare(kind, row.object, now.get(key)?.object, undefined);
    now.delete(key);
    if (!difference) continue;
    differences.push(`${kind.singular}/${row.object.metadata.name} ${difference.words}`);
    if (difference.evidence) evidence.push(difference.evidence);
  }
  for (const [key, { kind, object }] of now)
    if (!exempt.has(key)) differences.push(`${kind.singular}/${object.metadata.name} is new`);
  return {
    holds: differences.length === 0,
    expected: `everything in namespace ${namespace} as it was${exempt.size > 0 ? `, but for ${listed(spec.except!)}` : ""}`,
    observed: differences.length > 0 ? listed(differences) : "unchanged",
    evidence,
    see: `kubectl -n ${namespace} get all`,
    share: count === 0 ? 1 : Math.max(0, count - differences.length) / count,
  };
}

function foundKey(scene: Scene, reference: string, namespace: string): string {
  const { kind, name } = scene.objects.find(reference, namespace);
  return objectKey(resourceName(kind), namespace, name);
}

function unchangedFile(scene: Scene, { file, on }: Extract<UnchangedSpec, { file: string }>): Finding {
  const row = beforeTable(scene.world).get(fileKey(on, file));
  if (row?.what !== "file") throw new Broken(`${file} was not there on ${on} when the lab was set up`);
  const place = scene.machine(on);
  const now = place.host.readText(file);
  const holds = now === row.text;
  return {
    holds,
    expected: `${file} on ${on} as it was`,
    observed: holds ? "unchanged" : now === undefined ? "it is gone" : "edited",
    ...(holds || now === undefined
      ? {}
      : { evidence: [{ kind: "diff", title: `${file} on ${on}`, before: excerpt(row.text), after: excerpt(now) }] }),
    see: commandAt(place, `cat ${file}`),
  };
}

interface Difference {
  readonly words: string;
  readonly evidence?: Evidence;
}

function compare(
  kind: AnyKind,
  before: KubeObject,
  now: KubeObject | undefined,
  path: string | undefined,
): Difference | undefined {
  if (!now) return { words: "was deleted" };
  // Of a part only what it says counts: an object made anew with the same is as it was.
  if (path === undefined && now.metadata.uid !== before.metadata.uid) return { words: "was deleted and made anew" };
  const [old, current] = [before, now].map((object) =>
    withoutRestart(path === undefined ? content(object) : valueAt(kind, object, path)),
  );
  if (sameJson(old, current)) return undefined;
  const where = path === undefined ? "" : path.replace(/^[{.]+|\}+$/g, "");
  const fields = differentFields(old, current, where);
  return {
    words: `was edited: ${listed(fields)}`,
    evidence: {
      kind: "diff",
      title: `${kind.kind} ${now.metadata.name}`,
      before: excerpt(yaml(old)),
      after: excerpt(yaml(current)),
    },
  };
}

/** What somebody wrote of an object: no status, and of the metadata only labels. */
function content({ metadata, ...object }: KubeObject): unknown {
  const { status: _, ...rest } = object as Record<string, unknown>;
  return { ...rest, metadata: { labels: metadata.labels ?? {} } };
}

const RESTARTED = "kubectl.kubernetes.io/restartedAt";

/** `kubectl rollout restart` writes when it was asked for into the Pod template: new Pods of the same kind, and no edit. */
function withoutRestart(value: unknown): unknown {
  if (!isMap(value)) return value;
  const annotations = value["annotations"];
  if (isMap(annotations) && RESTARTED in annotations) {
    const { [RESTARTED]: _, ...others } = annotations;
    const { annotations: __, ...rest } = value;
    return Object.keys(others).length > 0 ? { ...rest, annotations: others } : rest;
  }
  const inner = ["spec", "template", "metadata"].filter((key) => isMap(value[key]));
  return { ...value, ...Object.fromEntries(inner.map((key) => [key, withoutRestart(value[key])])) };
}

/** Paths at which two values differ: `spec.replicas`. */
function differentFields(a: unknown, b: unknown, path: string): string[] {
  if (!isMap(a) || !isMap(b)) return [path === "" ? "all of it" : path];
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])].sort();
  return keys.flatMap((key) =>
    sameJson(a[key], b[key]) ? [] : differentFields(a[key], b[key], path === "" ? key : `${path}.${key}`),
  );
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function yaml(value: unknown): string {
  const text = value === undefined ? "" : toYaml(JSON.parse(JSON.stringify(value)) as Json);
  return typeof text === "string" ? text : text.error;
}

function objectBefore(world: World, resource: string, namespace: string, name: string): KubeObject | undefined {
  const row = beforeTable(world).get(objectKey(resource, namespace, name));
  return row?.what === "object" ? row.object : undefined;
}

function keyOf(resource: string, { metadata }: KubeObject): string {
  return objectKey(resource, metadata.namespace ?? "", metadata.name);
}
