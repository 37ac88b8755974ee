import { quote } from "./go-syntax.ts";
import type { PolicyRule, RoleRef } from "./types/rbac.ts";
import type { ApiRequest, UserInfo } from "./request.ts";

/** What an authorizer is asked: apiserver's authorizer.Attributes. With a path, nothing but path and verb count. */
export interface AccessAttributes {
  readonly user: UserInfo;
  readonly verb: string;
  readonly path?: string;
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
  /** `spec.nodeName=node01`, of lists and watches. */
  readonly fieldSelector?: string;
}

/** `reason` is what authorizers say of it, empty for most; `error` what went wrong while they looked. */
export interface Authorization {
  readonly allowed: boolean;
  readonly reason?: string;
  readonly error?: string;
}

/** Rules that somebody has, and what could not be found out. */
export interface ResolvedRules {
  readonly rules: readonly PolicyRule[];
  readonly errors: readonly string[];
}

/** Who a token belongs to, as TokenReview tells it. */
export type TokenVerdict =
  | { readonly user: UserInfo; readonly audiences: readonly string[] }
  | { readonly error?: string };

/** What reviews and the RBAC kinds ask of the running server besides whether something is allowed. */
export interface AccessControl {
  /** RBAC's rules of a user in a namespace, whatever the authorization modes are: for escalation checks. */
  rulesFor(user: UserInfo, namespace: string): ResolvedRules;
  /** The rules of a role; undefined if there is none of that name. */
  rulesOf(role: RoleRef, namespace: string): readonly PolicyRule[] | undefined;
  /** The rules of all authorizers (SelfSubjectRulesReview). */
  reviewRules(user: UserInfo, namespace: string): ResolvedRules & { readonly incomplete: boolean };
  reviewToken(token: string, audiences: readonly string[]): TokenVerdict;
}

/** Methods of paths that are no resources are verbs by themselves (apiserver requestinfo.go). */
const PATH_VERBS: Readonly<Record<string, string>> = { create: "post", update: "put" };

export function attributesOf(request: ApiRequest): AccessAttributes {
  const { user, verb, path, group, version, resource, subresource, namespace, name } = request;
  if (path !== undefined)
    return { user, verb: PATH_VERBS[verb] ?? verb, path, group, version, resource, subresource, namespace, name };
  // A namespace is in itself: RoleBindings of a namespace can let somebody read it.
  const inside = group === "" && resource === "namespaces" && name !== "" ? name : namespace;
  const selector = verb === "list" || verb === "watch" ? request.query["fieldSelector"]?.[0] : undefined;
  const attributes = { user, verb, group, version, resource, subresource, namespace: inside, name };
  return selector === undefined ? attributes : { ...attributes, name: selectedName(selector), fieldSelector: selector };
}

/** A list or watch of one object by field selector counts as one of that name. */
function selectedName(selector: string): string {
  return /(?:^|,)metadata\.name==?([^,/%]+)(?:,|$)/.exec(selector)?.[1] ?? "";
}

/** Why a request is forbidden (apiserver endpoints/handlers/responsewriters/errors.go). */
export function forbiddenText(attributes: AccessAttributes, reason = ""): string {
  const text = refusal(attributes).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  return reason === "" ? text : `${text}: ${reason}`;
}

function refusal({ user, verb, path, resource, subresource, group, namespace }: AccessAttributes): string {
  const who = `User ${quote(user.name)} cannot ${verb}`;
  if (path !== undefined) return `${who} path ${quote(path)}`;
  const what = `${who} resource ${quote(subresource === "" ? resource : `${resource}/${subresource}`)} in API group ${quote(group)}`;
  return namespace === "" ? `${what} at the cluster scope` : `${what} in the namespace ${quote(namespace)}`;
}
