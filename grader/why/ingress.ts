import type { Ingress, IngressBackend, IngressClass, KubeObject, Pod } from "../../server/sim/kube/api/index.ts";
import type { Probe } from "../probe/probe.ts";
import { portsWords } from "../probe/target.ts";
import type { Scene } from "../scene/scene.ts";
import { noEndpoints, readyEndpoints } from "./endpoints.ts";
import { listed, nearest, type Explanation } from "./explanation.ts";

/** A path of a rule, and whose it is. */
interface Route {
  readonly ingress: Ingress;
  readonly host: string;
  readonly path: string;
  readonly type: string;
  readonly backend: IngressBackend;
}

/** Why an ingress-nginx controller answered as it did: the rule that it followed, or why it had none. Undefined: it was none. */
export function explainIngress(scene: Scene, probe: Probe, asked: string | undefined): Explanation | undefined {
  const pod = probe.backend?.pod;
  const controller = pod && controllerOf(pod);
  if (!controller || probe.status === undefined) return undefined;
  const host = (asked ?? probe.target.host).toLowerCase();
  const path = probe.target.path.replace(/[?#].*/, "");
  const { objects } = scene.objects.list("ingresses.networking.k8s.io", undefined);
  const refused = new Map<Ingress, string>();
  const served: Ingress[] = [];
  for (const ingress of objects as readonly Ingress[]) {
    const why = whyNotServed(scene, ingress, controller);
    if (why === undefined) served.push(ingress);
    else refused.set(ingress, why);
  }
  const found = routeOf(served, host, path);
  if (found) return explainRoute(scene, found, path);
  const left = routeOf([...refused.keys()], host, path);
  if (left)
    return {
      why: `${title(left.ingress)} has a rule for ${left.host === "" ? "" : left.host}${left.path}, but ${refused.get(left.ingress)!}`,
      see: "kubectl get ingress,ingressclass -A",
    };
  const others = served.flatMap(routesOf).filter((route) => hostFits(route.host, host));
  const [other] = others;
  const paths = listed(others.map((route) => `${route.path} (${route.type})`));
  const why = other
    ? `no rule fits the path ${path}: ${title(other.ingress)} has ${paths}${other.host === "" ? "" : ` for ${other.host}`}`
    : `no Ingress has a rule for the host ${host}`;
  return { why, see: "kubectl get ingress -A" };
}

interface Controller {
  readonly value: string;
  readonly annotation: string;
  readonly takesAll: boolean;
}

/** What a Pod of ingress-nginx feels responsible for, by its arguments. */
function controllerOf({ spec }: Pod): Controller | undefined {
  const container = spec.containers.find(({ image = "" }) => /ingress-nginx\/controller\b/.test(image));
  if (!container) return undefined;
  const flag = (name: string, usual: string): string =>
    (container.args ?? []).find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3) ?? usual;
  return {
    value: flag("controller-class", "k8s.io/ingress-nginx"),
    annotation: flag("ingress-class", "nginx"),
    takesAll: flag("watch-ingress-without-class", "false") === "true",
  };
}

function whyNotServed(scene: Scene, { metadata, spec }: Ingress, controller: Controller): string | undefined {
  const annotation = metadata.annotations?.["kubernetes.io/ingress.class"];
  const { ingressClassName: name } = spec;
  if (name === undefined && annotation !== undefined)
    return annotation === controller.annotation ? undefined : `its class ${annotation} is not the controller's`;
  if (name === undefined) return controller.takesAll ? undefined : "it has no class, and so no controller serves it";
  const { objects } = scene.objects.list("ingressclasses", undefined);
  const found = objects.find((object: KubeObject) => object.metadata.name === name) as IngressClass | undefined;
  if (!found) return `there is no IngressClass ${name}`;
  const { controller: value } = found.spec;
  return value === controller.value ? undefined : `its class ${name} is for the controller ${value ?? "of nobody"}`;
}

function routesOf(ingress: Ingress): Route[] {
  return (ingress.spec.rules ?? []).flatMap(({ host = "", http }) =>
    (http?.paths ?? []).map(({ path = "/", pathType: type = "", backend }) => ({ ingress, host, path, type, backend })),
  );
}

/** The rule for a request: the nearest host first, then the longest path; then the default backend. */
function routeOf(ingresses: readonly Ingress[], host: string, path: string): Route | undefined {
  const all = ingresses.flatMap(routesOf);
  const same = (wanted: (route: Route) => boolean): Route[] => all.filter(wanted);
  const exact = same((route) => route.host.toLowerCase() === host);
  const wildcard = same((route) => route.host.startsWith("*.") && hostFits(route.host, host));
  const own = exact.length > 0 ? exact : wildcard.length > 0 ? wildcard : same((route) => route.host === "");
  const fitting = own.filter((route) => pathFits(route, path)).toSorted((a, b) => b.path.length - a.path.length);
  if (fitting[0]) return fitting[0];
  const owners = exact.length + wildcard.length > 0 ? own.map(({ ingress }) => ingress) : ingresses;
  const ingress = owners.find(({ spec }) => spec.defaultBackend !== undefined);
  return ingress && { ingress, host: "", path: "/", type: "default", backend: ingress.spec.defaultBackend! };
}

function hostFits(rule: string, host: string): boolean {
  if (rule.startsWith("*.")) return host.replace(/^[^.]+/, "*") === rule.toLowerCase();
  return rule === "" || rule.toLowerCase() === host;
}

function pathFits({ ingress, path: rule, type }: Route, path: string): boolean {
  const of = (name: string): string => ingress.metadata.annotations?.[`nginx.ingress.kubernetes.io/${name}`] ?? "";
  // Of an expression only what stands before its first special character is compared.
  if (of("use-regex") === "true" || of("rewrite-target") !== "")
    return path.startsWith(rule.replace(/[([?*.$|].*/, ""));
  if (type === "Exact") return path === rule;
  if (type !== "Prefix") return path.startsWith(rule);
  const prefix = rule.replace(/\/$/, "");
  return path === prefix || path.startsWith(`${prefix}/`);
}

function explainRoute(scene: Scene, { ingress, path: rule, type, backend }: Route, path: string): Explanation {
  const { namespace = "", name } = ingress.metadata;
  const see = `kubectl -n ${namespace} describe ingress ${name}`;
  const { service } = backend;
  const what = path === rule ? path : `${path} (by its ${type === "default" ? "default backend" : `path ${rule}`})`;
  const sends = `${title(ingress)} sends ${what}`;
  if (!service) return { why: `${sends} to no Service`, see };
  const wanted = service.port?.number ?? service.port?.name ?? "";
  const to = `to Service ${service.name}`;
  const found = scene.objects.service(namespace, service.name);
  if (!found) return { why: `${sends} ${to}, which is not in namespace ${namespace}${elsewhere(scene, namespace, service.name)}`, see }; // prettier-ignore
  if (found.spec.type === "ExternalName")
    return { why: `${sends} ${to}, which is another name for ${found.spec.externalName ?? ""}`, see };
  const port = found.spec.ports?.find(
    (one) => one.port === wanted || one.name === wanted || String(one.targetPort) === String(wanted),
  );
  if (!port) return { why: `${sends} ${to}, which has no port ${wanted}, it has ${portsWords(found.spec.ports)}`, see };
  if (readyEndpoints(scene, found, port).length === 0)
    return { why: `${sends} ${to}, which ${noEndpoints(scene, found, port)}`, see };
  return { why: `${sends} ${to}, port ${wanted}`, see };
}

function elsewhere(scene: Scene, namespace: string, name: string): string {
  const other = scene.objects.services().find(({ metadata }) => metadata.name === name)?.metadata.namespace;
  if (other !== undefined) return `, but in ${other}`;
  const near = nearest(
    name,
    scene.objects.services(namespace).map(({ metadata }) => metadata.name),
  );
  return near === undefined ? "" : `; there is a Service ${near}`;
}

function title({ metadata }: Ingress): string {
  return `Ingress ${metadata.namespace ?? ""}/${metadata.name}`;
}
