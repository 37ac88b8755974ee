import type { Draft } from "../types/meta.ts";
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
