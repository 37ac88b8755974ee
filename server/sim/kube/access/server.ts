import { encode } from "../../kernel/index.ts";
import type { Hosts } from "../../host/index.ts";
import type { Application, ConnectResult, Context, HttpAnswer, HttpRequest } from "../../net/index.ts";
import { GO_CIPHERS, header } from "../../net/index.ts";
import { errors, parseTarget, type ApiRequest, type ApiResponse, type Status, type UserInfo } from "../api/index.ts";
import { clustersOf, type Cluster } from "../cluster/cluster.ts";
import { authenticate, type Credentials } from "./identity.ts";
import { impersonated, impersonationHeaders } from "./impersonation.ts";

/** The application name of kube-apiserver's sockets; their args say which cluster it serves. */
export const API_SERVER = "kube-apiserver";

export interface ApiServerSocket {
  readonly cluster: string;
}

/** Which cluster's API server a connection has reached, if it is one. */
export function apiServerBehind({ trace }: Pick<ConnectResult, "trace">): string | undefined {
  const socket = trace?.delivery?.socket;
  return socket?.application === API_SERVER ? (socket.args as ApiServerSocket).cluster : undefined;
}

/** Who a client with those credentials is to a cluster; undefined: nobody that it knows (401). */
export function identify(cluster: Cluster, credentials: Credentials): UserInfo | undefined {
  const running = cluster.row.apiServer;
  const host = running && cluster.hosts.host(running.host);
  const clientCa = host?.readText(cluster.row.files?.clientCa ?? "") ?? "";
  return authenticate(credentials, {
    clientCa,
    now: cluster.kernel.now,
    readToken: (token) => cluster.guard.readToken?.(token),
    anonymous: cluster.row.settings?.anonymousAuth ?? true,
  });
}

/** kube-apiserver's face to HTTP clients inside the world: curl, wget, probes. */
export function apiServerApplication(hosts: Hosts): Application {
  const clusterOf = (context: Context): Cluster | undefined =>
    clustersOf(hosts).get((context.args as ApiServerSocket).cluster);
  return {
    answersBy({ args }) {
      const cluster = clustersOf(hosts).get((args as ApiServerSocket).cluster);
      const { state } = hosts.kernel;
      // A probe is nobody's: roles may let it in or not.
      const seen = `${state.generation("clusters")} ${state.generation("kube//objects")}`;
      return `${seen} ${cluster?.guard.etcdError?.() ?? ""}`;
    },
    tls(_hello, context) {
      const cluster = clusterOf(context);
      const running = cluster?.row.apiServer;
      const host = running && hosts.host(running.host);
      const { servingCertificate = "", clientCa = "", requestHeaderCa = "" } = cluster?.row.files ?? {};
      const pem = host?.readText(servingCertificate);
      if (!host || !pem) return { alert: "internal_error" };
      const clientAuthorities = [clientCa, requestHeaderCa].flatMap((path) => host.readText(path) ?? []);
      return { chain: [pem], alpn: "h2", ciphers: GO_CIPHERS, requestsCertificate: true, clientAuthorities };
    },
    http(request, context) {
      const cluster = clusterOf(context);
      if (!cluster) return { close: "reset" };
      if (!context.tls)
        return {
          status: 400,
          reason: "Bad Request",
          version: "HTTP/1.0",
          headers: [],
          body: "Client sent an HTTP request to an HTTPS server.\n",
          close: "fin",
        };
      const user = identify(cluster, {
        ...(context.tls.clientChain ? { clientChain: context.tls.clientChain } : {}),
        ...authorization(request),
      });
      if (!user) return answer(refusal(errors.unauthorized().status), isBrowsing(request));
      const acting = impersonated(cluster.api, user, impersonationHeaders(request.headers));
      const response = "status" in acting ? refusal(acting) : cluster.api.handle(apiRequest(request, acting));
      return answer(response, isBrowsing(request));
    },
  };
}

function authorization(request: HttpRequest): { authorization?: string } {
  const value = header(request, "Authorization");
  return value === undefined ? {} : { authorization: value };
}

/** What an HTTP request asks of an API server. */
export function apiRequest(request: HttpRequest, user: UserInfo): ApiRequest {
  const target = parseTarget(request.method, request.target);
  return {
    ...target,
    accept: header(request, "Accept") ?? "",
    contentType: header(request, "Content-Type") ?? "",
    userAgent: header(request, "User-Agent") ?? "",
    user,
    body: request.body === "" ? undefined : request.body,
  };
}

/** Answers to people are indented, and those to who asks for it (apiserver's isPrettyPrint). */
function isBrowsing(request: HttpRequest): boolean {
  const asked = /[?&]pretty=([^&]*)/.exec(request.target)?.[1];
  if (asked !== undefined) return asked !== "0" && asked !== "false";
  return /^(curl|Wget|Mozilla\/5\.0)/.test(header(request, "User-Agent") ?? "");
}

function refusal(status: Status): ApiResponse {
  return { kind: "object", code: status.code, object: status, mediaType: "application/json", warnings: [] };
}

/** An API answer as HTTP. Streams have no end that could be waited for here: a client gets what there is now. */
export function answer(response: ApiResponse, pretty: boolean): HttpAnswer {
  if (response.kind === "text") return http(response.code, response.mediaType, encode(response.text));
  if (response.kind === "object")
    return http(
      response.code,
      response.mediaType,
      encode(`${JSON.stringify(response.object, null, pretty ? 2 : undefined)}\n`),
    );
  return http(
    501,
    "text/plain",
    `drydock: kube-apiserver: ${response.kind} streams over plain HTTP inside the world are not simulated\n`,
  );
}

const REASONS: Readonly<Record<number, string>> = {
  200: "OK",
  201: "Created",
  202: "Accepted",
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  409: "Conflict",
  410: "Gone",
  415: "Unsupported Media Type",
  422: "Unprocessable Entity",
  429: "Too Many Requests",
  500: "Internal Server Error",
  501: "Not Implemented",
  503: "Service Unavailable",
  504: "Gateway Timeout",
};

function http(status: number, contentType: string, body: string): HttpAnswer {
  return {
    status,
    reason: REASONS[status] ?? "",
    headers: [
      ["Cache-Control", "no-cache, private"],
      ["Content-Type", contentType],
      ["Content-Length", String(body.length)],
    ],
    body,
  };
}
