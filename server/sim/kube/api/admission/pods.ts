import type { Draft, KubeObject } from "../types/meta.ts";
import type { Pod, Toleration } from "../types/pod.ts";
import { isAbout, refuse, type AdmissionPlugin } from "./plugin.ts";

const NOT_READY = "node.kubernetes.io/not-ready";
const UNREACHABLE = "node.kubernetes.io/unreachable";
const TOLERATION_SECONDS = 300;

/** Pods stay five minutes on a node that is gone, as plugin/pkg/admission/defaulttolerationseconds. */
export const defaultTolerationSeconds: AdmissionPlugin = {
  name: "DefaultTolerationSeconds",
  operations: ["CREATE", "UPDATE"],
  admit(attributes) {
    if (!isAbout(attributes, "", "pods")) return;
    const { spec } = attributes.object as Draft<Pod>;
    for (const key of [NOT_READY, UNREACHABLE]) {
      if (spec.tolerations?.some((toleration) => tolerates(toleration, key))) continue;
      (spec.tolerations ??= []).push({
        key,
        operator: "Exists",
        effect: "NoExecute",
        tolerationSeconds: TOLERATION_SECONDS,
      });
    }
  },
};

function tolerates({ key = "", effect = "" }: Toleration, taint: string): boolean {
  return (key === taint || key === "") && (effect === "NoExecute" || effect === "");
}

interface PriorityClass extends KubeObject {
  readonly value?: number;
  readonly globalDefault?: boolean;
  readonly preemptionPolicy?: string;
}

/** The classes that every cluster has (pkg/apis/scheduling/types.go). */
const SYSTEM_CLASSES: Record<string, number> = {
  "system-cluster-critical": 2_000_000_000,
  "system-node-critical": 2_000_001_000,
};

/** As plugin/pkg/admission/priority. */
export const priority: AdmissionPlugin = {
  name: "Priority",
  operations: ["CREATE", "UPDATE"],
  admit(attributes) {
    if (!isAbout(attributes, "", "pods")) return;
    const { context, operation, old } = attributes;
    const pod = attributes.object as Draft<Pod>;
    if (operation === "UPDATE") {
      const before = (old as Pod).spec;
      if (before.priority !== undefined) pod.spec.priority ??= before.priority;
      if (before.preemptionPolicy !== undefined) pod.spec.preemptionPolicy ??= before.preemptionPolicy;
      return;
    }
    const name = pod.spec.priorityClassName ?? "";
    const kind = context.find("scheduling.k8s.io", "priorityclasses");
    const classes = kind ? (context.store.list(kind) as readonly PriorityClass[]) : [];
    let value = 0;
    let preemption = "PreemptLowerPriority";
    if (name === "") {
      const preset = classes.find((one) => one.globalDefault);
      if (preset) pod.spec.priorityClassName = preset.metadata.name;
      value = preset?.value ?? 0;
      preemption = preset?.preemptionPolicy ?? preemption;
    } else {
      const found = classes.find((one) => one.metadata.name === name);
      const known = found ? (found.value ?? 0) : SYSTEM_CLASSES[name];
      if (known === undefined) throw refuse(attributes, `no PriorityClass with name ${name} was found`);
      value = known;
      preemption = found?.preemptionPolicy ?? preemption;
    }
    if (pod.spec.priority !== undefined && pod.spec.priority !== value)
      throw refuse(
        attributes,
        `the integer value of priority (${pod.spec.priority}) must not be provided in pod spec; priority admission controller computed ${value} from the given PriorityClass name`,
      );
    pod.spec.priority = value;
    pod.spec.preemptionPolicy ??= preemption;
  },
};

/** No RuntimeClass is served yet, so a Pod that names one is refused, as by plugin/pkg/admission/runtimeclass. */
export const runtimeClass: AdmissionPlugin = {
  name: "RuntimeClass",
  operations: ["CREATE"],
  admit(attributes) {
    if (!isAbout(attributes, "", "pods")) return;
    const { runtimeClassName } = (attributes.object as Draft<Pod>).spec;
    const { context } = attributes;
    if (runtimeClassName === undefined) return;
    const kind = context.find("node.k8s.io", "runtimeclasses");
    if (kind && context.store.get(kind, "", runtimeClassName)) return;
    throw refuse(attributes, `pod rejected: RuntimeClass "${runtimeClassName}" not found`);
  },
};
