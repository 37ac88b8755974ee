import { parseCondition, type Condition } from "./condition.ts";
import type { ConfWarning } from "./checks.ts";
import { Checks } from "./checks.ts";
import { ConfError } from "./conf-error.ts";
import type { ConfSource, ConfWorld } from "./conf-source.ts";
import { buildOf } from "./build.ts";
import { parseGeo, type GeoMap } from "./geo.ts";
import { parseListen, type Listen } from "./listen.ts";
import { parseLocation, type LocationMatch } from "./location-match.ts";
import { parseMap, type VariableMap } from "./map.ts";
import { parseConf, type ConfNode } from "./parse.ts";
import { compilePattern, type Pattern } from "./pattern.ts";
import { Scope } from "./scope.ts";
import { compileServerName, type ServerName } from "./server-name.ts";
import { readImports, type JsImports } from "./njs.ts";
import { parseSplit, type SplitClients } from "./split-clients.ts";
import { loadCertificates } from "./ssl.ts";
import type { Template } from "./template.ts";
import { parsePeers, type Upstream } from "./upstream.ts";

/** A configuration, ready to serve. Made from a `ConfSource`; never saved. */
export interface NginxConfig {
  readonly main: Scope;
  readonly http: Scope | undefined;
  readonly servers: readonly Server[];
  readonly upstreams: ReadonlyMap<string, Upstream>;
  readonly maps: ReadonlyMap<string, VariableMap>;
  readonly geos: ReadonlyMap<string, GeoMap>;
  readonly splits: ReadonlyMap<string, SplitClients>;
  /** What `http` imports of njs. */
  readonly js: JsImports;
  readonly formats: ReadonlyMap<string, LogFormat>;
  /** Variables that some `set` sets. */
  readonly setVariables: ReadonlySet<string>;
  readonly version: string;
  readonly prefix: string;
  readonly world: ConfWorld;
}

export interface LogFormat {
  readonly template: Template;
  readonly escape: "default" | "json" | "none";
}

export interface Server {
  readonly listens: readonly Listen[];
  readonly names: readonly ServerName[];
  /** The first of its names, which the log shows. */
  readonly name: string;
  readonly certificates: readonly string[];
  /** Its own block as a place where requests can be that match no location. */
  readonly place: Location;
}

/** A block that requests are served by: a location, an `if`, or the server's own. */
export interface Location {
  readonly scope: Scope;
  readonly match: LocationMatch | undefined;
  readonly steps: readonly Step[];
  readonly locations: readonly Location[];
  /** `limit_except GET`: other methods are served by this block. */
  readonly limited: { readonly except: readonly string[]; readonly place: Location } | undefined;
}

type RewriteFlag = "last" | "break" | "redirect" | "permanent";

/** A directive of the rewrite module. */
export type Step =
  | { readonly do: "set"; readonly variable: string; readonly value: Template }
  | {
      readonly do: "rewrite";
      readonly pattern: Pattern;
      readonly to: Template;
      /** The replacement ends with `?`: the request's arguments are dropped. */
      readonly dropArgs: boolean;
      readonly flag: RewriteFlag | undefined;
    }
  | { readonly do: "return"; readonly code: number; readonly text: Template | undefined }
  | { readonly do: "set by lua"; readonly variable: string; readonly path: string }
  | { readonly do: "set escaped"; readonly variable: string; readonly value: Template }
  | { readonly do: "break" }
  | { readonly do: "if"; readonly condition: Condition; readonly inside: Location };

/** Reads a configuration. Throws `ConfError` and `NotSimulated`. */
export function loadConfig(
  world: ConfWorld,
  start: Pick<ConfSource, "path" | "prefix" | "global" | "version">,
  options: { readonly isRoot: boolean; readonly warn: ConfWarning },
): NginxConfig {
  const root = parseConf(world, start, new Checks(world, options.isRoot, options.warn, buildOf(start.version).modules));
  const main = new Scope(root, undefined);
  const block = main.own("http")[0];
  const http = block && new Scope(block, main);
  const servers = http ? http.own("server").map((node) => makeServer(node, http, world)) : [];
  warnOfConflicts(servers, options.warn);
  const upstreams = new Map(
    (http?.own("upstream") ?? []).map((node) => [node.args[0]!, makeUpstream(node, world)] as const),
  );
  return {
    main,
    http,
    servers,
    upstreams,
    maps: new Map((http?.own("map") ?? []).map((node) => [node.args[1]!.slice(1), parseMap(node)] as const)),
    geos: new Map((http?.own("geo") ?? []).map((node) => [node.args.at(-1)!.slice(1), parseGeo(node)] as const)),
    splits: new Map(
      (http?.own("split_clients") ?? []).map((node) => [node.args[1]!.slice(1), parseSplit(node)] as const),
    ),
    js: readImports(http, world),
    formats: logFormats(http),
    setVariables: new Set(http ? setVariables(http.node) : []),
    version: buildOf(start.version).version,
    prefix: start.prefix,
    world,
  };
}

function makeServer(node: ConfNode, http: Scope, world: ConfWorld): Server {
  const scope = new Scope(node, http);
  const listens = scope.own("listen").flatMap((listen) => parseListen(listen, world));
  const names = scope.own("server_name").flatMap(({ args }) => args);
  const standard: Listen = {
    address: "0.0.0.0",
    port: 80,
    text: "0.0.0.0:80",
    wildcard: true,
    isDefault: false,
    ssl: false,
    v6only: true,
    backlog: 511,
    options: false,
  };
  return {
    listens: listens.length > 0 ? listens : [standard],
    names: (names.length > 0 ? names : [""]).map((name) => compileServerName(name)),
    name: names[0] ?? "",
    certificates: loadCertificates(node, world),
    place: makeLocation(scope, undefined),
  };
}

function makeLocation(scope: Scope, match: LocationMatch | undefined): Location {
  const limit = scope.own("limit_except")[0];
  return {
    scope,
    match,
    steps: scope.node.children.flatMap((node) => makeStep(node, scope)),
    locations: scope.own("location").map((node) => {
      const inner = parseLocation(node);
      return makeLocation(new Scope(node, scope, inner), inner);
    }),
    limited: limit && {
      except: limit.args.flatMap((word) => (word.toUpperCase() === "GET" ? ["GET", "HEAD"] : [word.toUpperCase()])),
      place: makeLocation(new Scope(limit, scope), undefined),
    },
  };
}

function makeStep(node: ConfNode, scope: Scope): Step[] {
  const { name, args } = node;
  if (name === "break") return [{ do: "break" }];
  if (name === "set") return [{ do: "set", variable: args[0]!.slice(1), value: scope.template(args[1]!) }];
  if (name === "set_by_lua_file") return [{ do: "set by lua", variable: args[0]!.slice(1), path: args[1]! }];
  if (name === "set_escape_uri")
    return [{ do: "set escaped", variable: args[0]!.slice(1), value: scope.template(args.at(-1)!) }];
  if (name === "if")
    return [{ do: "if", condition: parseCondition(node), inside: makeLocation(new Scope(node, scope), undefined) }];
  if (name === "return") {
    const code = /^\d+$/.test(args[0]!) ? Number(args[0]) : undefined;
    const given = code === undefined ? args[0] : args[1];
    // An empty text beside an error is none (ngx_http_script_return_code).
    const text = given === "" && code !== undefined && code >= 400 ? undefined : given;
    return [{ do: "return", code: code ?? 302, text: text === undefined ? undefined : scope.template(text) }];
  }
  if (name !== "rewrite") return [];
  const [from, replacement, given] = args as [string, string, RewriteFlag?];
  const dropArgs = replacement.endsWith("?");
  const absolute = /^(?:https?:\/\/|\$scheme)/.test(replacement);
  return [
    {
      do: "rewrite",
      pattern: compilePattern(from, false) as Pattern,
      to: scope.template(dropArgs ? replacement.slice(0, -1) : replacement),
      dropArgs,
      flag: absolute && given !== "permanent" ? "redirect" : given,
    },
  ];
}

function makeUpstream(node: ConfNode, world: ConfWorld): Upstream {
  const has = (name: string): boolean => node.children.some((child) => child.name === name);
  return {
    name: node.args[0]!,
    peers: node.children.filter((child) => child.name === "server").flatMap((server) => parsePeers(server, world)),
    ...balancer(node),
    method: has("ip_hash") ? "ip_hash" : has("least_conn") ? "least_conn" : has("random") ? "random" : "round robin",
  };
}

function balancer(node: ConfNode): Pick<Upstream, "balancer"> {
  const path = node.children.find((child) => child.name === "balancer_by_lua_file")?.args[0];
  return path === undefined ? {} : { balancer: path };
}

function setVariables(node: ConfNode): string[] {
  const own = node.children
    .filter(({ name }) => /^(?:set(?:_by_lua_file|_escape_uri)?|auth_request_set)$/.test(name))
    .map(({ args }) => args[0]!.slice(1));
  return [...own, ...node.children.flatMap((child) => setVariables(child))];
}

const COMBINED =
  '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent"';

function logFormats(http: Scope | undefined): Map<string, LogFormat> {
  const formats = new Map<string, LogFormat>();
  if (!http) return formats;
  formats.set("combined", { template: http.template(COMBINED), escape: "default" });
  for (const { args } of http.own("log_format")) {
    const [name, first, ...rest] = args as [string, string, ...string[]];
    const escape = first.startsWith("escape=") ? (first.slice(7) as LogFormat["escape"]) : undefined;
    const text = [...(escape === undefined ? [first] : []), ...rest].join("");
    formats.set(name, { template: http.template(text), escape: escape ?? "default" });
  }
  return formats;
}

/** ngx_http_server_names: of two servers with one name on one address, the first has it. */
function warnOfConflicts(servers: readonly Server[], warn: ConfWarning): void {
  const taken = new Map<string, Set<string>>();
  for (const server of servers)
    for (const { text } of server.listens) {
      const names = taken.get(text) ?? new Set();
      taken.set(text, names);
      const several = servers.filter((other) => other.listens.some((listen) => listen.text === text)).length > 1;
      for (const { source, kind } of several ? server.names : []) {
        if (kind === "invalid") throw new ConfError(`invalid server name or wildcard "${source}" on ${text}`);
        if (kind !== "regex" && names.has(source)) warn(`conflicting server name "${source}" on ${text}, ignored`);
        names.add(source);
      }
    }
}
