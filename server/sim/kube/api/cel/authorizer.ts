import type { AccessAttributes } from "../access.ts";
import { CelError, isSpecial, type Authorizer, type Cel } from "./values.ts";

type Method = (target: Cel, ...args: readonly Cel[]) => Cel;

function authorizer(value: Cel): Authorizer {
  if (isSpecial(value) && value.is === "authorizer") return value;
  throw new CelError("no such overload");
}

function word(value: Cel | undefined): string {
  if (typeof value === "string") return value;
  throw new CelError("no such overload");
}

/** Says one thing more of what is asked. */
function asks(field: keyof AccessAttributes): Method {
  return (target, value) => ({ ...authorizer(target), about: { ...authorizer(target).about, [field]: word(value) } });
}

function decision(target: Cel): { readonly allowed: boolean; readonly reason?: string; readonly error?: string } {
  if (isSpecial(target) && target.is === "decision") return target.decision;
  throw new CelError("no such overload");
}

const NOTHING: Omit<AccessAttributes, "user" | "verb"> = { group: "", version: "*", resource: "", subresource: "", namespace: "", name: "" }; // prettier-ignore

/** `authorizer.group("apps").resource("deployments").namespace("x").check("create").allowed()` (apiserver/pkg/cel/library/authz.go). */
export const AUTHORIZER_METHODS: Readonly<Record<string, Method>> = {
  path: asks("path"),
  group: asks("group"),
  resource: asks("resource"),
  subresource: asks("subresource"),
  namespace: asks("namespace"),
  name: asks("name"),
  serviceAccount(target, namespace, name) {
    const user = `system:serviceaccount:${word(namespace)}:${word(name)}`;
    const groups = ["system:serviceaccounts", `system:serviceaccounts:${word(namespace)}`, "system:authenticated"];
    return { ...authorizer(target), user: { name: user, groups } };
  },
  check(target, verb) {
    const { ask, user, about } = authorizer(target);
    return { is: "decision", decision: ask({ ...NOTHING, ...about, user, verb: word(verb) }) };
  },
  allowed: (target) => decision(target).allowed,
  reason: (target) => decision(target).reason ?? "",
  errored: (target) => decision(target).error !== undefined,
  error: (target) => decision(target).error ?? "",
};
