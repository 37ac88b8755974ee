import type { Ingress } from "../../api/index.ts";
import { pathTypeProblems } from "./model/path-type.ts";
import type { Server } from "./model/server.ts";
import { logOf, type Controller } from "./running.ts";
import { Store } from "./store.ts";
import { testConf, wantedFor } from "./sync.ts";

/** Why an Ingress must not be admitted (controller.go CheckIngress); undefined if it may. */
export function checkIngress(controller: Controller, ingress: Ingress): string | undefined {
  const { self, session, row } = controller;
  if (ingress.metadata.deletionTimestamp !== undefined) return undefined;
  const reached = session.reach();
  if ("error" in reached) return undefined;
  const log = logOf(self);
  const store = new Store(self, reached.client, row, log);
  const { namespace = "", name, annotations = {} } = ingress.metadata;
  const found = store.classOf(ingress);
  if ("error" in found) {
    log("W", "controller.go:342", `ignoring ingress ${name} in ${namespace} based on annotation : ${found.error}`);
    return undefined;
  }
  const { text, flags } = row.options;
  if (text["watch-namespace"] !== "" && namespace !== text["watch-namespace"]) return undefined;
  const { config } = store;
  if (config.flag("strict-validate-path-type")) {
    const problems = pathTypeProblems(ingress);
    if (problems.length > 0) return `ingress contains invalid paths: ${problems.join("\n")}`;
  }
  if (flags["disable-catch-all"] && ingress.spec.defaultBackend)
    return "This deployment is trying to create a catch-all ingress while DisableCatchAll flag is set to true. Remove '.spec.defaultBackend' or set DisableCatchAll flag to false."; // prettier-ignore
  const words = config.list("annotation-value-word-blocklist");
  const prefix = `${text["annotations-prefix"]}/`;
  for (const [key, value] of Object.entries(annotations)) {
    if (key.startsWith(prefix))
      for (const word of words) if (value.includes(word)) return `${key} annotation contains invalid word ${word}`;
    if (!config.flag("allow-snippet-annotations") && key.endsWith("-snippet"))
      return `${key} annotation cannot be used. Snippet directives are disabled by the Ingress administrator`;
  }
  const parsed = store.extract(ingress);
  if ("error" in parsed) return parsed.error;
  // The real one would do it: to admit an Ingress whose annotations do nothing would mislead.
  const [first] = parsed.unsimulated;
  if (first !== undefined) return `drydock: nginx-ingress-controller: annotation ${prefix}${first} is not simulated`;
  const others = store.ingresses().filter(({ ingress: { metadata } }) => metadata.namespace !== namespace || metadata.name !== name); // prettier-ignore
  const quiet = (): void => {};
  const wanted = wantedFor(controller, store, [...others, { ingress, annotations: parsed.annotations }], quiet);
  return overlap(ingress, wanted.model.servers, text["annotations-prefix"]) ?? testConf(controller, wanted.conf);
}

/** checkOverlap: a host and path belong to one Ingress, or to one and its canary. */
function overlap({ metadata, spec }: Ingress, servers: readonly Server[], prefix: string): string | undefined {
  const canary = (annotations: Readonly<Record<string, string>> = {}): string | undefined =>
    annotations[`${prefix}/canary`];
  for (const { host = "", http } of spec.rules ?? [])
    for (const { path = "", backend } of http?.paths ?? []) {
      if (!backend.service) continue;
      const name = host === "" ? "_" : host;
      const wanted = path === "" ? "/" : path;
      const existing = servers
        .filter(({ hostname }) => hostname === name)
        .flatMap(({ locations }) => locations.filter((place) => place.ingressPath === wanted && !place.isDefault))
        .flatMap(({ ingress }) => ingress ?? []);
      if (existing.length === 0) continue;
      if (existing.some((one) => one.metadata.namespace === metadata.namespace && one.metadata.name === metadata.name))
        return undefined;
      for (const one of existing) {
        const both = canary(metadata.annotations) === "true" && canary(one.metadata.annotations) === "true";
        const neither = canary(metadata.annotations) === undefined && canary(one.metadata.annotations) === undefined;
        if (both || neither)
          return `host "${name}" and path "${wanted}" is already defined in ingress ${one.metadata.namespace}/${one.metadata.name}`;
      }
      return undefined;
    }
  return undefined;
}
