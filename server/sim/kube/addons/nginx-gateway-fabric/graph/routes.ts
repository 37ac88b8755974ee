import { matchesLabels, selectorOf, type KubeObject, type LabelSelector } from "../../../api/index.ts";
import {
  ROUTE_INVALID_GATEWAY, ROUTE_INVALID_LISTENER, ROUTE_NO_HOSTNAME, ROUTE_NO_PARENT, ROUTE_NOT_ALLOWED, routeRulesInvalid,
  routeUnresolved,
} from "../conditions.ts"; // prettier-ignore
import { API, keyOf, type Condition, type HttpRoute, type ParentReference } from "../kinds.ts";
import { resolveBackend, type BackendWorld } from "./backends.ts";
import { resolveMirrors } from "./mirrors.ts";
import { aggregate } from "./field-errors.ts";
import { acceptedHostnames } from "./hostnames.ts";
import type { GraphGateway, GraphListener, GraphRoute, GraphRule, ParentRef } from "./model.ts";
import { ruleProblems, unresolvedFilters } from "./rules.ts";

export interface RouteWorld extends BackendWorld {
  namespace(name: string): KubeObject | undefined;
}

/** A route of one of these Gateways; undefined if it names none of them. Its backends are looked up, its rules checked. */
export function buildRoute(
  source: HttpRoute,
  gateways: readonly GraphGateway[],
  world: RouteWorld,
): GraphRoute | undefined {
  const parents = (source.spec.parentRefs ?? []).flatMap((ref, index) => parentsOf(ref, index, source, gateways));
  if (parents.length === 0) return undefined;
  const conditions: Condition[] = [];
  const problems: string[] = [];
  const rules = (source.spec.rules ?? []).map((rule, at): GraphRule => {
    const found = ruleProblems(rule, `spec.rules[${at}]`);
    problems.push(...found);
    return { source: rule, valid: found.length === 0, backends: [], mirrors: [] };
  });
  const valid = problems.length === 0 || rules.some((rule) => rule.valid);
  if (problems.length > 0) conditions.push(routeRulesInvalid(aggregate(problems), !valid));
  const unresolved = rules.flatMap(({ source: rule }, at) => unresolvedFilters(rule, `spec.rules[${at}]`));
  if (unresolved.length > 0) conditions.push(routeUnresolved("InvalidFilter", aggregate(unresolved)));
  if (valid)
    for (const [at, rule] of rules.entries()) {
      if (!rule.valid) continue;
      rule.backends = (rule.source.backendRefs ?? []).map((ref, index) => {
        const path = `spec.rules[${at}].backendRefs[${index}]`;
        const { backend, condition } = resolveBackend(ref, source.metadata.namespace!, path, world);
        if (condition) conditions.push(condition);
        return backend;
      });
      const mirrors = resolveMirrors(source, at, world);
      rule.mirrors = mirrors.map(({ mirror }) => mirror);
      conditions.push(...mirrors.flatMap(({ condition }) => condition ?? []));
    }
  return { source, key: keyOf(source), parents, rules, conditions, valid };
}

/** One for each listener, if the reference names neither a section nor a port (buildSectionNameRefs). */
function parentsOf(
  ref: ParentReference,
  index: number,
  { metadata }: HttpRoute,
  gateways: readonly GraphGateway[],
): ParentRef[] {
  if ((ref.kind ?? "Gateway") !== "Gateway" || (ref.group ?? API) !== API) return [];
  const key = `${ref.namespace ?? metadata.namespace!}/${ref.name}`;
  const gateway = gateways.find((one) => one.key === key);
  if (!gateway) return [];
  const parent = (sectionName: string | undefined): ParentRef => ({
    index,
    gateway,
    sectionName,
    port: ref.port,
    attached: false,
    failed: [],
    hostnames: new Map(),
  });
  if (ref.sectionName !== undefined || ref.port !== undefined) return [parent(ref.sectionName)];
  return gateway.source.spec.listeners.map(({ name }) => parent(name));
}

/** Attaches a route to the listeners of its parents (bindL7RouteToListeners). */
export function bindRoute(route: GraphRoute, world: RouteWorld): void {
  for (const parent of route.parents) {
    const { gateway, sectionName, port } = parent;
    const named = gateway.listeners.filter(
      ({ source }) =>
        (sectionName === undefined || source.name === sectionName) && (port === undefined || source.port === port),
    );
    const all = gateway.valid ? named : gateway.source.spec.listeners;
    if (gateway.valid && all.length === 0) parent.failed.push(ROUTE_NO_PARENT);
    else if (!gateway.valid) parent.failed.push(ROUTE_INVALID_GATEWAY);
    else attach(route, parent, named.filter(({ attachable }) => attachable), world); // prettier-ignore
  }
  isolate(route);
}

function attach(route: GraphRoute, parent: ParentRef, listeners: readonly GraphListener[], world: RouteWorld): void {
  if (listeners.length === 0) return void parent.failed.push(ROUTE_INVALID_LISTENER);
  const allowed = listeners.filter((listener) => isAllowed(listener, route, parent.gateway, world));
  if (allowed.length === 0) return void parent.failed.push(ROUTE_NOT_ALLOWED);
  const attached = allowed.filter((listener) => {
    const hostnames = acceptedHostnames(listener.source.hostname, route.source.spec.hostnames);
    if (hostnames.length === 0) return false;
    parent.hostnames.set(listener.source.name, hostnames);
    if (!listener.routes.includes(route)) listener.routes.push(route);
    return true;
  });
  if (attached.length === 0) return void parent.failed.push(ROUTE_NO_HOSTNAME);
  parent.attached = true;
  if (!attached.some(({ valid }) => valid)) route.conditions.push(ROUTE_INVALID_LISTENER);
}

function isAllowed(
  { source, supportedKinds }: GraphListener,
  { source: { metadata } }: GraphRoute,
  gateway: GraphGateway,
  world: RouteWorld,
): boolean {
  if (!supportedKinds.some(({ kind }) => kind === "HTTPRoute")) return false;
  const { from = "Same", selector } = source.allowedRoutes?.namespaces ?? {};
  if (from === "All") return true;
  if (from === "Same") return metadata.namespace === gateway.source.metadata.namespace;
  return selector !== undefined && selects(selector, world.namespace(metadata.namespace!)?.metadata.labels);
}

function selects(selector: LabelSelector, labels: Readonly<Record<string, string>> | undefined): boolean {
  const parsed = selectorOf(selector);
  return typeof parsed === "string" || !("error" in parsed) ? matchesLabels(parsed, labels) : false;
}

/** A hostname that another listener of the port has for its own is that listener's alone (isolateHostnamesForParentRefs). */
function isolate({ parents }: GraphRoute): void {
  for (const { gateway, hostnames } of parents)
    for (const [name, own] of hostnames) {
      const port = gateway.listeners.find(({ source }) => source.name === name)?.source.port;
      const others = gateway.listeners.filter(({ source }) => source.name !== name && source.port === port);
      hostnames.set(name, own.filter((one) => !others.some(({ source }) => source.hostname === one))); // prettier-ignore
    }
}
