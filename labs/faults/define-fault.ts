import type { z } from "zod";
import type { World } from "../../server/sim/world/index.ts";

/** Where somebody went wrong: the heading of a fault in the reference. */
export type Area =
  | "machines"
  | "nodes"
  | "cni"
  | "kube-proxy"
  | "dns"
  | "services"
  | "policies"
  | "ingress"
  | "workloads"
  | "control-plane";

/** One mistake that an administrator can make. The reference in labs/README.md is made of these texts. */
export interface FaultDefinition<Schema extends z.ZodObject = z.ZodObject> {
  /** What labs call it. */
  readonly name: string;
  readonly area: Area;
  /** What somebody got wrong, in a sentence without its stop. */
  readonly words: string;
  /** Its parameters: a strictObject whose fields are described. */
  readonly schema: Schema;
  /** What a learner sees first. */
  readonly symptom: string;
  /** How it is put right. */
  readonly repair: string;
  /**
   * Edits what an administrator could have edited, in a world at rest: objects, files, what commands change.
   * What follows from it comes with the world's time. Throws Refused, also if there is nothing to break.
   */
  apply(world: World, parameters: z.output<Schema>): Promise<void>;
}

export function defineFault<Schema extends z.ZodObject>(definition: FaultDefinition<Schema>): FaultDefinition<Schema> {
  return definition;
}
