import { errors, forbiddenText, type ApiServer, type Status, type UserInfo } from "../api/index.ts";

/** The headers of a request by which somebody acts as another, as they came: names in any case, values in order. */
export interface ImpersonationHeaders {
  readonly user?: string;
  readonly uid?: string;
  readonly groups?: readonly string[];
  /** By key, without `Impersonate-Extra-`: lower case, percent-decoded. */
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

const AUTHENTICATED = "system:authenticated";
const UNAUTHENTICATED = "system:unauthenticated";
const ACCOUNT = /^system:serviceaccount:([^:]+):([^:]+)$/;

/** Reads the headers of an HTTP request; undefined if there are none of impersonation. */
export function impersonationHeaders(
  headers: Iterable<readonly [name: string, value: string]>,
): ImpersonationHeaders | undefined {
  let user: string | undefined;
  let uid: string | undefined;
  const groups: string[] = [];
  const extra: Record<string, string[]> = {};
  for (const [name, value] of headers) {
    const key = name.toLowerCase();
    if (key === "impersonate-user") user ??= value;
    else if (key === "impersonate-uid") uid ??= value;
    else if (key === "impersonate-group") groups.push(value);
    else if (key.startsWith("impersonate-extra-"))
      (extra[unescape(key.slice("impersonate-extra-".length))] ??= []).push(value);
  }
  if (user === undefined && uid === undefined && groups.length === 0 && Object.keys(extra).length === 0)
    return undefined;
  return { ...(user === undefined ? {} : { user }), ...(uid === undefined ? {} : { uid }), groups, extra };
}

/**
 * Whom a user acts as (apiserver/pkg/endpoints/filters/impersonation.go): the verb `impersonate` is needed on each of
 * the name, the groups, the uid and the extra values. A Status if that is refused.
 */
export function impersonated(
  api: ApiServer,
  user: UserInfo,
  headers: ImpersonationHeaders | undefined,
): UserInfo | Status {
  if (!headers) return user;
  const { user: name = "", uid = "", groups: asked = [], extra = {} } = headers;
  const values = Object.entries(extra).flatMap(([key, list]) => list.map((value) => [key, value] as const));
  if (name === "") {
    if (asked.length + values.length === 0 && uid === "") return user;
    return errors.internalError(`requested ${shown(headers)} without impersonating a user name`).status;
  }
  const account = ACCOUNT.exec(name);
  const target = account
    ? {
        group: "",
        version: "v1",
        resource: "serviceaccounts",
        subresource: "",
        namespace: account[1]!,
        name: account[2]!,
      }
    : { group: "", version: "v1", resource: "users", subresource: "", namespace: "", name };
  const part = (group: string, resource: string, value: string, subresource = ""): typeof target => ({
    group,
    version: "v1",
    resource,
    subresource,
    namespace: "",
    name: value,
  });
  const targets = [
    target,
    ...asked.map((group) => part("", "groups", group)),
    ...values.map(([key, value]) => part("authentication.k8s.io", "userextras", value, key)),
    ...(uid === "" ? [] : [part("authentication.k8s.io", "uids", uid)]),
  ];
  for (const one of targets) {
    const refused = check(api, user, one);
    if (refused) return refused;
  }
  const groups =
    account && asked.length === 0 ? ["system:serviceaccounts", `system:serviceaccounts:${account[1]!}`] : [...asked];
  const added = name === "system:anonymous" ? UNAUTHENTICATED : AUTHENTICATED;
  if (!groups.includes(UNAUTHENTICATED) && !groups.includes(added)) groups.push(added);
  return { name, groups, ...(uid === "" ? {} : { uid }), ...(values.length > 0 ? { extra } : {}) };
}

function check(
  api: ApiServer,
  user: UserInfo,
  target: {
    readonly group: string;
    readonly version: string;
    readonly resource: string;
    readonly subresource: string;
    readonly namespace: string;
    readonly name: string;
  },
): Status | undefined {
  const attributes = { user, verb: "impersonate", ...target };
  const decision = api.authorize(attributes);
  if (decision.allowed) return undefined;
  const { group, resource, name } = target;
  return errors.forbidden({ group, resource }, name, forbiddenText(attributes, decision.reason)).status;
}

/** `%v` of the list of what was asked for: ObjectReferences. */
function shown({ groups = [], uid = "", extra = {} }: ImpersonationHeaders): string {
  const reference = (kind: string, name: string, version = "", path = ""): string =>
    `{${[kind, "", name, "", version, "", path].join(" ")}}`;
  const list = [
    ...groups.map((group) => reference("Group", group)),
    ...Object.entries(extra).flatMap(([key, values]) =>
      values.map((value) => reference("UserExtra", value, "authentication.k8s.io/v1", key)),
    ),
    ...(uid === "" ? [] : [reference("UID", uid, "authentication.k8s.io/v1")]),
  ];
  return `[${list.join(" ")}]`;
}

function unescape(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch {
    return key;
  }
}
