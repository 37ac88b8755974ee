import type { DaemonProcess } from "../../../host/index.ts";
import { isAddress, namespaceOf } from "../../../net/index.ts";
import { lookup } from "../../resolver.ts";
import type { Backend } from "./backends.ts";

type Endpoints = Backend["endpoints"];

/**
 * Endpoints of a Service of type ExternalName are names: every address that the controller's own name servers know of one gets
 * requests (balancer.lua resolve_external_names). A name that is not found stays, and nothing can be reached by it.
 */
export function resolveExternalNames(self: DaemonProcess, endpoints: Endpoints): Endpoints {
  if (endpoints.every(({ address }) => isAddress(address))) return endpoints;
  return endpoints.flatMap((endpoint) => {
    if (isAddress(endpoint.address)) return [endpoint];
    const found = lookup(self.host, namespaceOf(self), endpoint.address);
    if ("failed" in found) return [endpoint];
    return found.addresses.map((address) => ({ address, port: endpoint.port }));
  });
}
