import type { KubeObject } from "../server/sim/kube/api/index.ts";
import type { Table } from "../server/sim/kernel/index.ts";
import type { World } from "../server/sim/world/index.ts";
import type { Check } from "./checks/schemas.ts";
import { resourceName, writtenObjects } from "./scene/objects.ts";
import { Scene } from "./scene/scene.ts";

/** What checks of kind `unchanged` compare with: objects and files as the lab left them. */
export type BeforeRow =
  | { readonly what: "object"; readonly object: KubeObject }
  | { readonly what: "file"; readonly text: string };

/** Part of the world, so that it survives with it. */
export function beforeTable(world: World): Table<string, BeforeRow> {
  return world.kernel.state.table("grader/before", { quiet: true });
}

export function objectKey(resource: string, namespace: string, name: string): string {
  return `object ${resource} ${namespace}/${name}`;
}

export function fileKey(host: string, path: string): string {
  return `file ${host} ${path}`;
}

/** Remembers what the checks will compare with. Done once, when the lab is set up. */
export function remember(world: World, checks: readonly Check[]): void {
  const scene = new Scene(world);
  const before = beforeTable(world);
  for (const { unchanged } of checks) {
    if (!unchanged) continue;
    if ("file" in unchanged) {
      const text = scene.machine(unchanged.on).host.readText(unchanged.file);
      if (text !== undefined) before.set(fileKey(unchanged.on, unchanged.file), { what: "file", text });
    } else if ("object" in unchanged) {
      const { kind, namespace, name, object } = scene.objects.find(unchanged.object, unchanged.namespace);
      if (object) before.set(objectKey(resourceName(kind), namespace, name), { what: "object", object });
    } else if ("everythingIn" in unchanged) {
      for (const { kind, object } of writtenObjects(scene.objects, unchanged.everythingIn))
        before.set(objectKey(resourceName(kind), unchanged.everythingIn, object.metadata.name), {
          what: "object",
          object,
        });
    } else {
      const { kind, objects } = scene.objects.list(unchanged.objects, unchanged.namespace);
      for (const object of objects) {
        const { namespace = "", name } = object.metadata;
        before.set(objectKey(resourceName(kind), namespace, name), { what: "object", object });
      }
    }
  }
}
