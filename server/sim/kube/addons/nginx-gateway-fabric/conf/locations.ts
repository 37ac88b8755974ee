import type { Filter, HeaderValue, PathChange, RouteMatch } from "../kinds.ts";
import { INTERNAL } from "../graph/mirrors.ts";
import { backendTarget, mirrorVariable } from "./split-clients.ts";
import type { MatchRule, PathRule, VirtualServer } from "./virtual-servers.ts";
import type { ConfWriter } from "./writer.ts";

/** The ways that requests can go from a location, in matches.json (servers.go routeMatch). */
export type MatchPairs = Record<string, readonly Record<string, unknown>[]>;

/** The locations of a server (servers.go createLocations). What has to be looked at beside the path is decided by njs. */
export function writeLocations(out: ConfWriter, server: VirtualServer, id: string, pairs: MatchPairs): void {
  for (const [at, rule] of server.paths.entries()) {
    const external = externalPaths(rule, server.paths);
    const [only] = rule.matches;
    if (rule.matches.length === 1 && isPathOnly(only!.match)) {
      for (const path of external)
        out.block(`location ${path}`, () => {
          const { mirrorPercent } = only!;
          if (mirrorPercent !== undefined) out.line("internal;", "");
          if (mirrorPercent !== undefined && mirrorPercent < 100)
            out.block(`if ($${mirrorVariable(rule.path, mirrorPercent)} = "")`, () => out.line("return 204;"));
          writeTarget(out, only!, rule, server.port, mirrorPercent !== undefined);
        });
      continue;
    }
    const key = `${id}_${at}`;
    for (const path of external)
      out.block(`location ${path}`, () => out.line(`set $match_key ${key};`, "js_content httpmatches.redirect;"));
    pairs[key] = rule.matches.map(({ match }, index) => pairOf(match, internalPath(at, index)));
    for (const [index, match] of rule.matches.entries())
      out.block(`location ${internalPath(at, index)}`, () => {
        out.line("internal;", "");
        writeTarget(out, match, rule, server.port, true);
      });
  }
  if (!server.paths.some(({ path }) => path === "/")) out.block("location /", () => out.line('return 404 "";'));
}

/** Of a match of a path rule, by their numbers. */
export function internalPath(rule: number, match: number): string {
  return `${INTERNAL}-rule${rule}-route${match}`;
}

/** `/coffee` as a prefix is `= /coffee` and `/coffee/`, unless another rule has these. */
export function externalPaths({ path, type }: PathRule, all: readonly PathRule[]): readonly string[] {
  if (type === "exact") return [`= ${path}`];
  if (path.endsWith("/")) return [path];
  const has = (other: string, kind: PathRule["type"]): boolean => all.some((one) => one.path === other && one.type === kind); // prettier-ignore
  return [...(has(`${path}/`, "prefix") ? [] : [`${path}/`]), ...(has(path, "exact") ? [] : [`= ${path}`])];
}

function isPathOnly({ method, headers = [], queryParams = [] }: RouteMatch): boolean {
  return method === undefined && headers.length === 0 && queryParams.length === 0;
}

function pairOf(match: RouteMatch, redirectPath: string): Record<string, unknown> {
  if (isPathOnly(match)) return { redirectPath, any: true };
  const { method, headers = [], queryParams = [] } = match;
  const first = headers.filter(({ name }, at) => headers.findIndex((one) => one.name.toLowerCase() === name.toLowerCase()) === at); // prettier-ignore
  return {
    ...(method === undefined ? {} : { method }),
    redirectPath,
    ...(first.length > 0 ? { headers: first.map(({ name, type = "Exact", value }) => `${name}:${type}:${value}`) } : {}), // prettier-ignore
    ...(queryParams.length > 0 ? { params: queryParams.map(({ name, type = "Exact", value }) => `${name}=${type}=${value}`) } : {}), // prettier-ignore
  };
}

/** What a location does with its requests (updateLocation). */
function writeTarget(out: ConfWriter, match: MatchRule, rule: PathRule, port: number, internal: boolean): void {
  const filter = <K extends keyof Filter>(field: K): Filter[K] | undefined => match.filters.find((one) => one[field] !== undefined)?.[field]; // prettier-ignore
  if (match.filters.some(({ type }) => type === "ExtensionRef")) return out.line('return 500 "";');
  const redirect = filter("requestRedirect");
  if (redirect) {
    const { hostname = "$host", scheme, path, statusCode = 302 } = redirect;
    if (path) out.line(`rewrite ${rewriteOf(path, rule)};`);
    const shown = scheme === undefined || (redirect.port !== undefined && redirect.port !== (scheme === "https" ? 443 : 80)); // prettier-ignore
    const target = `${scheme ?? "$scheme"}://${hostname}${shown ? `:${redirect.port ?? port}` : ""}`;
    return out.line(`return ${statusCode} "${target}${path ? "$uri$is_args$args" : "$request_uri"}";`);
  }
  const rewrite = filter("urlRewrite");
  if (rewrite?.path) {
    if (internal) out.line("rewrite ^ $request_uri;");
    out.line(`rewrite ${rewriteOf(rewrite.path, rule)} break;`, "");
  }
  for (const { path } of match.mirrors) out.line(`mirror ${path};`);
  out.line("proxy_http_version 1.1;");
  for (const { name, value } of requestHeaders(filter("requestHeaderModifier"), rewrite?.hostname))
    out.line(`proxy_set_header ${name} "${value}";`);
  out.line(`proxy_pass http://${backendTarget(match)}${rewrite?.path ? "" : "$request_uri"};`);
  const { add = [], set = [], remove = [] } = filter("responseHeaderModifier") ?? {};
  for (const { name, value } of add) out.line(`add_header ${name} "${value}" always;`);
  for (const { name, value } of set) out.line(`proxy_hide_header ${name};`, `add_header ${name} "${value}" always;`);
  for (const name of remove) out.line(`proxy_hide_header ${name};`);
}

/** An expression and what it becomes (createMainRewriteForFilters). */
function rewriteOf(change: PathChange, { path }: PathRule): string {
  if (change.type === "ReplaceFullPath") return `^ ${change.replaceFullPath ?? "/"}`;
  const prefix = change.replacePrefixMatch === undefined || change.replacePrefixMatch === "" ? "/" : change.replacePrefixMatch; // prettier-ignore
  const own = path.replaceAll("$", String.raw`\$`);
  if (prefix.endsWith("/") && !path.endsWith("/")) return `^${own}(?:/([^?]*))? ${prefix}$1?$args?`;
  if (path.endsWith("/") && !prefix.endsWith("/")) return `^${own}([^?]*)? ${prefix}/$1?$args?`;
  return `^${own}([^?]*)? ${prefix}$1?$args?`;
}

const BASE: readonly HeaderValue[] = [
  { name: "Host", value: "$gw_api_compliant_host" },
  { name: "X-Forwarded-For", value: "$proxy_add_x_forwarded_for" },
  { name: "Upgrade", value: "$http_upgrade" },
  { name: "Connection", value: "$connection_upgrade" },
  { name: "X-Real-IP", value: "$remote_addr" },
  { name: "X-Forwarded-Proto", value: "$scheme" },
  { name: "X-Forwarded-Host", value: "$host" },
  { name: "X-Forwarded-Port", value: "$server_port" },
];

/** A header without a value is not passed on. */
function requestHeaders(changes: Filter["requestHeaderModifier"], host: string | undefined): readonly HeaderValue[] {
  const base = BASE.map((header) => (header.name === "Host" && host !== undefined ? { ...header, value: host } : header)); // prettier-ignore
  const { add = [], set = [], remove = [] } = changes ?? {};
  const own = [
    ...add.map(({ name, value }) => ({ name, value: `\${${addedVariable(name)}}${value}` })),
    ...set,
    ...remove.map((name) => ({ name, value: "" })),
  ];
  return [...own, ...base.filter(({ name }) => !own.some((one) => one.name === name))];
}

/** What the client has sent under the name, with a comma behind it (maps.go). */
export function addedVariable(name: string): string {
  return `${name.toLowerCase().replaceAll("-", "_")}_header_var`;
}
