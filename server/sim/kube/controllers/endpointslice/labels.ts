import { sameJson, type EndpointSlice, type Service, type StringMap } from "../../api/index.ts";
import { isHeadless } from "../../kinds/index.ts";

export const SERVICE_NAME = "kubernetes.io/service-name";
export const MANAGED_BY = "endpointslice.kubernetes.io/managed-by";
export const MANAGER = "endpointslice-controller.k8s.io";
const HEADLESS = "service.kubernetes.io/headless";

/** A slice has the labels of its Service, and those that say whose it is. */
export function sliceLabels(service: Service): StringMap {
  return {
    ...withoutReserved(service.metadata.labels),
    ...(isHeadless(service) && { [HEADLESS]: "" }),
    [SERVICE_NAME]: service.metadata.name,
    [MANAGED_BY]: MANAGER,
  };
}

/** Whether the labels that a slice shares with its Service are not the same any more. */
export function isRelabelled(slice: EndpointSlice, service: Service): boolean {
  return !sameJson(withoutReserved(slice.metadata.labels), withoutReserved(service.metadata.labels));
}

function withoutReserved(labels: StringMap = {}): StringMap {
  const { [SERVICE_NAME]: _, [MANAGED_BY]: __, [HEADLESS]: ___, ...others } = labels;
  return others;
}
