import { decode, encode } from "../../../kernel/index.ts";
import { httpCall, type HttpReply } from "../../access/http-call.ts";
import { parseServer, resolveServer, type ServerAddress } from "../../access/server-address.ts";
import { trustError } from "../../access/tls.ts";
import type { Service, WebhookCall, WebhookReply } from "../../api/index.ts";
import type { Cluster } from "../../cluster/cluster.ts";
import { services } from "../../kinds/index.ts";
import { standpoint } from "./proxy.ts";

/**
 * Sends a review to a webhook, over the network of the server's host: to its URL, or to the address of its Service, under
 * the Service's name (apiserver/pkg/util/webhook/client.go). Errors are those of client-go's REST client.
 */
export function callWebhook(cluster: Cluster, { config, timeoutSeconds, review }: WebhookCall): WebhookReply {
  const { service, url = "" } = config;
  const path = service ? (service.path ?? "/") : (/^https:\/\/[^/?#]*([^?#]*)/.exec(url)?.[1] ?? "");
  const origin = service ? `https://${service.name}.${service.namespace}.svc:${service.port ?? 443}` : originOf(url);
  const target = `${path === "" ? "/" : path}?timeout=${timeoutSeconds}s`;
  const failed = (error: string, slow = false): WebhookReply => ({
    error: `Post "${origin}${target}": ${error}`,
    slow,
  });
  const server = parseServer(origin);
  if ("error" in server) return failed(server.error);
  const place = service ? serviceAddress(cluster, service) : resolved(cluster, server);
  if ("error" in place) return failed(place.error);
  const { ns, self } = standpoint(cluster);
  const reply = httpCall(ns, self?.pid, {
    scheme: "https",
    ...place,
    serverName: server.host,
    method: "POST",
    target,
    headers: [
      ["Host", `${server.host}:${server.port}`],
      ["User-Agent", "kube-apiserver-admission"],
      ["Accept", "application/json, */*"],
      ["Content-Type", "application/json"],
    ],
    body: encode(JSON.stringify(review)),
    distrust: (chain) =>
      trustError(
        {
          server: "",
          userAgent: "",
          insecureSkipTlsVerify: false,
          certificateAuthority: Buffer.from(config.caBundle ?? "", "base64").toString(),
        },
        server.host,
        chain,
        cluster.kernel.now,
      ),
  });
  if ("error" in reply) return failed(reply.slow ? "context deadline exceeded" : reply.error, reply.slow);
  if (reply.status >= 200 && reply.status < 300) return { body: decode(reply.body) };
  return { error: statusWords(reply), slow: false };
}

type Place = { readonly host: string; readonly port: number } | { readonly error: string };

/** apiserver/pkg/util/proxy ResolveCluster: the Service's own address, whether anybody is behind it or not. */
function serviceAddress(
  cluster: Cluster,
  { namespace, name, port = 443 }: NonNullable<WebhookCall["config"]["service"]>,
): Place {
  const service = cluster.api.store.get(services as never, namespace, name) as Service | undefined;
  if (!service) return { error: `service "${name}" not found` };
  const { type = "ClusterIP", clusterIP = "", ports = [], externalName = "" } = service.spec;
  if (type === "ExternalName") return resolved(cluster, { tls: true, host: externalName, port });
  if (clusterIP === "None") return { error: `cannot route to service with ClusterIP "None"` };
  if (!ports.some((one) => one.port === port)) return { error: `no service port ${port} found for service "${name}"` };
  return { host: clusterIP, port };
}

function resolved(cluster: Cluster, { host, port }: ServerAddress): Place {
  const { ns, self } = standpoint(cluster);
  if (!self || /^[\d.]+$|:/.test(host)) return { host, port };
  const address = resolveServer(self.host, ns, host);
  return typeof address === "string" ? { host: address, port } : address;
}

function originOf(url: string): string {
  return /^https:\/\/[^/?#]*/.exec(url)?.[0] ?? url;
}

const WORDS: Readonly<Record<number, string>> = {
  400: "the server rejected our request for an unknown reason",
  401: "the server has asked for the client to provide credentials",
  404: "the server could not find the requested resource",
  405: "the server does not allow this method on the requested resource",
  429: "the server has received too many requests and has asked us to try again later",
  503: "the server is currently unable to handle the request",
  504: "the server was unable to return a response in the time allotted, but may still be processing the request",
};

/** apimachinery/pkg/api/errors NewGenericServerResponse */
function statusWords({ status, body }: Extract<HttpReply, { readonly status: number }>): string {
  const known = WORDS[status];
  if (known !== undefined) return known;
  const said = decode(body).trim();
  if (status === 403) return said === "" ? "unknown" : said;
  if (status >= 500)
    return `an error on the server (${JSON.stringify(said === "" ? "unknown" : said)}) has prevented the request from succeeding`;
  return `the server responded with the status code ${status} but did not return more information`;
}
