import type { RequestContext } from "../context.ts";
import { applied, type Write } from "../fieldmanager/field-manager.ts";
import { difference, has, isEmpty, setOf } from "../fieldmanager/field-set.ts";
import type { Fields } from "../fieldmanager/fields.ts";
import { entryOf, sameManager, sorted, type ManagedFields, type ManagedFieldsEntry } from "../fieldmanager/managers.ts";
import { managerOf } from "../fieldmanager/tracking.ts";
import { viewType } from "../fieldmanager/type-of.ts";
import type { JsonObject } from "../json.ts";
import { apiVersion, type AnyKind, type ViewSubresource } from "../kind.ts";
import type { WriteOptions } from "../options.ts";
import { flag } from "../request.ts";
import { decodeAs, schemaOf } from "../schema/kind-schema.ts";
import { errors } from "../status.ts";
import type { KubeObject } from "../types/meta.ts";
import { about, checkConfiguration, readConfiguration, tellDuplicates } from "./apply.ts";

/** What `spec.replicas` is in the view. */
const REPLICAS = setOf(["spec", "replicas"]);

/** A view after an apply, and who owns the fields of its object then. */
export interface AppliedView {
  readonly view: JsonObject;
  readonly managed: ManagedFields;
}

/** Server-side apply of a view: `kubectl apply --server-side --subresource=scale`. */
export function applyView(
  context: RequestContext,
  view: ViewSubresource<KubeObject>,
  old: KubeObject,
  before: JsonObject,
  options: WriteOptions,
): AppliedView {
  const { config, duplicates } = readConfiguration(context);
  checkConfiguration(view.as, config);
  const write: Write = {
    type: viewType(view.as),
    manager: managerOf(context),
    subresource: context.subresource,
    now: context.nowText,
    convert: (object, version) => (version === write.type.apiVersion ? { object, type: write.type } : undefined),
  };
  const owners = old.metadata.managedFields ?? [];
  const paths = replicasPaths(context);
  const result = applied(write, managersOfView(owners, paths, apiVersion(view.as)), before, config, {
    force: flag(context.request.query, "force"),
    about: about(view.as, config),
    takeable: () => undefined,
  });
  tellDuplicates(context, duplicates, options);
  const { value, error } = decodeAs(schemaOf(view.as), result.object ?? before);
  if (error) throw errors.badRequest(error);
  return { view: value, managed: managersOfObject(owners, paths, apiVersion(context.kind), result.managed) };
}

/** Where each version of the kind has the field that is the view's `spec.replicas`. */
function replicasPaths({ kind, registry, subresource }: RequestContext): ReadonlyMap<string, readonly string[]> {
  const stored = registry.stored(kind);
  const versions = registry.kinds.filter((one) => registry.stored(one) === stored && one.kind === kind.kind);
  return new Map(versions.flatMap((one) => pathOf(one, subresource)));
}

function pathOf(kind: AnyKind, subresource: string): [string, readonly string[]][] {
  const part = kind.subresources?.[subresource];
  return part?.type === "view" ? [[apiVersion(kind), part.replicasPath]] : [];
}

const elements = (path: readonly string[]): string[] => path.map((name) => `f:${name}`);

/** Who owns the replicas, as managers of the view (apimachinery managedfields/scalehandler.go ToSubresource). */
function managersOfView(
  owners: ManagedFields,
  paths: ReadonlyMap<string, readonly string[]>,
  version: string,
): ManagedFields {
  return owners.flatMap((entry) => {
    const path = paths.get(entry.apiVersion);
    return path && has(entry.fieldsV1, elements(path)) ? [{ ...entry, apiVersion: version, fieldsV1: REPLICAS }] : [];
  });
}

/** Who owns what of the object, once that is known of its view (scalehandler.go ToParent). */
function managersOfObject(
  owners: ManagedFields,
  paths: ReadonlyMap<string, readonly string[]>,
  version: string,
  ofView: ManagedFields,
): ManagedFields {
  const left = new Set(ofView);
  const kept: ManagedFieldsEntry[] = [];
  for (const entry of owners) {
    const path = paths.get(entry.apiVersion);
    // A version that is not served any more is forgotten.
    if (!path) continue;
    if (!has(entry.fieldsV1, elements(path))) {
      kept.push(entry);
      continue;
    }
    const still = [...left].find((one) => sameManager({ ...one, apiVersion: entry.apiVersion }, entry));
    if (still) {
      left.delete(still);
      kept.push(entry);
      continue;
    }
    const fieldsV1: Fields = difference(entry.fieldsV1, setOf(path));
    if (!isEmpty(fieldsV1)) kept.push({ ...entry, fieldsV1 });
  }
  const own = paths.get(version);
  for (const entry of left)
    if (own && has(entry.fieldsV1, ["f:spec", "f:replicas"]))
      kept.push(entryOf({ ...entry, apiVersion: version, fieldsV1: setOf(own) }));
  return sorted(kept);
}
