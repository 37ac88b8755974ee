import type { Draft } from "../types/meta.ts";
import type { Ingress, IngressClass } from "../types/networking.ts";
import { isAbout, type AdmissionPlugin } from "./plugin.ts";

const IS_DEFAULT = "ingressclass.kubernetes.io/is-default-class";
const OLD_ANNOTATION = "kubernetes.io/ingress.class";

/** An Ingress without a class gets the default one, the newest of several (plugin/pkg/admission/network/defaultingressclass). */
export const defaultIngressClass: AdmissionPlugin = {
  name: "DefaultIngressClass",
  operations: ["CREATE"],
  admit(attributes) {
    if (!isAbout(attributes, "networking.k8s.io", "ingresses")) return;
    const { metadata, spec } = attributes.object as Draft<Ingress>;
    if (spec.ingressClassName !== undefined || metadata.annotations?.[OLD_ANNOTATION] !== undefined) return;
    const { context } = attributes;
    const kind = context.find("networking.k8s.io", "ingressclasses");
    const all = kind ? (context.store.list(kind) as readonly IngressClass[]) : [];
    const [chosen] = all
      .filter((one) => one.metadata.annotations?.[IS_DEFAULT] === "true")
      .sort(({ metadata: a }, { metadata: b }) =>
        a.creationTimestamp === b.creationTimestamp
          ? a.name < b.name
            ? -1
            : 1
          : a.creationTimestamp > b.creationTimestamp
            ? -1
            : 1,
      );
    if (chosen) spec.ingressClassName = chosen.metadata.name;
  },
};
