import type { KubeObject } from "./meta.ts";

/** scheduling.k8s.io/v1 */
export interface PriorityClass extends KubeObject {
  readonly value: number;
  readonly globalDefault?: boolean;
  readonly description?: string;
  readonly preemptionPolicy?: string;
}
