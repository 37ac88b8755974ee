import type { Pod, Service, ServicePort } from "../../server/sim/kube/api/index.ts";
import { Broken } from "../broken.ts";
import type { Destination } from "../checks/reach-spec.ts";
import type { Scene } from "../scene/scene.ts";
import { nodeAddresses, portsOfInterest, type PortRange } from "./node-ports.ts";
import type { Explanation } from "../why/explanation.ts";
import { missingGatewayService } from "../why/gateway-routes.ts";
import { podTroubleIn } from "../why/pod.ts";

export type Scheme = "http" | "https" | "tcp" | "udp" | "icmp";

/** One thing to reach. */
export interface Target {
  readonly scheme: Scheme;
  /** A name, which the client looks up, or an address. */
  readonly host: string;
  /** 0 for icmp. */
  readonly port: number;
  readonly path: string;
  /** The host that is asked for, where the connection goes to another address. */
  readonly name?: string;
  /** As the lab or a user would call it. */
  readonly words: string;
}

/** What there is to reach, or why there is nothing: the object is missing, has no address, no such port. */
export type Targets = { readonly targets: readonly Target[] } | Missing;

type Missing = { readonly missing: string } & Explanation;

const DEFAULT_PORTS: Partial<Record<Scheme, number>> = { http: 80, https: 443 };

export function resolveTargets(scene: Scene, to: Destination): Targets {
  if (typeof to === "string") return { targets: fromText(scene, to) };
  if ("url" in to) return throughService(scene, to);
  const { scheme, path } = to;
  const base = { scheme, path };
  if ("nodes" in to) {
    const [low = 0, high = low] = String(to.nodes).split("-").map(Number);
    return { targets: nodeTargets(scene, { low, high, except: to.except }, base) };
  }
  const { namespace } = to;
  if ("service" in to) {
    const service = scene.objects.service(namespace, to.service);
    if (!service) return noService(scene, namespace, to.service);
    const port = servicePort(service, to.port);
    if (!port) return { missing: noSuchPort(service, to.port) };
    const { clusterIP = "" } = service.spec;
    if (clusterIP === "" || clusterIP === "None")
      return { missing: `Service ${namespace}/${to.service} has no cluster address` };
    return { targets: [named({ ...base, host: clusterIP, port: port.port }, `Service ${to.service}`)] };
  }
  if ("nodePortOf" in to) {
    const service = scene.objects.service(namespace, to.nodePortOf);
    if (!service) return noService(scene, namespace, to.nodePortOf);
    const port = servicePort(service, to.port);
    if (!port) return { missing: noSuchPort(service, to.port) };
    const { nodePort } = port;
    if (nodePort === undefined) {
      const type = service.spec.type ?? "ClusterIP";
      return { missing: `Service ${namespace}/${to.nodePortOf} has no node port: its type is ${type}` };
    }
    return {
      targets: nodeAddresses(scene).map(({ name, address }) => named({ ...base, host: address, port: nodePort }, name)),
    };
  }
  const pods =
    "pod" in to
      ? [scene.objects.pod(namespace, to.pod)].filter((pod) => pod !== undefined)
      : scene.objects.podsOf(namespace, to.pods);
  if (pods.length === 0) {
    const which = "pod" in to ? `no Pod ${to.pod}` : `no Pod with ${to.pods}`;
    return { missing: `there is ${which} in namespace ${namespace}` };
  }
  const targets = pods.flatMap((pod) => {
    const host = pod.status.podIP;
    return host === undefined
      ? []
      : [named({ ...base, host, port: podPort(pod, to.port) }, `Pod ${pod.metadata.name}`)];
  });
  if (targets.length > 0) return { targets };
  const [first] = pods as [Pod];
  return { missing: `Pod ${first.metadata.name} ${podTroubleIn(scene, first) ?? "has no address yet"}` };
}

/** The addresses at which a Service is open to the outside, each asked for the URL's host. */
function throughService(scene: Scene, { url, through, namespace }: Extract<Destination, { url: string }>): Targets {
  const service = scene.objects.service(namespace, through);
  if (!service) return noService(scene, namespace, through);
  const [, scheme = "http", name = "", path = "/"] = /^(https?):\/\/([^/]+)(\/.*)?$/.exec(url) ?? [];
  const number = DEFAULT_PORTS[scheme as Scheme]!;
  const port = servicePort(service, number);
  if (!port) return { missing: noSuchPort(service, number) };
  const asked = { scheme: scheme as Scheme, path, name };
  const balanced = (service.status.loadBalancer.ingress ?? []).flatMap(({ ip }) => ip ?? []);
  const at = (host: string, where: number): Target => ({
    ...asked,
    host,
    port: where,
    words: `${url} at ${host}:${where}`,
  });
  if (balanced.length > 0) return { targets: balanced.map((host) => at(host, number)) };
  const { nodePort } = port;
  if (nodePort === undefined)
    return {
      missing: `Service ${namespace}/${through} is not open to the outside: its type is ${service.spec.type ?? "ClusterIP"}`,
    };
  return { targets: nodeAddresses(scene).map(({ address }) => at(address, nodePort)) };
}

function named(target: Omit<Target, "words">, what: string): Target {
  return { ...target, words: `${what} (${target.host}:${target.port})` };
}

function fromText(scene: Scene, to: string): readonly Target[] {
  const nodes = /^nodes:(\d+)(?:-(\d+))?$/.exec(to);
  if (nodes) {
    const range = { low: Number(nodes[1]), high: Number(nodes[2] ?? nodes[1]), except: [] };
    return nodeTargets(scene, range, { scheme: "tcp", path: "/" });
  }
  if (to.startsWith("icmp:")) return [{ scheme: "icmp", host: to.slice(5), port: 0, path: "", words: to.slice(5) }];
  const url = /^(https?|tcp|udp):\/\/(\[[^\]]+\]|[^/:]+)(?::(\d+))?(\/.*)?$/.exec(to);
  if (url) {
    const scheme = url[1] as Scheme;
    const port = url[3] === undefined ? DEFAULT_PORTS[scheme]! : Number(url[3]);
    return [{ scheme, host: unbracket(url[2]!), port, path: url[4] ?? "/", words: to }];
  }
  const plain = /^(\[[^\]]+\]|[^/:]+):(\d+)$/.exec(to);
  if (!plain) throw new Broken(`${JSON.stringify(to)} is nothing that could be reached`);
  return [{ scheme: "tcp", host: unbracket(plain[1]!), port: Number(plain[2]), path: "/", words: to }];
}

function nodeTargets(scene: Scene, range: PortRange, asked: Pick<Target, "scheme" | "path">): Target[] {
  const ports = range.low === range.high ? [range.low] : portsOfInterest(scene, range);
  return nodeAddresses(scene).flatMap(({ name, address }) =>
    ports.map((port) => ({ ...asked, host: address, port, words: `${name}:${port}` })),
  );
}

function unbracket(host: string): string {
  return host.startsWith("[") ? host.slice(1, -1) : host;
}

function servicePort({ spec }: Service, port: number | string): ServicePort | undefined {
  return spec.ports?.find((candidate) => candidate.port === Number(port) || candidate.name === port);
}

function noService(scene: Scene, namespace: string, name: string): Missing {
  return {
    missing: `there is no Service ${name} in namespace ${namespace}`,
    ...missingGatewayService(scene, namespace, name),
  };
}

function noSuchPort({ metadata, spec }: Service, port: number | string): string {
  return `Service ${metadata.namespace ?? ""}/${metadata.name} has no port ${port}, it has ${portsWords(spec.ports)}`;
}

export function portsWords(ports: readonly ServicePort[] = []): string {
  const words = ports.map(({ name, port }) => (name === undefined ? String(port) : `${port} (${name})`));
  return words.length > 0 ? words.join(", ") : "none";
}

function podPort({ metadata, spec }: Pod, port: number | string): number {
  if (typeof port === "number" || /^\d+$/.test(port)) return Number(port);
  for (const container of spec.containers)
    for (const { name, containerPort } of container.ports ?? []) if (name === port) return containerPort;
  throw new Broken(`Pod ${metadata.name} has no port named ${port}`);
}
