import { referenceTo } from "../../api/index.ts";
import { pods } from "../../kinds/index.ts";
import type { Kubelet } from "../kubelet.ts";
import { fieldPath } from "./containers.ts";
import type { PodRow } from "./row.ts";

/** Records an Event of a Pod, or with `container` of one of its containers. */
export function record(
  kubelet: Kubelet,
  { pod }: Pick<PodRow, "pod">,
  type: "Normal" | "Warning",
  reason: string,
  message: string,
  container = "",
): void {
  kubelet.event(referenceTo(pods, pod, container === "" ? "" : fieldPath(pod, container)), type, reason, message);
}
