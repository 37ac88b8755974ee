import type { Cel } from "../../cel/index.ts";
import type { AnyKind } from "../../kind.ts";
import { matchesLabels, validSelector } from "../../selectors/labels.ts";
import type { ValidatingAdmissionPolicy, ValidatingAdmissionPolicyBinding } from "../../types/admissionregistration.ts";
import type { KubeObject } from "../../types/meta.ts";
import { paramsValue } from "../expressions.ts";
import type { Attributes } from "../plugin.ts";

type Params =
  | { readonly values: readonly Cel[] }
  /** `ofPolicy`: its paramKind is wrong, whatever the binding says. */
  | { readonly error: string; readonly ofPolicy: boolean };

/** The objects that a binding hands to a policy: the policy judges once with each (policy/generic CollectParams). */
export function paramsFor(
  { spec: { paramKind } }: ValidatingAdmissionPolicy,
  { spec: { paramRef } }: ValidatingAdmissionPolicyBinding,
  { context }: Attributes,
): Params {
  if (!paramKind) return { values: [null] };
  const { apiVersion = "", kind: name = "" } = paramKind;
  const [version = "", group = ""] = apiVersion.split("/").reverse();
  const kind = context.registry.kinds.find(
    (one) => one.group === group && one.version === version && one.kind === name,
  );
  if (!kind)
    return {
      ofPolicy: true,
      error: `failed to find resource referenced by paramKind: '${group === "" ? version : `${group}/${version}`}, Kind=${name}'`,
    };
  if (!paramRef) return { values: [null] };
  const wrong = (error: string): Params => ({ error, ofPolicy: false });
  if (!kind.namespaced && paramRef.namespace)
    return wrong("paramRef.namespace must not be provided for a cluster-scoped `paramKind`");
  const namespace = kind.namespaced ? paramRef.namespace || context.namespace : "";
  if (kind.namespaced && namespace === "")
    return wrong("cannot use namespaced paramRef in policy binding that matches cluster-scoped resources");
  const found = referenced(kind, namespace, paramRef, context.store);
  if (found.length === 0 && paramRef.parameterNotFoundAction === "Deny")
    return wrong("no params found for policy binding with `Deny` parameterNotFoundAction");
  return { values: found.map((object) => paramsValue(kind, object)) };
}

function referenced(
  kind: AnyKind,
  namespace: string,
  { name, selector }: NonNullable<ValidatingAdmissionPolicyBinding["spec"]["paramRef"]>,
  store: Attributes["context"]["store"],
): readonly KubeObject[] {
  const stored = kind.storedAs?.kind ?? kind;
  const shown = (object: KubeObject): KubeObject => kind.storedAs?.fromStored(object) ?? object;
  if (name) {
    const object = store.get(stored, namespace, name);
    return object ? [shown(object)] : [];
  }
  const parsed = validSelector(selector);
  return store
    .list(stored, namespace)
    .filter(({ metadata }) => matchesLabels(parsed, metadata.labels))
    .map(shown);
}
