import { encode } from "../../../kernel/index.ts";
import { parseYamlText } from "../../../host/index.ts";
import { goResponse, type GoAnswer } from "../../../images/index.ts";
import { header, type Context, type HttpRequest, type HttpResponse } from "../../../net/index.ts";
import { authenticate } from "../../access/identity.ts";
import { type Pod, type UserInfo } from "../../api/index.ts";
import type { Kubelet } from "../kubelet.ts";
import { resourceMetrics } from "./resource-metrics.ts";
import { statsSummary } from "./summary.ts";

const JSON_TYPE = ["Content-Type", "application/json"] as const;
const TEXT_TYPE = ["Content-Type", "text/plain; charset=utf-8"] as const;

/** What a path is to the authorizer (pkg/kubelet/server/auth.go); the longest that fits counts. */
const SUBRESOURCES: readonly (readonly [path: string, subresource: string])[] = [
  ["/stats", "stats"],
  ["/metrics", "metrics"],
  ["/logs", "log"],
  ["/checkpoint", "checkpoint"],
  ["/configz", "configz"],
  ["/healthz", "healthz"],
  ["/pods", "pods"],
  ["/runningpods", "pods"],
];

/** What a real kubelet also serves. */
const UNSIMULATED =
  /^\/(metrics(\/cadvisor|\/probes|\/slis)?|logs|run|exec|attach|portForward|cri|debug|checkpoint|spec|containerLogs|flagz|statusz)(\/|$)/;

/** Answers at the kubelet's secure port, to who shows who he is and may. */
export function kubeletApi(kubelet: Kubelet, request: HttpRequest, context: Context): HttpResponse {
  const answer = (parts: GoAnswer): HttpResponse => goResponse(request, context.now, parts);
  const text = (status: number, body: string): HttpResponse =>
    answer({ status, body: encode(body), headers: [TEXT_TYPE, ["X-Content-Type-Options", "nosniff"]] });
  const user = identify(kubelet, request, context);
  if (!user) return text(401, "Unauthorized");
  const mark = request.target.indexOf("?");
  const path = mark < 0 ? request.target : request.target.slice(0, mark);
  const denied = forbidden(kubelet, user, request.method, path);
  if (denied !== undefined) return text(403, denied);
  const json = (value: unknown): HttpResponse => answer({ headers: [JSON_TYPE], body: encode(JSON.stringify(value)) });
  switch (path.replace(/(.)\/$/, "$1")) {
    case "/healthz":
    case "/healthz/ping":
    case "/healthz/log":
    case "/healthz/syncloop":
      return answer({ headers: [TEXT_TYPE], body: "ok" });
    case "/pods":
      return json(podList([...kubelet.pods.values()].map(({ pod, status }) => ({ ...pod, status }))));
    case "/runningpods":
      return json(podList(runningPods(kubelet)));
    case "/configz":
      return json({ kubeletconfig: configuration(kubelet) });
    case "/stats/summary":
      return json(statsSummary(kubelet));
    case "/metrics/resource":
      return answer({
        headers: [["Content-Type", "text/plain; version=0.0.4; charset=utf-8; escaping=underscores"]],
        body: encode(resourceMetrics(kubelet)),
      });
    default:
      return UNSIMULATED.test(path)
        ? text(501, `drydock: kubelet: '${path}' is not simulated\n`)
        : text(404, "404 page not found\n");
  }
}

/** A certificate that the client CA signed, a token that the API server knows, or anybody: as `authentication` has it. */
function identify(kubelet: Kubelet, request: HttpRequest, { tls, now }: Context): UserInfo | undefined {
  const authorization = header(request, "Authorization");
  const { clientCa: file, anonymous, refusesTokens } = kubelet.running.settings;
  const clientCa = kubelet.host.readText(file) ?? "";
  const { cluster } = kubelet.api;
  return authenticate(
    { ...(tls?.clientChain ? { clientChain: tls.clientChain } : {}), ...(authorization ? { authorization } : {}) },
    {
      clientCa,
      now,
      readToken: (token) => (refusesTokens ? undefined : cluster?.guard.readToken?.(token)),
      anonymous,
    },
  );
}

/** What the API server says of it, if it is asked (authorization.mode: Webhook). */
function forbidden(kubelet: Kubelet, user: UserInfo, method: string, path: string): string | undefined {
  if (kubelet.running.settings.authorization === "AlwaysAllow") return undefined;
  const verbs: Record<string, "get" | "create" | "update" | "patch" | "delete"> = {
    POST: "create",
    PUT: "update",
    PATCH: "patch",
    DELETE: "delete",
  };
  const verb = verbs[method] ?? "get";
  const special = SUBRESOURCES.find(([prefix]) => path === prefix || path.startsWith(`${prefix}/`))?.[1];
  // Those of KubeletFineGrainedAuthz also go with nodes/proxy.
  const asked =
    special === undefined
      ? ["proxy"]
      : ["configz", "healthz", "pods"].includes(special)
        ? [special, "proxy"]
        : [special];
  const authorize = kubelet.api.cluster?.guard.authorize;
  const allowed =
    !authorize ||
    asked.some(
      (subresource) =>
        authorize({
          verb,
          group: "",
          version: "v1",
          resource: "nodes",
          namespace: "",
          name: kubelet.running.nodeName,
          subresource,
          user,
        }).allowed,
    );
  return allowed
    ? undefined
    : `Forbidden (user=${user.name}, verb=${verb}, resource=nodes, subresource(s)=[${asked.join(" ")}])\n`;
}

function podList(items: readonly Pod[]): object {
  return { kind: "PodList", apiVersion: "v1", metadata: {}, items };
}

/** What the runtime alone knows of them. */
function runningPods(kubelet: Kubelet): Pod[] {
  return [...kubelet.pods.values()].flatMap(({ pod, uid }) => {
    const containers = [...kubelet.runtime.containers.values()].filter(
      ({ podUid, state }) => podUid === uid && state === "running",
    );
    if (containers.length === 0) return [];
    const { name, namespace } = pod.metadata;
    const spec = {
      containers: containers.map(({ config }) => ({ name: config.name, image: config.image, resources: {} })),
    };
    return [{ metadata: { name, namespace, uid, creationTimestamp: null }, spec, status: {} } as unknown as Pod];
  });
}

/** Its file as it was read at start. */
function configuration(kubelet: Kubelet): unknown {
  const text = kubelet.host.readText("/var/lib/kubelet/config.yaml") ?? "{}";
  const { apiVersion: _, kind: __, ...fields } = parseYamlText(text) as Record<string, unknown>;
  return fields;
}
