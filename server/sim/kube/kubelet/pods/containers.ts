import type { Container, Pod } from "../../api/index.ts";
import { isSidecar } from "../../kinds/index.ts";

export { isSidecar };

/** The specification of a container of any kind. */
export function containerSpec({ spec }: Pod, name: string): Container | undefined {
  return (
    spec.containers.find((container) => container.name === name) ??
    spec.initContainers?.find((container) => container.name === name) ??
    spec.ephemeralContainers?.find((container) => container.name === name)
  );
}

/** `spec.containers{web}`: where Events say that a container stands (kubecontainer/ref.go). */
export function fieldPath({ spec }: Pod, name: string): string {
  if (spec.initContainers?.some((container) => container.name === name)) return `spec.initContainers{${name}}`;
  if (spec.ephemeralContainers?.some((container) => container.name === name))
    return `spec.ephemeralContainers{${name}}`;
  return `spec.containers{${name}}`;
}

export function isStatic({ metadata }: Pod): boolean {
  const source = metadata.annotations?.["kubernetes.io/config.source"];
  return source !== undefined && source !== "api";
}

export function isMirror({ metadata }: Pod): boolean {
  return metadata.annotations?.["kubernetes.io/config.mirror"] !== undefined;
}
