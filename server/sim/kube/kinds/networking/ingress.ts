import {
  age, AGE, NAME, names, sameJson, type Cell, type Column, type Draft, type Ingress, type Kind,
} from "../../api/index.ts"; // prettier-ignore
import {
  CLASS_ANNOTATION,
  validateIngress,
  validateIngressStatus,
  validateIngressUpdate,
} from "./ingress-validation.ts";

const COLUMNS: readonly Column[] = [
  NAME,
  { name: "Class" },
  { name: "Hosts" },
  { name: "Address" },
  { name: "Ports" },
  AGE,
];
const SHOWN = 3;

export const ingresses: Kind<Ingress> = {
  group: "networking.k8s.io",
  version: "v1",
  kind: "Ingress",
  plural: "ingresses",
  singular: "ingress",
  shortNames: ["ing"],
  namespaced: true,
  registryPath: "/registry/ingress",
  columns: COLUMNS,
  cells: ({ metadata, spec, status }, now): readonly Cell[] => [
    metadata.name,
    spec.ingressClassName ?? "<none>",
    hosts(spec),
    addresses(status),
    spec.tls?.length ? "80, 443" : "80",
    age(metadata.creationTimestamp, now),
  ],
  nameRule: names.forNames(names.subdomain),
  prepareCreate(ingress) {
    ingress.status = { loadBalancer: {} };
    ingress.metadata.generation = 1;
  },
  prepareUpdate(ingress, old) {
    ingress.status = old.status as Draft<Ingress["status"]>;
    if (!sameJson(ingress.spec, old.spec)) ingress.metadata.generation = (old.metadata.generation ?? 0) + 1;
  },
  validate: validateIngress,
  validateUpdate: validateIngressUpdate,
  warnings: ({ metadata, spec }, old) =>
    !old && metadata.annotations?.[CLASS_ANNOTATION] !== undefined && spec.ingressClassName === undefined
      ? [`annotation "${CLASS_ANNOTATION}" is deprecated, please use 'spec.ingressClassName' instead`]
      : [],
  subresources: {
    status: {
      type: "part",
      verbs: ["get", "patch", "update"],
      prepareUpdate(ingress, old) {
        ingress.spec = old.spec as Draft<Ingress["spec"]>;
      },
      validateUpdate: validateIngressStatus,
    },
  },
};

function hosts({ rules = [] }: Ingress["spec"]): string {
  const named = rules.flatMap(({ host }) => (host ? [host] : []));
  if (named.length === 0) return "*";
  const shown = named.slice(0, SHOWN).join(",");
  return named.length > SHOWN ? `${shown} + ${rules.length - SHOWN} more...` : shown;
}

/** Addresses, each once and sorted (printers.go ingressLoadBalancerStatusStringer). */
function addresses({ loadBalancer }: Ingress["status"]): string {
  const all = (loadBalancer.ingress ?? []).flatMap(({ ip, hostname }) => (ip ? [ip] : hostname ? [hostname] : []));
  return [...new Set(all)].sort().join(",");
}
