import { z } from "zod";
import { sameJson, type JsonObject, type KubeObject } from "../../server/sim/kube/api/index.ts";
import type { World } from "../../server/sim/world/index.ts";
import { Scene } from "../../grader/index.ts";
import { Admin, Refused } from "../setup/admin.ts";

export const ObjectName = z.string().regex(/^[a-z0-9][a-z0-9.-]*$/, "expected the name of an object, such as web");

export const Namespace = ObjectName.describe("its namespace");

export const Labels = z.record(z.string(), z.string());

interface Meant {
  readonly kind: ReturnType<Scene["objects"]["kind"]>;
  readonly namespace: string;
  readonly name: string;
  readonly object: KubeObject;
}

/** An object by `KIND/NAME`. Throws Refused if there is none. */
function meant(world: World, reference: string, namespace?: string): Meant {
  const found = new Scene(world).objects.find(reference, namespace);
  const { kind, name, object } = found;
  if (object) return { ...found, object };
  const where = kind.namespaced ? ` in namespace ${found.namespace}` : "";
  throw new Refused(`there is no ${kind.kind} ${name}${where} to break: apply its manifest before`);
}

/** An object by `KIND/NAME`. Throws Refused if there is none. */
export function find<Kind>(world: World, reference: string, namespace?: string): Kind {
  return meant(world, reference, namespace).object as unknown as Kind;
}

/** Changes an object, `KIND/NAME`, by a merge patch. Throws Refused if there is none, if it refuses the change, or if it stays as it is. */
export async function change<Kind>(
  world: World,
  reference: string,
  namespace: string | undefined,
  patch: (object: Kind) => object,
): Promise<void> {
  const { kind, namespace: where, name, object } = meant(world, reference, namespace);
  const admin = Admin.of(world);
  await admin.patch(kind, where, name, JSON.parse(JSON.stringify(patch(object as unknown as Kind))) as JsonObject);
  const after = admin.find(kind, where, name);
  if (sameJson(object, after))
    throw new Refused(`there is nothing to break in ${kind.kind} ${name}: it is like that already`);
}

/** Makes an object. */
export async function make(world: World, object: JsonObject): Promise<void> {
  await Admin.of(world).apply(new Scene(world).objects.kind(object["kind"] as string), object);
}

/** Deletes an object, `KIND/NAME`. Throws Refused if there is none. */
export async function remove(world: World, reference: string, namespace?: string): Promise<void> {
  const { kind, namespace: where, name } = meant(world, reference, namespace);
  await Admin.of(world).delete(kind, where, name);
}

/** Changes one text of a ConfigMap. Throws Refused if it stays as it is. */
export async function editConfigMap(
  world: World,
  namespace: string,
  name: string,
  key: string,
  edit: (text: string) => string,
): Promise<void> {
  await change<{ data?: Record<string, string> }>(world, `configmap/${name}`, namespace, ({ data }) => ({
    data: { [key]: edit(data?.[key] ?? "") },
  }));
}

/** Deletes all Pods with a label, so that their controllers make new ones. */
export async function deletePods(world: World, namespace: string, labels: string): Promise<void> {
  for (const { metadata } of new Scene(world).objects.podsOf(namespace, labels))
    await remove(world, `pod/${metadata.name}`, namespace);
}
