import type { EndpointSlice, Service } from "../../../api/index.ts";
import { addressOfReverse } from "../corefile/zone.ts";
import type { Query } from "../query.ts";
import { externalAddresses } from "./objects.ts";
import { isHeadless, matchesPort, readyAddresses, type Backend, type Found } from "./backend.ts";

/** What a name outside of the cluster leads to; `exists`: there is such a name, even if nothing is found. */
export interface External {
  readonly found: readonly Found[];
  readonly exists: boolean;
}

const NO_NAME: External = { found: [], exists: false };

/** Services by their external addresses: `web.default.example.org` (plugin/kubernetes/external.go External). */
export function external(backend: Backend, query: Query, zone: string, headless: boolean): External {
  if (query.type === "PTR") {
    const ip = addressOfReverse(query.name);
    if (ip !== undefined) return reverse(backend, ip);
  }
  const labels = query.name.slice(0, Math.max(0, query.name.length - zone.length - 1)).split(".");
  const namespace = labels.pop() ?? "";
  if (!backend.isExposed(namespace)) return NO_NAME;
  const name = labels.pop();
  if (name === undefined) return { found: [], exists: true };
  if (labels.length > 2) return NO_NAME;
  const plain = labels.map((label) => label.replace(/^_/, ""));
  const endpoint = plain.length === 1 ? plain[0]! : "";
  const [port = "", protocol = ""] = plain.length === 2 ? plain : [];
  const service = backend.service(namespace, name);
  if (!service) return NO_NAME;
  const own = `${name}.${namespace}.${zone}`;
  const found = recordsOf(backend, service, { port, protocol, endpoint, own, headless });
  const exists = found.length > 0;
  return query.type === "PTR" ? { found: [], exists } : { found, exists };
}

function recordsOf(
  backend: Backend,
  service: Service,
  {
    port,
    protocol,
    endpoint,
    own,
    headless,
  }: { port: string; protocol: string; endpoint: string; own: string; headless: boolean },
): Found[] {
  const { ttl } = backend.config;
  const wanted = { port, protocol };
  const addresses = externalAddresses(service);
  if (headless && addresses.length === 0 && (isHeadless(service) || endpoint !== ""))
    return backend.slices(service).flatMap((slice: EndpointSlice) =>
      readyAddresses(slice).flatMap((address) => {
        const name = backend.endpointName(address);
        if (endpoint !== "" && name.toLowerCase() !== endpoint) return [];
        return (slice.ports ?? [])
          .filter((one) => matchesPort(wanted, one))
          .map((one) => ({ host: address.ip, port: one.port ?? -1, ttl, name: `${name}.${own}` }));
      }),
    );
  return addresses.flatMap((host) =>
    (service.spec.ports ?? [])
      .filter((one) => matchesPort(wanted, one))
      .map((one) => ({ host, port: one.port ?? -1, ttl, name: own })),
  );
}

function reverse(backend: Backend, ip: string): External {
  const found = backend
    .servicesByExternalIp(ip)
    .filter(({ metadata }) => backend.config.namespaces.length === 0 || backend.isExposed(metadata.namespace ?? ""))
    .map(({ metadata }) => ({
      host: `${metadata.name}.${metadata.namespace ?? ""}`,
      port: 0,
      ttl: backend.config.ttl,
      name: "",
    }));
  return found.length === 0 ? NO_NAME : { found, exists: true };
}
