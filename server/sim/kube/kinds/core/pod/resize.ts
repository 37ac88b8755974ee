import {
  compareQuantities,
  forbidden,
  invalid,
  sameJson,
  type Container,
  type Draft,
  type FieldErrors,
  type PartSubresource,
  type Pod,
  type ResourceRequirements,
} from "../../../api/index.ts";
import { isSidecar } from "./cells.ts";
import { qosClass } from "./qos.ts";
import { MIRROR, validateMetadataAndSpec } from "./validation.ts";

/** Changes the requests and limits of containers that run (pkg/registry/core/pod/strategy.go podResizeStrategy, v1.33). */
export const resize: PartSubresource<Pod> = {
  type: "part",
  verbs: ["get", "patch", "update"],
  prepareUpdate(pod, old) {
    const { containers, initContainers } = pod.spec;
    const { resourceVersion } = pod.metadata;
    pod.metadata = { ...(old.metadata as Draft<Pod["metadata"]>), resourceVersion };
    pod.status = old.status as Draft<Pod["status"]>;
    // Containers that come, go or move are left for the validation to find.
    const counted =
      containers.length === old.spec.containers.length &&
      (initContainers?.length ?? 0) === (old.spec.initContainers?.length ?? 0);
    if (counted) {
      pod.spec = { ...(old.spec as Draft<Pod["spec"]>), containers: resized(containers, old.spec.containers) };
      if (initContainers) pod.spec.initContainers = resized(initContainers, old.spec.initContainers!);
    }
    if (pod.metadata.generation !== undefined && !sameJson(pod.spec, old.spec)) pod.metadata.generation++;
  },
  validateUpdate: validateResize,
};

function resized(next: readonly Draft<Container>[], old: readonly Container[]): Draft<Container>[] {
  if (next.some(({ name }, index) => name !== old[index]!.name)) return [...next];
  return next.map(({ resources, resizePolicy }, index) => {
    const { resizePolicy: _, ...kept } = old[index]! as Draft<Container>;
    return { ...kept, resources, ...(resizePolicy ? { resizePolicy } : {}) };
  });
}

/** pkg/apis/core/validation ValidatePodResize */
function validateResize(pod: Pod, old: Pod): FieldErrors {
  const found = validateMetadataAndSpec(pod);
  if (old.metadata.annotations?.[MIRROR] !== undefined) return [forbidden("", "static pods cannot be resized")];
  if (old.spec.os?.name === "windows") return [forbidden("", "windows pods cannot be resized")];
  if ((old.status.qosClass ?? qosClass(old.spec)) !== qosClass(pod.spec))
    found.push(invalid("spec", pod.status.qosClass ?? "", "Pod QOS Class may not change as a result of resizing"));
  if (old.spec.resources ?? pod.spec.resources)
    return [...found, forbidden("", "pods with pod-level resources cannot be resized")];
  const misplaced = [
    ...placeErrors(pod.spec.containers, old.spec.containers, "containers"),
    ...placeErrors(pod.spec.initContainers ?? [], old.spec.initContainers ?? [], "initContainers"),
  ];
  if (misplaced.length > 0) return [...found, ...misplaced];
  for (const [index, container] of (old.spec.initContainers ?? []).entries())
    if (isSidecar(container))
      found.push(...containerErrors(pod.spec.initContainers![index]!, container, `spec.initContainers[${index}]`));
  for (const [index, container] of old.spec.containers.entries())
    found.push(...containerErrors(pod.spec.containers[index]!, container, `spec.containers[${index}]`));
  for (const [index, container] of old.spec.containers.entries())
    if (!sameBesides(pod.spec.containers[index]!, container))
      found.push(forbidden("spec", "only cpu and memory resources are mutable"));
  for (const [index, container] of (old.spec.initContainers ?? []).entries()) {
    const next = pod.spec.initContainers![index]!;
    if (isSidecar(container)) {
      if (!sameBesides(next, container))
        found.push(forbidden("spec", "only cpu and memory resources for sidecar containers are mutable"));
    } else if (!sameJson(next, container))
      found.push(forbidden("spec", "resources for non-sidecar init containers are immutable"));
  }
  return found;
}

function placeErrors(next: readonly Container[], old: readonly Container[], list: string): FieldErrors {
  const path = `spec.${list}`;
  if (next.length !== old.length) return [forbidden(path, `${list} may not be added or removed on resize`)];
  return old.flatMap(({ name }, index) =>
    next[index]!.name === name
      ? []
      : [forbidden(`${path}[${index}].name`, `${list} may not be renamed or reordered on resize`)],
  );
}

/** validateContainerResize: nothing is taken away, and memory that is in use only by a restart. */
function containerErrors(next: Container, { resources: old }: Container, path: string): FieldErrors {
  const found: FieldErrors = [];
  const at = `${path}.resources`;
  for (const list of ["requests", "limits"] as const)
    if (Object.keys(old[list] ?? {}).some((name) => next.resources[list]?.[name] === undefined))
      found.push(forbidden(`${at}.${list}`, `resource ${list} cannot be removed`));
  const [before, after] = [old.limits?.["memory"], next.resources.limits?.["memory"]];
  const restarts = next.resizePolicy?.some(
    ({ resourceName, restartPolicy }) => resourceName === "memory" && restartPolicy === "RestartContainer",
  );
  if (before !== undefined && after !== undefined && !restarts && compareQuantities(after, before) < 0)
    found.push(
      forbidden(`${at}.limits[memory]`, "memory limits cannot be decreased unless resizePolicy is RestartContainer"),
    );
  return found;
}

/** Whether nothing but CPU and memory differ. */
function sameBesides(next: Container, old: Container): boolean {
  const others = ({ resources, ...rest }: Container): object => ({ ...rest, resources: withoutCompute(resources) });
  return sameJson(others(next), others(old));
}

function withoutCompute({ requests, limits, ...rest }: ResourceRequirements): object {
  const others = (list: Readonly<Record<string, string>> | undefined): object => {
    const { cpu: _, memory: __, ...left } = list ?? {};
    return left;
  };
  return { ...rest, requests: others(requests), limits: others(limits) };
}
