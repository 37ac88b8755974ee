import { DaemonProcess } from "../../../host/index.ts";
import { decode, encode, SECOND } from "../../../kernel/index.ts";
import { namespaceOf, networkOfHosts, type Headers, type Namespace } from "../../../net/index.ts";
import { httpCall, mediaTypeOf } from "../../access/http-call.ts";
import {
  anyKind, errors, queryText, type ApiRequest, type ApiResponse, type Endpoints, type Node, type Pod, type Service,
} from "../../api/index.ts"; // prettier-ignore
import type { Cluster } from "../../cluster/cluster.ts";
import { endpoints } from "../../kinds/index.ts";
import { flagsOf } from "./flags-of.ts";

/** Where a request goes that the server passes on. */
interface Place {
  readonly scheme: "http" | "https";
  readonly host: string;
  readonly port: number;
  /** To kubelets the server shows who it is. */
  readonly asApiServer?: boolean;
}

export const METHODS = { get: "GET", list: "GET", watch: "GET", create: "POST", update: "PUT", patch: "PATCH", delete: "DELETE", deletecollection: "DELETE" } as const; // prettier-ignore
/** http.Transport's dialer gives up after this time. */
const PATIENCE = 30 * SECOND;

/** nodes/proxy, pods/proxy and services/proxy: the server asks over its own network, and answers what it was answered. */
export function serveProxies(cluster: Cluster): void {
  const { api } = cluster;
  api.stream("nodes", "proxy", (object, request) => pass(cluster, request, nodePlace(object as Node, request)));
  api.stream("pods", "proxy", (object, request) => pass(cluster, request, podPlace(object as Pod, request)));
  api.stream("services", "proxy", (object, request) =>
    pass(cluster, request, servicePlace(cluster, object as Service, request)),
  );
}

/** `web`, `web:80`, `https:web:8443` (apimachinery/pkg/util/net SplitSchemeNamePort). */
function parts(request: ApiRequest): { readonly scheme: "" | "http" | "https"; readonly port: string } {
  const [first = "", second, third] = request.name.split(":");
  if (third !== undefined) return { scheme: first as "" | "http" | "https", port: third };
  return { scheme: "", port: second ?? "" };
}

/** pkg/registry/core/node ResourceLocation */
function nodePlace({ metadata, status }: Node, request: ApiRequest): Place {
  const { scheme, port } = parts(request);
  const host = status.addresses?.find(({ type }) => type === "InternalIP")?.address;
  if (host === undefined) throw errors.unknownError("no preferred addresses found; known addresses: []");
  const own = status.daemonEndpoints.kubeletEndpoint.Port || 10_250;
  if (port === "" || Number(port) === own) return { scheme: "https", host, port: own, asApiServer: true };
  if (!/^\d+$/.test(port)) throw errors.badRequest(`invalid node request "${metadata.name}:${port}"`);
  return { scheme: scheme === "https" ? "https" : "http", host, port: Number(port) };
}

/** pkg/registry/core/pod ResourceLocation: the first port of its containers, if the request names none. */
function podPlace({ spec, status }: Pod, request: ApiRequest): Place {
  const { scheme, port } = parts(request);
  const { podIP } = status;
  if (!podIP) throw errors.badRequest("address not allowed");
  const first = spec.containers.flatMap(({ ports = [] }) => ports)[0]?.containerPort;
  const chosen = port === "" ? (first ?? (scheme === "https" ? 443 : 80)) : Number(port);
  if (!Number.isInteger(chosen)) throw errors.badRequest(`invalid pod request "${request.name}"`);
  return { scheme: scheme === "https" ? "https" : "http", host: podIP, port: chosen };
}

/** pkg/registry/core/service/storage ResourceLocation: an endpoint of the service, not its own address. */
function servicePlace(cluster: Cluster, service: Service, request: ApiRequest): Place {
  const { scheme, port } = parts(request);
  const { namespace = "", name } = service.metadata;
  let portName = port;
  if (/^\d+$/.test(port)) {
    const found = service.spec.ports?.find((one) => one.port === Number(port));
    if (!found) throw errors.serviceUnavailable(`no service port ${port} found for service "${name}"`);
    portName = found.name ?? "";
  }
  const known: Endpoints | undefined = cluster.api.store.get(anyKind(endpoints), namespace, name);
  if (!known) throw errors.notFound({ group: "", resource: "endpoints" }, name);
  const subsets = known.subsets ?? [];
  if (subsets.length === 0) throw errors.serviceUnavailable(`no endpoints available for service "${name}"`);
  const draw = (count: number): number => cluster.kernel.random.below("kube/proxy", count);
  const start = draw(subsets.length);
  for (let at = 0; at < subsets.length; at++) {
    const { addresses = [], ports = [] } = subsets[(start + at) % subsets.length]!;
    const found = ports.find((one) => (one.name ?? "") === portName);
    if (addresses.length === 0 || !found) continue;
    const { ip } = addresses[draw(addresses.length)]!;
    return { scheme: scheme === "https" ? "https" : "http", host: ip, port: found.port };
  }
  throw errors.serviceUnavailable(`no endpoints available for service "${request.name}"`);
}

/** Where a cluster's API server stands in the network, and its process while it has one. */
export function standpoint(cluster: Cluster): { readonly ns: Namespace; readonly self: DaemonProcess | undefined } {
  const { hosts } = cluster;
  const running = cluster.row.apiServer;
  const host = running && hosts.host(running.host);
  const self = running && host ? new DaemonProcess(host, running.pid) : undefined;
  return { ns: self ? namespaceOf(self) : networkOfHosts(hosts).namespace("controlplane"), self };
}

function pass(cluster: Cluster, request: ApiRequest, place: Place): ApiResponse {
  const { ns, self } = standpoint(cluster);
  const query = queryText(request.query);
  const certificate = place.asApiServer ? certificateOf(self, "kubelet-client-certificate") : undefined;
  const reply = httpCall(ns, self?.pid, {
    scheme: place.scheme,
    host: place.host,
    port: place.port,
    method: METHODS[request.verb],
    target: `${request.proxyPath ?? "/"}${query === "" ? "" : `?${query}`}`,
    headers: headersOf(request),
    body: typeof request.body === "string" ? encode(request.body) : "",
    ...(certificate ? { certificate } : {}),
  });
  if ("error" in reply) {
    if (reply.slow && (request.attempt ?? 0) === 0)
      return { kind: "pending", after: PATIENCE, request: { ...request, attempt: 1 } };
    throw errors.serviceUnavailable(`error trying to reach service: ${reply.error}`);
  }
  return { kind: "text", code: reply.status, text: decode(reply.body), mediaType: mediaTypeOf(reply.headers) };
}

function headersOf({ accept, contentType, userAgent }: ApiRequest): Headers {
  return [
    ...(userAgent === "" ? [] : [["User-Agent", userAgent] as const]),
    ["Accept", accept === "" ? "*/*" : accept],
    ...(contentType === "" ? [] : [["Content-Type", contentType] as const]),
  ];
}

/** The certificate that a flag of the server names, with which it shows others who it is. */
export function certificateOf(self: DaemonProcess | undefined, flag: string): readonly string[] | undefined {
  const path = self && flagsOf(self)?.get(flag);
  const pem = path === undefined ? undefined : self?.host.readText(path);
  return pem === undefined ? undefined : [pem];
}
