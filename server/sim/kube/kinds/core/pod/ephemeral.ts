import {
  forbidden,
  sameJson,
  type Draft,
  type FieldErrors,
  type PartSubresource,
  type Pod,
} from "../../../api/index.ts";
import { MIRROR, validateMetadataAndSpec } from "./validation.ts";

/** Adds containers to a Pod that runs, as `kubectl debug` does: nothing else of it changes. */
export const ephemeralContainers: PartSubresource<Pod> = {
  type: "part",
  verbs: ["get", "patch", "update"],
  prepareUpdate(pod, old) {
    const wanted = pod.spec.ephemeralContainers;
    const { resourceVersion } = pod.metadata;
    pod.spec = { ...(old.spec as Draft<Pod["spec"]>) };
    if (wanted) pod.spec.ephemeralContainers = wanted;
    else delete pod.spec.ephemeralContainers;
    pod.status = old.status as Draft<Pod["status"]>;
    pod.metadata = { ...(old.metadata as Draft<Pod["metadata"]>), resourceVersion };
    if (pod.metadata.generation !== undefined && !sameJson(pod.spec, old.spec)) pod.metadata.generation++;
  },
  validateUpdate: validateEphemeralUpdate,
};

/** pkg/apis/core/validation ValidatePodEphemeralContainersUpdate */
function validateEphemeralUpdate(pod: Pod, old: Pod): FieldErrors {
  if (old.metadata.annotations?.[MIRROR] !== undefined)
    return [forbidden("", "static pods do not support ephemeral containers")];
  const found = validateMetadataAndSpec(pod);
  const path = "spec.ephemeralContainers";
  for (const before of old.spec.ephemeralContainers ?? []) {
    const after = pod.spec.ephemeralContainers?.find(({ name }) => name === before.name);
    const shown = JSON.stringify(before.name);
    if (!after) found.push(forbidden(path, `existing ephemeral containers ${shown} may not be removed\n`));
    else if (!sameJson(before, after))
      found.push(forbidden(path, `existing ephemeral containers ${shown} may not be changed\n`));
  }
  return found;
}
