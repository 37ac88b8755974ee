import type { RequestContext } from "../context.ts";
import type { Draft } from "../types/meta.ts";
import type { Pod } from "../types/pod.ts";
import type { PriorityClass } from "../types/scheduling.ts";
import { isAbout, refuse, type AdmissionPlugin, type Attributes } from "./plugin.ts";

/** As plugin/pkg/admission/priority: a Pod's class becomes a number, and one class at most is the default. */
export const priority: AdmissionPlugin = {
  name: "Priority",
  operations: ["CREATE", "UPDATE"],
  admit(attributes) {
    if (!isAbout(attributes, "", "pods")) return;
    const pod = attributes.object as Draft<Pod>;
    if (attributes.operation === "CREATE") return resolve(attributes, pod);
    const before = (attributes.old as Pod).spec;
    if (before.priority !== undefined) pod.spec.priority ??= before.priority;
    if (before.preemptionPolicy !== undefined) pod.spec.preemptionPolicy ??= before.preemptionPolicy;
  },
  validate(attributes) {
    if (!isAbout(attributes, "scheduling.k8s.io", "priorityclasses")) return;
    const next = attributes.object as unknown as PriorityClass;
    const preset = next.globalDefault ? defaultClass(attributes.context) : undefined;
    if (preset && (attributes.operation === "CREATE" || preset.metadata.name !== next.metadata.name))
      throw refuse(
        attributes,
        `PriorityClass ${preset.metadata.name} is already marked as default. Only one default can exist`,
      );
  },
};

function resolve(attributes: Attributes, { spec }: Draft<Pod>): void {
  const { context } = attributes;
  const asked = spec.priorityClassName ?? "";
  const chosen = asked === "" ? defaultClass(context) : findClass(context, asked);
  if (asked !== "" && !chosen) throw refuse(attributes, `no PriorityClass with name ${asked} was found`);
  if (chosen) spec.priorityClassName = chosen.metadata.name;
  const value = chosen?.value ?? 0;
  if (spec.priority !== undefined && spec.priority !== value)
    throw refuse(
      attributes,
      `the integer value of priority (${spec.priority}) must not be provided in pod spec; priority admission controller computed ${value} from the given PriorityClass name`,
    );
  spec.priority = value;
  const policy = chosen ? chosen.preemptionPolicy : "PreemptLowerPriority";
  if (policy === undefined) return;
  if (spec.preemptionPolicy !== undefined && spec.preemptionPolicy !== policy)
    throw refuse(
      attributes,
      `the string value of PreemptionPolicy (${spec.preemptionPolicy}) must not be provided in pod spec; priority admission controller computed ${policy} from the given PriorityClass name`,
    );
  spec.preemptionPolicy = policy;
}

function findClass(context: RequestContext, name: string): PriorityClass | undefined {
  const kind = context.find("scheduling.k8s.io", "priorityclasses");
  return kind && (context.store.get(kind, "", name) as PriorityClass | undefined);
}

/** The default class; the lowest, should there be several. */
function defaultClass(context: RequestContext): PriorityClass | undefined {
  const kind = context.find("scheduling.k8s.io", "priorityclasses");
  const classes = kind ? (context.store.list(kind) as readonly PriorityClass[]) : [];
  let found: PriorityClass | undefined;
  for (const one of classes) if (one.globalDefault && (!found || found.value > one.value)) found = one;
  return found;
}
