import { z } from "zod";
import type { World } from "../../server/sim/world/index.ts";
import * as catalogue from "./catalogue.ts";
import type { FaultDefinition } from "./define-fault.ts";

export type { FaultDefinition } from "./define-fault.ts";

/** The catalogue: every fault by its name. */
export const FAULTS: Readonly<Record<string, FaultDefinition>> = Object.fromEntries(
  Object.values(catalogue).map((fault: FaultDefinition) => [fault.name, fault]),
);

/** A fault with its parameters, as a lab's setup names it: `{ service-selector: { … } }`. */
export const Fault = z
  .strictObject(Object.fromEntries(Object.entries(FAULTS).map(([name, { schema }]) => [name, schema.optional()])))
  .refine(
    (fault) => Object.values(fault).filter((parameters) => parameters !== undefined).length === 1,
    "a step makes exactly one fault: write { NAME: { PARAMETERS } }",
  );
export type Fault = z.infer<typeof Fault>;

/** Makes a fault by editing what it is about. Throws Refused, also if there is nothing to break. */
export async function applyFault(world: World, fault: Fault): Promise<void> {
  for (const [name, parameters] of Object.entries(fault)) {
    if (parameters !== undefined) await FAULTS[name]!.apply(world, parameters);
  }
}
