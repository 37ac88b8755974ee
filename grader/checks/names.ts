import { z } from "zod";

/** `deployment/cart`: the kind (or plural, or short name) and the name. */
export const ObjectReference = z
  .string()
  .regex(/^[a-z][a-z0-9.]*\/[a-z0-9][a-z0-9.-]*$/, "expected KIND/NAME, such as deployment/cart");

/** Where traffic starts: a machine of the lab, `outside`, a network namespace of a machine, one Pod, or all Pods of a label. */
export const Source = z.union([
  z.string(),
  z.strictObject({ host: z.string(), netns: z.string().optional() }),
  z.strictObject({ pod: z.string(), namespace: z.string(), container: z.string().optional() }),
  z.strictObject({ pods: z.string(), namespace: z.string() }),
]);
export type Source = z.infer<typeof Source>;

/** How an attempt to reach something ends, in the words that the tools use. */
export const Outcome = z.enum([
  "connected",
  "refused",
  "timed out",
  "no route",
  "reset",
  "name not found",
  "certificate refused",
]);
export type Outcome = z.infer<typeof Outcome>;
