import { z } from "zod";

/** `deployment/cart`, `services/web`, `ingress.networking.k8s.io/shop`: the kind (or plural, or short name) and the name. */
export const ObjectReference = z
  .string()
  .regex(/^[a-z][a-z0-9.]*\/[a-z0-9][a-z0-9.:-]*$/, "expected KIND/NAME, such as deployment/cart");

/** `pods`, `service`, `deploy`: a kind by any of the names that kubectl takes. */
export const KindName = z.string().regex(/^[a-z][a-z0-9.]*$/, "expected a kind, such as pods or deployment");

const onePod = z.strictObject({ pod: z.string(), namespace: z.string(), container: z.string().optional() });
const host = z.strictObject({ host: z.string(), netns: z.string().optional() });

/**
 * Where traffic starts: a machine of the lab by name (`node01`, `outside`), a network namespace of a machine, one Pod, the Pods
 * of a label, or every Pod of a namespace.
 */
export const Source = z.union(
  [
    z.string(),
    host,
    onePod,
    z.strictObject({ pods: z.string(), namespace: z.string() }),
    z.strictObject({ namespace: z.string() }),
  ],
  {
    error:
      "expected a machine's name, { host, netns }, { pod, namespace }, { pods: LABELS, namespace } or { namespace }",
  },
);
export type Source = z.infer<typeof Source>;

/** One place where something is done: a machine, a network namespace of it, or a container. */
export const Place = z.union([z.string(), host, onePod], {
  error: "expected a machine's name, { host, netns } or { pod, namespace }",
});
export type Place = z.infer<typeof Place>;

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
