import {
  isStatus, Unreachable, type Client, type JsonObject, type Kind, type KubeObject,
} from "../../api/index.ts"; // prettier-ignore
import { configMaps, deployments, secrets, serviceAccounts, services } from "../../kinds/index.ts";
import type { GraphGateway } from "./graph/model.ts";
import { podTemplate } from "./pod-template.ts";

/** Whose nginx it is: the control plane's own Pod and image. */
export interface ControlPlane {
  readonly namespace: string;
  readonly instance: string;
  readonly service: string;
  readonly image: string;
  readonly className: string;
  readonly agentSecret: string;
}

export const GATEWAY_NAME = "gateway.networking.k8s.io/gateway-name";

interface Wanted {
  readonly kind: Kind;
  readonly object: JsonObject;
}

type Written = Readonly<Record<string, unknown>>;

/** The objects of a Gateway's nginx, in its namespace (internal/controller/provisioner/objects.go). */
function wantedFor(gateway: GraphGateway, own: ControlPlane, agentTls: KubeObject): readonly Wanted[] {
  const { source, proxy } = gateway;
  const { namespace } = source.metadata;
  const name = resourceName(source.metadata.name, own);
  const selector = {
    "app.kubernetes.io/instance": own.instance,
    "app.kubernetes.io/managed-by": `${own.instance}-${own.className}`,
    "app.kubernetes.io/name": name,
    [GATEWAY_NAME]: source.metadata.name,
  };
  const { labels = {}, annotations } = source.spec.infrastructure ?? {};
  const metadata = (suffix = ""): Written => ({
    ...(annotations ? { annotations } : {}),
    labels: { ...selector, ...labels },
    name: `${name}${suffix}`,
    namespace,
  });
  const ports = [...new Set(source.spec.listeners.map(({ port }) => port))].toSorted((a, b) => a - b);
  const one = (kind: unknown, object: Written): Wanted => ({ kind: kind as Kind, object: object as JsonObject });
  const level = proxy.logging?.errorLevel ?? "info";
  return [
    one(secrets, {
      metadata: metadata(`-${own.agentSecret}`),
      data: agentTls["data" as never],
      type: "kubernetes.io/tls",
    }),
    one(configMaps, {
      metadata: metadata("-includes-bootstrap"),
      data: { "events.conf": "worker_connections 1024;\n", "main.conf": `error_log stderr ${level};\n` },
    }),
    one(configMaps, { metadata: metadata("-agent-config"), data: { "nginx-agent.conf": agentConf(own) } }),
    one(serviceAccounts, { automountServiceAccountToken: false, metadata: metadata() }),
    one(services, { metadata: metadata(), spec: serviceSpec(gateway, ports, selector) }),
    one(deployments, {
      metadata: metadata(),
      spec: {
        replicas: proxy.kubernetes?.deployment?.replicas ?? 1,
        selector: { matchLabels: selector },
        template: podTemplate(gateway, { name, ports, labels: { ...selector, ...labels }, annotations: annotations ?? {}, own }), // prettier-ignore
      },
    }),
  ];
}

export function resourceName(gateway: string, { className }: Pick<ControlPlane, "className">): string {
  return `${gateway}-${className}`;
}

function serviceSpec({ proxy }: GraphGateway, ports: readonly number[], selector: Written): Written {
  const given = proxy.kubernetes?.service ?? {};
  const { type = "LoadBalancer", externalTrafficPolicy = "Local", nodePorts = [] } = given;
  const family = proxy.ipFamily ?? "dual";
  return {
    type,
    ports: ports.map((port) => {
      const nodePort = nodePorts.find(({ listenerPort }) => listenerPort === port)?.port;
      return { name: `port-${port}`, port, protocol: "TCP", targetPort: port, ...(nodePort !== undefined && type !== "ClusterIP" ? { nodePort } : {}) }; // prettier-ignore
    }),
    ...(type === "ClusterIP" ? {} : { externalTrafficPolicy }),
    ...(given.loadBalancerIP === undefined ? {} : { loadBalancerIP: given.loadBalancerIP }),
    ...(given.loadBalancerClass === undefined ? {} : { loadBalancerClass: given.loadBalancerClass }),
    ...(given.loadBalancerSourceRanges === undefined
      ? {}
      : { loadBalancerSourceRanges: given.loadBalancerSourceRanges }),
    selector,
    ipFamilyPolicy: family === "dual" ? "PreferDualStack" : "SingleStack",
    ...(family === "dual" ? {} : { ipFamilies: [family === "ipv4" ? "IPv4" : "IPv6"] }),
  };
}

/** nginx-agent.conf: where the agent finds the control plane, and with what it speaks to it (templates.go). */
function agentConf({ service, namespace, instance, className }: ControlPlane): string {
  const host = `${service}.${namespace}.svc`;
  return `command:
    server:
        host: ${host}
        port: 443
    auth:
        tokenpath: /var/run/secrets/ngf/serviceaccount/token
    tls:
        cert: /var/run/secrets/ngf/tls.crt
        key: /var/run/secrets/ngf/tls.key
        ca: /var/run/secrets/ngf/ca.crt
        server_name: ${host}
allowed_directories:
- /etc/nginx
- /usr/share/nginx
- /var/run/nginx
features:
- configuration
- certificates
- metrics
labels:
    owner-name: ${namespace}_${instance}-${className}
collector:
    exporters:
        prometheus:
            server:
                host: "0.0.0.0"
                port: 9113
`;
}

/** Creates what is missing and changes back what is different; why something was refused. */
export function provision(client: Client, gateway: GraphGateway, own: ControlPlane): readonly string[] {
  const agentTls = client.get(secrets, own.namespace, own.agentSecret);
  if (!agentTls) return [`error getting secret: Secret "${own.agentSecret}" not found`];
  const problems: string[] = [];
  for (const { kind, object } of wantedFor(gateway, own, agentTls)) {
    const metadata = object["metadata"] as { readonly name: string; readonly namespace: string };
    const current = client.get(kind, metadata.namespace, metadata.name);
    if (current && covers(current, object)) continue;
    try {
      if (current) client.update(kind, merged(current, object));
      else client.create(kind, object);
    } catch (error) {
      if (!(error instanceof Unreachable) && !isStatus(error)) throw error;
      problems.push(`error creating or updating ${kind.kind} ${metadata.namespace}/${metadata.name}: ${error.message}`);
    }
  }
  return problems;
}

/** Takes away the nginx of a Gateway that is gone: `namespace/name`. */
export function deprovision(client: Client, gateway: string, own: ControlPlane): void {
  const [namespace, gatewayName] = gateway.split("/") as [string, string];
  const name = resourceName(gatewayName, own);
  const all: readonly (readonly [unknown, string])[] = [
    [deployments, ""],
    [services, ""],
    [serviceAccounts, ""],
    [configMaps, "-includes-bootstrap"],
    [configMaps, "-agent-config"],
    [secrets, `-${own.agentSecret}`],
  ];
  for (const [kind, suffix] of all)
    try {
      if (client.get(kind as Kind, namespace, name + suffix)) client.delete(kind as Kind, namespace, name + suffix);
    } catch (error) {
      if (!(error instanceof Unreachable) && !isStatus(error)) throw error;
    }
}

/** Gateways for which there is an nginx of this control plane: `namespace/name`. */
export function provisioned(client: Client, own: ControlPlane): readonly string[] {
  const owner = { key: "app.kubernetes.io/managed-by", operator: "=", values: [`${own.instance}-${own.className}`] } as const; // prettier-ignore
  return client.selected(services, "", [owner]).flatMap(({ metadata }) => {
    const name = metadata.labels?.[GATEWAY_NAME];
    return name === undefined ? [] : [`${metadata.namespace!}/${name}`];
  });
}

/** Whether an object is as it is wanted, whatever the server has added. */
function covers(current: unknown, wanted: unknown): boolean {
  if (Array.isArray(wanted))
    return Array.isArray(current) && current.length === wanted.length && wanted.every((one, at) => covers(current[at], one)); // prettier-ignore
  if (typeof wanted !== "object" || wanted === null) return current === wanted;
  if (typeof current !== "object" || current === null) return Object.keys(wanted).length === 0;
  return Object.entries(wanted).every(([key, value]) => covers((current as Written)[key], value));
}

function merged(current: KubeObject, wanted: JsonObject): KubeObject {
  const { labels, annotations } = wanted["metadata"] as { readonly labels?: object; readonly annotations?: object };
  const before = (current as unknown as { readonly spec?: Written }).spec;
  const spec = wanted["spec"] as Written | undefined;
  return {
    ...current,
    ...wanted,
    metadata: { ...current.metadata, labels: { ...current.metadata.labels, ...labels }, ...(annotations ? { annotations: { ...current.metadata.annotations, ...annotations } } : {}) }, // prettier-ignore
    ...(spec ? { spec: { ...before, ...spec, ...(before?.["clusterIP"] === undefined ? {} : { ports: keptPorts(before, spec) }) } } : {}), // prettier-ignore
  };
}

/** A Service's node ports stay what they are. */
function keptPorts(before: Written, spec: Written): unknown {
  const known = (before["ports"] ?? []) as readonly { readonly port: number; readonly nodePort?: number }[];
  return (spec["ports"] as readonly { readonly port: number; readonly nodePort?: number }[]).map((port) => {
    const nodePort = port.nodePort ?? known.find((one) => one.port === port.port)?.nodePort;
    return nodePort === undefined || spec["type"] === "ClusterIP" ? port : { ...port, nodePort };
  });
}
