import type { Ingress, IngressClass } from "../../api/index.ts";
import type { Options } from "./options.ts";

export const CLASS_ANNOTATION = "kubernetes.io/ingress.class";

/** Which class an Ingress is served under, or why it is not this controller's (store.go GetIngressClass). */
export function classOf(
  { metadata, spec }: Ingress,
  { text, flags }: Options,
  classes: (name: string) => IngressClass | undefined,
  classesAllowed: boolean,
): { readonly name: string } | { readonly error: string } {
  const annotation = metadata.annotations?.[CLASS_ANNOTATION];
  if (annotation !== undefined && spec.ingressClassName === undefined)
    return annotation === text["ingress-class"]
      ? { name: annotation }
      : { error: "ingress class annotation is not equal to the expected by Ingress Controller" };
  if (spec.ingressClassName !== undefined && classesAllowed) {
    const found = classes(spec.ingressClassName);
    if (!found || !isOurs(found, text["controller-class"]))
      return { error: 'no object matching key "' + spec.ingressClassName + '" in local store' };
    return { name: spec.ingressClassName };
  }
  if (flags["watch-ingress-without-class"]) return { name: "" };
  return { error: "ingress does not contain a valid IngressClass" };
}

/** Classes of other controllers are not kept at all. */
export function isOurs({ spec }: IngressClass, controller: string): boolean {
  return spec.controller === controller;
}
