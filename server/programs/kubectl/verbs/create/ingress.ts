import type { JsonObject } from "../../../../sim/kube/api/index.ts";
import { text, texts } from "../../cobra/flag.ts";
import type { Failure } from "../../output/index.ts";
import { generator } from "./generator.ts";
import { objectMeta } from "./meta.ts";

/** host/path=service:port[,tls[=secret]], as pkg/cmd/create/create_ingress.go reads it: what stands behind does not matter. */
const RULE = /^([\w*\-.]*)(\/.*)=([\w-]+:[\w-]+)(?:,tls(?:=[\w-]+)?)?/;
const BACKEND = /^[^:]*:[^:]*$/;

export const ingress = generator({
  use: "create ingress NAME --rule=host/path=service:port[,tls[=secret]] ",
  summary: "Create an ingress with the specified name",
  about: "Create an ingress with the specified name.",
  aliases: ["ing"],
  examples: `# One path of one host
kubectl create ingress site --rule="foo.com/bar=svc1:8080,tls=my-cert"

# All paths below /, of a class
kubectl create ingress site --class=nginx --rule="foo.com/*=svc:80"

# A default backend
kubectl create ingress rest --default-backend=fallback:80`,
  flags: {
    annotation: texts("An annotation of the ingress: KEY=VALUE."),
    class: text("The ingress class."),
    "default-backend": text("The service for what no rule matches: SERVICE:PORT."),
    rule: texts("HOST/PATH=SERVICE:PORT[,tls[=SECRET]]. A path that ends in * matches all below it."),
  },
  mapping: { group: "networking.k8s.io", version: "v1", resource: "ingresses", kind: "Ingress", namespaced: true },
  failure: "failed to create ingress: ",
  build({ name, namespace, flags }): JsonObject | Failure {
    const { rule: rules, annotation, class: className, "default-backend": defaultBackend } = flags;
    if (defaultBackend === "" && rules.length === 0)
      return {
        error:
          "not enough information provided: every ingress has to either specify a default-backend (which catches all traffic) or a list of rules (which catch specific paths)",
      };
    for (const rule of rules)
      if (!RULE.test(rule))
        return { error: `rule ${rule} is invalid and should be in format host/path=svcname:svcport[,tls[=secret]]` };
    const annotations: Record<string, string> = {};
    for (const pair of annotation) {
      const equals = pair.indexOf("=");
      if (equals < 0) return { error: `annotation ${pair} is invalid and should be in format key=[value]` };
      annotations[pair.slice(0, equals)] = pair.slice(equals + 1);
    }
    if (defaultBackend !== "" && !BACKEND.test(defaultBackend))
      return { error: "default-backend should be in format servicename:serviceport" };
    const paths = httpRules(rules);
    const tls = tlsOf(rules);
    return {
      kind: "Ingress",
      apiVersion: "networking.k8s.io/v1",
      metadata: objectMeta(name, { namespace, annotations }),
      spec: {
        ...(className === "" ? {} : { ingressClassName: className }),
        ...(defaultBackend === "" ? {} : { defaultBackend: backend(defaultBackend) }),
        ...(tls.length > 0 ? { tls } : {}),
        ...(paths.length > 0 ? { rules: paths } : {}),
      },
      status: { loadBalancer: {} },
    };
  },
});

function backend(text: string): JsonObject {
  const [name = "", port = ""] = text.split(":");
  return { service: { name, port: /^\d+$/.test(port) ? { number: Number(port) } : { name: port } } };
}

/** Rules of one host stand together, in the order in which the hosts were named. */
function httpRules(rules: readonly string[]): JsonObject[] {
  const hosts = new Map<string, JsonObject[]>();
  for (const rule of rules) {
    const [, host = "", path = "", service = ""] = RULE.exec(rule)!;
    const prefix = path.endsWith("*");
    const entry: JsonObject = {
      path: prefix ? path.slice(0, -1) : path,
      pathType: prefix ? "Prefix" : "Exact",
      backend: backend(service),
    };
    hosts.set(host, [...(hosts.get(host) ?? []), entry]);
  }
  return [...hosts].map(([host, paths]) => ({ ...(host === "" ? {} : { host }), http: { paths } }));
}

/** What stands behind a comma asks for TLS; hosts with the same secret stand together (buildTLSRules). */
function tlsOf(rules: readonly string[]): JsonObject[] {
  const secrets = new Map<string, string[]>();
  const placed = new Set<string>();
  for (const rule of rules) {
    const parts = rule.split(",");
    if (parts.length !== 2) continue;
    const host = rule.split("/", 1)[0]!;
    const secret = parts[1]!.split("=")[1] ?? "";
    const hosts = secrets.get(secret);
    if (hosts) {
      if (!placed.has(host)) hosts.push(host);
    } else if (host !== "" || secret !== "") secrets.set(secret, host === "" ? [] : [host]);
    placed.add(host);
  }
  return [...secrets].map(([secretName, hosts]) => ({
    ...(hosts.length > 0 ? { hosts } : {}),
    ...(secretName === "" ? {} : { secretName }),
  }));
}
