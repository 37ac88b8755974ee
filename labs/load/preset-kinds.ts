import type { AnyKind } from "../../server/sim/kube/api/index.ts";
import { addOnSteps } from "../../server/sim/kube/addons/manifests/index.ts";
import { customKinds, KINDS } from "../../server/sim/kube/kinds/index.ts";
import { PRESETS } from "../../server/sim/presets/index.ts";

type Definition = Parameters<typeof customKinds>[0];

const known = new Map<string, readonly AnyKind[]>();

/** The kinds of a preset's cluster: those of every cluster, and those that its add-ons bring. */
export function kindsOf(preset: string): readonly AnyKind[] {
  let kinds = known.get(preset);
  if (!kinds) known.set(preset, (kinds = [...KINDS, ...broughtBy(preset)]));
  return kinds;
}

function broughtBy(preset: string): readonly AnyKind[] {
  const addOns = PRESETS[preset]?.topology.clusters?.flatMap((cluster) => cluster.addOns ?? []) ?? [];
  const objects = addOns.flatMap((name) => addOnSteps(name, "192.0.2.1-192.0.2.2", addOns).flat());
  return objects
    .filter(({ kind }) => kind === "CustomResourceDefinition")
    .flatMap((definition) => {
      const { spec } = definition as unknown as Definition;
      const status = { acceptedNames: spec.names, conditions: [{ type: "Established", status: "True" }] };
      return customKinds({ ...definition, status } as unknown as Definition);
    });
}
