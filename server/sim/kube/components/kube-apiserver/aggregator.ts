import { decode, encode } from "../../../kernel/index.ts";
import { httpCall, mediaTypeOf, type HttpReply } from "../../access/http-call.ts";
import { trustError } from "../../access/tls.ts";
import {
  parseJson, queryText, resourcePath, type Aggregator, type ApiRequest, type ApiResponse, type ApiService, type RemoteResource,
  type RemoteVersion, type Service,
} from "../../api/index.ts"; // prettier-ignore
import type { Cluster } from "../../cluster/cluster.ts";
import { apiServices, services } from "../../kinds/index.ts";
import { certificateOf, METHODS, standpoint } from "./proxy.ts";

const TEXT = "text/plain; charset=utf-8";

/**
 * Passes requests for the groups of APIServices on to the servers behind them: to the address of their Service, as who the
 * client is (kube-aggregator/pkg/apiserver/handler_proxy.go).
 */
export class ServiceAggregator implements Aggregator {
  readonly #cluster: Cluster;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  remote(): readonly RemoteVersion[] {
    return this.#registered().map((service) => {
      const { group = "", version = "" } = service.spec;
      return { group, version, resources: isAvailable(service) ? this.#resources(service) : undefined };
    });
  }

  pass(request: ApiRequest, group: string, version: string): ApiResponse | undefined {
    const service = this.#registered().find(({ spec }) => spec.group === group && spec.version === version);
    if (!service) return undefined;
    if (!isAvailable(service)) return { kind: "text", code: 503, text: "service unavailable\n", mediaType: TEXT };
    const query = queryText(request.query);
    const path = request.path ?? resourcePath(request);
    const reply = this.ask(service, `${path}${query === "" ? "" : `?${query}`}`, request);
    if ("error" in reply)
      return { kind: "text", code: 503, text: `error trying to reach service: ${reply.error}`, mediaType: TEXT };
    const mediaType = mediaTypeOf(reply.headers);
    const text = decode(reply.body);
    if (!mediaType.startsWith("application/json")) return { kind: "text", code: reply.status, text, mediaType };
    return { kind: "object", code: reply.status, object: JSON.parse(text), mediaType, warnings: [] };
  }

  /** Asks the server behind an APIService, on behalf of a client or for itself. */
  ask(service: ApiService, target: string, request?: ApiRequest): HttpReply {
    const place = this.address(service);
    if ("error" in place) return { error: place.error, slow: false };
    const { ns, self } = standpoint(this.#cluster);
    const { insecureSkipTLSVerify = false, caBundle = "" } = service.spec;
    const { namespace = "", name = "" } = service.spec.service!;
    const certificate = certificateOf(self, "proxy-client-cert-file");
    const user = request?.user ?? { name: "system:kube-aggregator", groups: ["system:masters"] };
    return httpCall(ns, self?.pid, {
      scheme: "https",
      ...place,
      method: request ? METHODS[request.verb] : "GET",
      target,
      headers: [
        ["X-Remote-User", user.name],
        ...user.groups.map((group) => ["X-Remote-Group", group] as const),
        ["Accept", request?.accept || "application/json"],
        ...(request?.contentType ? [["Content-Type", request.contentType] as const] : []),
      ],
      body: typeof request?.body === "string" ? encode(request.body) : "",
      ...(certificate ? { certificate } : {}),
      distrust: (chain) =>
        trustError(
          {
            server: "",
            userAgent: "",
            insecureSkipTlsVerify: insecureSkipTLSVerify,
            certificateAuthority: Buffer.from(caBundle, "base64").toString(),
          },
          `${name}.${namespace}.svc`,
          chain,
          this.#cluster.kernel.now,
        ),
    });
  }

  /** Where requests for it go: the Service's own address (the resolver without aggregator routing). */
  address({ spec }: ApiService): { readonly host: string; readonly port: number } | { readonly error: string } {
    const { namespace = "", name = "", port = 443 } = spec.service!;
    const service = this.#cluster.api.store.get(services as never, namespace, name) as Service | undefined;
    if (!service) return { error: `services "${name}" not found` };
    const { clusterIP = "" } = service.spec;
    if (clusterIP === "" || clusterIP === "None")
      return { error: `no cluster IP for service "${name}" in namespace "${namespace}"` };
    return { host: clusterIP, port };
  }

  #registered(): readonly ApiService[] {
    const all = this.#cluster.api.store.list(apiServices as never) as readonly ApiService[];
    return all.filter(({ spec }) => spec.service);
  }

  #resources(service: ApiService): readonly RemoteResource[] | undefined {
    const { group = "", version = "" } = service.spec;
    const reply = this.ask(service, `/apis/${group}/${version}`);
    if ("error" in reply || reply.status !== 200) return undefined;
    const list = parseJson(decode(reply.body)) as {
      readonly value?: { readonly resources?: readonly RemoteResource[] };
    };
    return list.value?.resources;
  }
}

export function isAvailable({ status }: ApiService): boolean {
  return status.conditions?.some(({ type, status: value }) => type === "Available" && value === "True") ?? false;
}
