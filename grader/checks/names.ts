import { z } from "zod";
import { parseLabelSelector } from "../../server/sim/kube/api/index.ts";

/** `deployment/cart`, `services/web`, `ingress.networking.k8s.io/shop`: the kind (or plural, or short name) and the name. */
export const ObjectReference = z
  .string()
  .regex(/^[a-z][a-z0-9.]*\/[a-z0-9][a-z0-9.:-]*$/, "expected KIND/NAME, such as deployment/cart")
  .describe("`KIND/NAME`, the kind by any of the names that kubectl takes: `deployment/cart`, `svc/web`.");

/** `pods`, `service`, `deploy`: a kind by any of the names that kubectl takes. */
export const KindName = z
  .string()
  .regex(/^[a-z][a-z0-9.]*$/, "expected a kind, such as pods or deployment")
  .describe("A kind by any of the names that kubectl takes: `pods`, `deploy`.");

/** A text that says something. */
export const Words = z.string().regex(/\S/, "expected a text that says something");

export const NamespaceName = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/, "expected the name of a namespace, such as kube-system")
  .describe("The namespace; not for what belongs to none.");

/** A label selector, which is read here once so that no attempt meets one that cannot be. */
export const Labels = z.string().superRefine((text, context) => {
  const read = parseLabelSelector(text);
  if (typeof read === "object" && "error" in read)
    context.addIssue({ code: "custom", message: `${JSON.stringify(text)} is no label selector: ${read.error}` });
});

const labels = Labels.describe("A label selector as kubectl writes it: `app=client`, `app in (a,b)`.");

const onePod = z.strictObject({
  pod: z.string().describe("One Pod by its name."),
  namespace: NamespaceName,
  container: z.string().optional().describe("Which of its containers; the first, if missing."),
});

const host = z.strictObject({
  host: z.string().describe("A machine of the lab: `node01`, `outside`."),
  netns: z.string().optional().describe("A network namespace of it, as `ip netns` names it."),
});

const machine = z.string().describe("A machine of the lab: `controlplane`, `node01`, `outside`.");

/**
 * Where traffic starts: a machine of the lab by name (`node01`, `outside`), a network namespace of a machine, one Pod, the Pods
 * of a label, or every Pod of a namespace.
 */
export const Source = z
  .union(
    [
      machine,
      host,
      onePod,
      z.strictObject({ pods: labels, namespace: NamespaceName }),
      z.strictObject({ namespace: NamespaceName.describe("Every Pod of this namespace.") }),
    ],
    {
      error:
        "expected a machine's name, { host, netns }, { pod, namespace }, { pods: LABELS, namespace } or { namespace }",
    },
  )
  .meta({
    title: "Source",
    description: "Where traffic starts. From several places, the check must hold from each.",
  });
export type Source = z.infer<typeof Source>;

/** One place where something is done: a machine, a network namespace of it, or a container. */
export const Place = z
  .union([machine, host, onePod], { error: "expected a machine's name, { host, netns } or { pod, namespace }" })
  .meta({ title: "Place", description: "One place where something is read or done." });
export type Place = z.infer<typeof Place>;

/** How an attempt to reach something ends, in the words that the tools use. */
export const Outcome = z
  .enum(["connected", "refused", "timed out", "no route", "reset", "name not found", "certificate refused"])
  .meta({ title: "Outcome", description: "How an attempt to reach something ends." });
export type Outcome = z.infer<typeof Outcome>;
