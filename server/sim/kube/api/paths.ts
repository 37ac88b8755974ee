import type { ApiRequest, Query, Verb } from "./request.ts";

/** The part of a request that stands in its method and URL. */
export type Target = Pick<
  ApiRequest,
  "verb" | "path" | "group" | "version" | "resource" | "namespace" | "name" | "subresource" | "proxyPath" | "query"
>;

const METHODS: Record<string, Verb> = { POST: "create", PUT: "update", PATCH: "patch", DELETE: "delete" };

/** Parts of a namespace itself, so that `/namespaces/x/status` is not a resource called `status`. */
const NAMESPACE_PARTS = new Set(["status", "finalize"]);

/** What follows `/proxy` behind a name. */
const PROXY_PATH = /^\/api\/[^/]+\/(?:namespaces\/[^/]+\/)?[^/]+\/[^/]+\/proxy(\/.*)?$/;

/** Reads method and URL (`GET /api/v1/namespaces/x/pods?limit=500`) as the server does (apiserver requestinfo.go). */
export function parseTarget(method: string, url: string): Target {
  const mark = url.indexOf("?");
  const path = mark < 0 ? url : url.slice(0, mark);
  const query = parseQuery(mark < 0 ? "" : url.slice(mark + 1));
  const parts = path.split("/").filter((part) => part !== "");
  if (path.includes("%")) for (const [at, part] of parts.entries()) parts[at] = decodePart(part);
  const base = { path, group: "", version: "", resource: "", namespace: "", name: "", subresource: "", query };
  const verb = METHODS[method] ?? "get";
  const core = parts[0] === "api";
  if (!(core && parts.length > 2) && !(parts[0] === "apis" && parts.length > 3)) return { ...base, verb };

  const group = core ? "" : parts[1]!;
  const version = core ? parts[1]! : parts[2]!;
  let rest = parts.slice(core ? 2 : 3);
  const watched = rest[0] === "watch";
  if (watched) rest = rest.slice(1);
  let namespace = "";
  if (rest[0] === "namespaces" && rest.length > 1) {
    if (rest.length > 2 && !NAMESPACE_PARTS.has(rest[2]!)) {
      namespace = rest[1]!;
      rest = rest.slice(2);
    } else if (!core) rest = [];
  }
  const [resource = "", name = "", ...sub] = rest;
  if (core && name !== "" && sub[0] === "proxy") {
    const proxyPath = PROXY_PATH.exec(path)?.[1] ?? "";
    const target = { ...base, path: undefined, group, version, resource, namespace, name, subresource: "proxy" };
    return { ...target, proxyPath: proxyPath === "" ? "/" : proxyPath, verb };
  }
  const target = { ...base, path: undefined, group, version, resource, namespace, name, subresource: sub.join("/") };
  return { ...target, verb: resourceVerb(verb, name, watched, query) };
}

function resourceVerb(verb: Verb, name: string, watched: boolean, query: Query): Verb {
  if (verb === "get" && watched) return "watch";
  if (name !== "") return verb;
  if (verb === "get") return isTrue(query["watch"]?.[0]) ? "watch" : "list";
  return verb === "delete" ? "deletecollection" : verb;
}

function isTrue(value: string | undefined): boolean {
  return value !== undefined && value !== "false" && value !== "0";
}

/** Letters that mean themselves in a query: most need no decoding, which is slow. */
const PLAIN_QUERY = /^[\w.*&=/,:!()-]*$/;
const PLAIN_VALUE = /^[\w.*-]*$/;

function* plainPairs(text: string): Iterable<[string, string]> {
  for (const pair of text.split("&")) {
    const equals = pair.indexOf("=");
    if (pair !== "") yield equals < 0 ? [pair, ""] : [pair.slice(0, equals), pair.slice(equals + 1)];
  }
}

export function parseQuery(text: string): Query {
  if (text === "") return {};
  const query = new Map<string, string[]>();
  for (const [name, value] of PLAIN_QUERY.test(text) ? plainPairs(text) : new URLSearchParams(text)) {
    const values = query.get(name);
    if (values) values.push(value);
    else query.set(name, [value]);
  }
  return Object.fromEntries(query);
}

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** The path of a resource or of one object, as clients write it. */
export function resourcePath(
  target: Pick<ApiRequest, "group" | "version" | "resource"> &
    Partial<Pick<ApiRequest, "namespace" | "name" | "subresource">>,
): string {
  const { group, version, resource, namespace = "", name = "", subresource = "" } = target;
  const parts = [group === "" ? `/api/${version}` : `/apis/${group}/${version}`];
  if (namespace !== "") parts.push("namespaces", encodeURIComponent(namespace));
  parts.push(resource);
  if (name !== "") parts.push(encodeURIComponent(name));
  if (subresource !== "") parts.push(subresource);
  return parts.join("/");
}

/** A query as text, in the order given. */
export function queryText(query: Query): string {
  const pairs: string[] = [];
  for (const [name, values] of Object.entries(query))
    for (const value of values)
      pairs.push(
        PLAIN_VALUE.test(name) && PLAIN_VALUE.test(value)
          ? `${name}=${value}`
          : new URLSearchParams([[name, value]]).toString(),
      );
  return pairs.join("&");
}
