import type { OpenFile, Process } from "../../../sim/host/index.ts";
import { encode } from "../../../sim/kernel/index.ts";
import type { Container, Pod } from "../../../sim/kube/api/index.ts";
import { GoError } from "../errors/go-error.ts";

const DEFAULT_CONTAINER = "kubectl.kubernetes.io/default-container";

/** A container of any sort by name, with where it stands: `spec.containers{web}` (kubectl pkg/cmd/util/podcmd). */
export function findContainer(
  { spec }: Pod,
  name: string,
): { readonly container: Container; readonly fieldPath: string } | undefined {
  for (const [list, path] of [
    [spec.initContainers, "spec.initContainers"],
    [spec.containers, "spec.containers"],
    [spec.ephemeralContainers, "spec.ephemeralContainers"],
  ] as const) {
    const container = list?.find((one) => one.name === name);
    if (container) return { container: container, fieldPath: `${path}{${name}}` };
  }
  return undefined;
}

/** The container of that name, or the one that a pod has by default; says so on `told` where there are others. */
export async function findOrDefaultContainer(
  process: Process,
  pod: Pod,
  name: string,
  quiet: boolean,
  told: OpenFile | undefined = process.fds.find(2),
): Promise<Container> {
  if (name !== "") {
    const found = findContainer(pod, name);
    if (!found) throw new GoError(`container ${name} not found in pod ${pod.metadata.name}`);
    return found.container;
  }
  const annotated = pod.metadata.annotations?.[DEFAULT_CONTAINER];
  const preferred = annotated === undefined ? undefined : findContainer(pod, annotated);
  if (preferred) return preferred.container;
  const first = pod.spec.containers[0]!;
  if (!quiet && hasOthers(pod))
    await told?.write(process, encode(`Defaulted container "${first.name}" out of: ${allNames(pod)}\n`));
  return first;
}

export function hasOthers({ spec }: Pod): boolean {
  return spec.containers.length > 1 || (spec.initContainers ?? []).length + (spec.ephemeralContainers ?? []).length > 0;
}

export function allNames({ spec }: Pod): string {
  return [
    ...spec.containers.map(({ name }) => name),
    ...(spec.ephemeralContainers ?? []).map(({ name }) => `${name} (ephem)`),
    ...(spec.initContainers ?? []).map(({ name }) => `${name} (init)`),
  ].join(", ");
}

/** The name in the annotation for the default container, if there is one. */
export function annotatedContainer(pod: Pod): string | undefined {
  return pod.metadata.annotations?.[DEFAULT_CONTAINER] || undefined;
}
