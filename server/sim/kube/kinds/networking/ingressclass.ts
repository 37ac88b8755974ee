import { age, AGE, NAME, names, sameJson, type Column, type IngressClass, type Kind } from "../../api/index.ts";
import { validateIngressClass, validateIngressClassUpdate } from "./ingress-validation.ts";

const COLUMNS: readonly Column[] = [NAME, { name: "Controller" }, { name: "Parameters" }, AGE];

export const ingressClasses: Kind<IngressClass> = {
  group: "networking.k8s.io",
  version: "v1",
  kind: "IngressClass",
  plural: "ingressclasses",
  singular: "ingressclass",
  namespaced: false,
  columns: COLUMNS,
  cells: ({ metadata, spec }, now) => [
    metadata.name,
    spec.controller ?? "",
    parameters(spec.parameters),
    age(metadata.creationTimestamp, now),
  ],
  nameRule: names.forNames(names.subdomain),
  defaults({ spec }) {
    if (spec.parameters) spec.parameters.scope ??= "Cluster";
  },
  prepareCreate(ingressClass) {
    ingressClass.metadata.generation = 1;
  },
  prepareUpdate(ingressClass, old) {
    if (!sameJson(ingressClass.spec, old.spec)) ingressClass.metadata.generation = (old.metadata.generation ?? 0) + 1;
  },
  validate: validateIngressClass,
  validateUpdate: validateIngressClassUpdate,
};

function parameters(reference: IngressClass["spec"]["parameters"]): string {
  if (!reference) return "<none>";
  const { kind, apiGroup, name } = reference;
  return `${kind}${apiGroup ? `.${apiGroup}` : ""}/${name}`;
}
