import type { Container, Pod, StringMap } from "../../api/index.ts";
import { HASH } from "../runtime/actions.ts";
import { containerHash } from "../runtime/container-hash.ts";

const NAME = "io.kubernetes.pod.name";
const NAMESPACE = "io.kubernetes.pod.namespace";
const UID = "io.kubernetes.pod.uid";

/** What the runtime's objects are labelled with (kuberuntime/labels.go). A sandbox also bears the Pod's own labels. */
export function podLabels({ metadata }: Pod): StringMap {
  return {
    ...metadata.labels,
    [NAME]: metadata.name,
    [NAMESPACE]: metadata.namespace ?? "",
    [UID]: metadata.uid,
  };
}

export function containerLabels({ metadata }: Pod, { name }: Container): StringMap {
  return {
    "io.kubernetes.container.name": name,
    [NAME]: metadata.name,
    [NAMESPACE]: metadata.namespace ?? "",
    [UID]: metadata.uid,
  };
}

/** newContainerAnnotations */
export function containerAnnotations({ metadata, spec }: Pod, container: Container, attempt: number): StringMap {
  const { terminationMessagePath = "", terminationMessagePolicy = "", ports = [] } = container;
  const grace = spec.terminationGracePeriodSeconds;
  const deletion = metadata.deletionGracePeriodSeconds;
  return {
    [HASH]: containerHash(container),
    ...(ports.length === 0 ? {} : { "io.kubernetes.container.ports": JSON.stringify(ports) }),
    "io.kubernetes.container.restartCount": String(attempt),
    "io.kubernetes.container.terminationMessagePath": terminationMessagePath,
    "io.kubernetes.container.terminationMessagePolicy": terminationMessagePolicy,
    ...(deletion === undefined ? {} : { "io.kubernetes.pod.deletionGracePeriod": String(deletion) }),
    ...(grace === undefined ? {} : { "io.kubernetes.pod.terminationGracePeriod": String(grace) }),
  };
}
