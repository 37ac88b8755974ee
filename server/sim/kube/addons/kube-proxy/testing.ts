import type { EndpointSlice, Service, ServicePort as ApiPort } from "../../api/index.ts";
import { withDefaults } from "./config.ts";
import { endpointsByPort, SERVICE_NAME } from "./endpoints.ts";
import { localDetector } from "./platform.ts";
import { Proxier, type ProxierSettings } from "./proxier.ts";
import type { ServiceMap } from "./service-map.ts";
import { servicePorts } from "./service-port.ts";
import type { LocalDetector } from "./service-rules.ts";

const METADATA = { uid: "", resourceVersion: "1", creationTimestamp: "2026-11-21T10:00:00Z" };

/** `service("default/web", { clusterIP: "10.96.0.5" })`: with one port 80 unless it says others. */
export function service(
  key: string,
  spec: Partial<Service["spec"]>,
  ingress: readonly string[] = [],
  labels: Readonly<Record<string, string>> = {},
): Service {
  const [namespace, name] = key.split("/") as [string, string];
  return {
    metadata: { ...METADATA, namespace, name, labels },
    spec: { type: "ClusterIP", ports: [{ port: 80, targetPort: 80, protocol: "TCP" }], ...spec },
    status: { loadBalancer: { ingress: ingress.map((ip) => ({ ip })) } },
  };
}

export interface TestEndpoint {
  readonly ip: string;
  readonly node?: string;
  readonly ready?: boolean;
  readonly serving?: boolean;
  readonly terminating?: boolean;
  readonly zones?: readonly string[];
}

export function slice(
  key: string,
  endpoints: readonly (string | TestEndpoint)[],
  ports: readonly Partial<ApiPort>[] = [{ port: 80 }],
): EndpointSlice {
  const [namespace, name] = key.split("/") as [string, string];
  return {
    metadata: { ...METADATA, namespace, name: `${name}-abcde`, labels: { [SERVICE_NAME]: name } },
    addressType: "IPv4",
    ports: ports.map(({ name: port = "", port: number, protocol = "TCP" }) => ({ name: port, port: number, protocol })),
    endpoints: endpoints.map((one) => {
      const { ip, node, ready, serving, terminating, zones } =
        typeof one === "string" ? ({ ip: one } as TestEndpoint) : one;
      return {
        addresses: [ip],
        conditions: { ready: ready ?? true, serving: serving ?? ready ?? true, terminating: terminating ?? false },
        ...(node === undefined ? {} : { nodeName: node }),
        ...(zones ? { hints: { forZones: zones.map((zone) => ({ name: zone })) } } : {}),
      };
    }),
  };
}

export function byCidr(cidr: string): LocalDetector {
  return localDetector(withDefaults({ clusterCIDR: cidr }), [])!;
}

export const SETTINGS: ProxierSettings = {
  masqueradeAll: false,
  detector: byCidr("10.244.0.0/16"),
  localhostNodePorts: true,
  nodeIP: "192.168.0.2",
  masqueradeMark: 0x4000,
  nodePortAddresses: [],
  conntrackTcpLiberal: false,
};

/** A proxier that knows these services; the node is `node01`. */
export function proxier(
  objects: readonly (Service | EndpointSlice)[],
  settings: Partial<ProxierSettings> = {},
): Proxier {
  const proxy = new Proxier({ ...SETTINGS, ...settings });
  tell(proxy, objects);
  return proxy;
}

/** What the informers tell: all there is of the services that these objects belong to. Returns their names. */
export function tell(proxy: ServiceMap, objects: readonly (Service | EndpointSlice)[]): Set<string> {
  const services = objects.filter((object): object is Service => "spec" in object);
  const slices = objects.filter((object): object is EndpointSlice => "addressType" in object);
  const keys = new Set([
    ...services.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`),
    ...slices.map(({ metadata }) => `${metadata.namespace}/${metadata.labels![SERVICE_NAME]}`),
  ]);
  for (const key of keys) {
    const own = slices.filter(({ metadata }) => `${metadata.namespace}/${metadata.labels![SERVICE_NAME]}` === key);
    const found = services.find(({ metadata }) => `${metadata.namespace}/${metadata.name}` === key);
    proxy.set(key, { ports: found ? servicePorts(found) : [], endpoints: endpointsByPort(key, own, "node01") });
  }
  return keys;
}

export const FULL = { full: true, changed: new Set<string>(), cleanup: true };
