import { sameJson } from "../equality.ts";
import type { Draft } from "../types/meta.ts";
import type { Pod, PodSpec, Toleration } from "../types/pod.ts";
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

/** The RuntimeClass that a Pod names, as plugin/pkg/admission/runtimeclass. */
export const runtimeClass: AdmissionPlugin = {
  name: "RuntimeClass",
  operations: ["CREATE"],
  admit(attributes) {
    if (!isAbout(attributes, "", "pods")) return;
    const { runtimeClassName } = (attributes.object as Draft<Pod>).spec;
    const { context } = attributes;
    if (runtimeClassName === undefined) return;
    const kind = context.find("node.k8s.io", "runtimeclasses");
    const found = kind && context.store.get(kind, "", runtimeClassName);
    if (!found) throw refuse(attributes, `pod rejected: RuntimeClass "${runtimeClassName}" not found`);
    const problem = addRuntimeClass((attributes.object as Draft<Pod>).spec, found as unknown as RuntimeClass);
    if (problem !== undefined) throw refuse(attributes, `pod rejected: ${problem}`);
  },
};

interface RuntimeClass {
  readonly overhead?: { readonly podFixed?: PodSpec["overhead"] };
  readonly scheduling?: {
    readonly nodeSelector?: Readonly<Record<string, string>>;
    readonly tolerations?: readonly Toleration[];
  };
}

/** What a class adds to its Pods (plugin/pkg/admission/runtimeclass setOverhead, setScheduling). */
function addRuntimeClass(spec: Draft<PodSpec>, { overhead, scheduling }: RuntimeClass): string | undefined {
  if (overhead?.podFixed) {
    if (spec.overhead && !sameJson(spec.overhead, overhead.podFixed))
      return "Pod's Overhead doesn't match RuntimeClass's defined Overhead";
    spec.overhead = { ...overhead.podFixed };
  }
  if (!overhead && spec.overhead) return "Pod Overhead set without corresponding RuntimeClass defined Overhead";
  for (const [key, value] of Object.entries(scheduling?.nodeSelector ?? {})) {
    const own = spec.nodeSelector?.[key];
    if (own !== undefined && own !== value)
      return `conflict: runtimeClass.scheduling.nodeSelector[${key}] = ${value}; pod.spec.nodeSelector[${key}] = ${own}`;
    (spec.nodeSelector ??= {})[key] = value;
  }
  for (const toleration of scheduling?.tolerations ?? [])
    if (!spec.tolerations?.some((own) => sameJson(own, toleration))) (spec.tolerations ??= []).push({ ...toleration });
  return undefined;
}
