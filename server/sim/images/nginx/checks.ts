import { parseCondition } from "./condition.ts";
import { ConfError, NotSimulated, positionText, type ConfPosition } from "./conf-error.ts";
import type { ConfWorld } from "./conf-source.ts";
import { Listens, parseListen } from "./listen.ts";
import { checkNesting, parseLocation } from "./location-match.ts";
import { LUA_PATHS } from "../ingress-nginx/lua/paths.ts";
import { parseCidr } from "./cidr.ts";
import { checkImport, readPreload } from "./njs.ts";
import { checkShare } from "./split-clients.ts";
import type { ConfChecks, ConfNode } from "./parse.ts";
import { compilePattern } from "./pattern.ts";
import { compileTemplate } from "./template.ts";
import { loadCertificates, PREFIX, requireCertificate } from "./ssl.ts";
import { parsePeers } from "./upstream.ts";
import { checkSlot, once, parseSize, parseTime } from "./values.ts";
import { isBuiltin, isChangeable } from "./variable-names.ts";

/** What nginx says while it reads, without being stopped by it. */
export type ConfWarning = (message: string) => void;

/** Checks directives one by one as nginx' modules do, in the order of the file. */
export class Checks implements ConfChecks {
  readonly world: ConfWorld;
  readonly warn: ConfWarning;
  readonly isRoot: boolean;
  readonly modules: ReadonlySet<string>;
  readonly #listens = new Listens();
  readonly #formats = new Set(["combined"]);
  readonly #upstreams = new Set<string>();
  readonly #passed: { host: string; port: string; at: ConfPosition }[] = [];
  /** Variables that the configuration defines, and those that it uses. */
  readonly defined = new Set<string>();
  readonly used = new Set<string>();
  readonly #zones = new Set<string>();
  readonly #usedZones = new Set<string>();
  readonly #types = new Map<ConfNode, Map<string, string>>();

  constructor(world: ConfWorld, isRoot: boolean, warn: ConfWarning, modules: ReadonlySet<string>) {
    this.world = world;
    this.isRoot = isRoot;
    this.modules = modules;
    this.warn = warn;
  }

  read(node: ConfNode): void {
    checkSlot(node);
    if (TEMPLATES.has(node.name)) for (const arg of node.args) this.#template(arg, node);
    READ[node.name]?.(this, node);
  }

  closed(node: ConfNode): void {
    if (node.name === "upstream" && !node.children.some((child) => child.name === "server"))
      throw new ConfError("no servers are inside upstream", node.at);
    if (node.name === "http") this.#finish(node);
  }

  /** What modules check once they have seen all of `http`, in the order of ngx_http_block. */
  #finish(http: ConfNode): void {
    for (const { host, at } of this.#passed)
      if (!this.#upstreams.has(host) && this.world.name(host).length === 0)
        throw new ConfError(`host not found in upstream "${host}"`, at);
    const servers = http.children.filter((child) => child.name === "server");
    for (const server of servers) loadCertificates(server, this.world);
    for (const server of servers) checkLocations(server);
    for (const server of servers) requireCertificate(server, this.world);
    for (const name of this.#usedZones)
      if (!this.#zones.has(name)) throw new ConfError(`zero size shared memory zone "${name}"`);
    for (const name of this.used)
      if (!this.defined.has(name) && !isBuiltin(name)) throw new ConfError(`unknown "${name}" variable`);
  }

  entry(node: ConfNode, words: readonly string[], at: ConfPosition): void {
    if (node.name === "map") return this.#mapEntry(words, at);
    if (node.name === "geo") return;
    if (node.name === "split_clients") return checkShare(node, words, at);
    const seen = this.#types.get(node) ?? new Map<string, string>();
    this.#types.set(node, seen);
    const [type, ...extensions] = words as [string, ...string[]];
    for (const extension of extensions) {
      const before = seen.get(extension);
      if (before !== undefined)
        this.warn(
          `duplicate extension "${extension}", content type: "${type}", previous content type: "${before}" in ${at.file}:${at.line}`,
        );
      else seen.set(extension, type);
    }
  }

  #mapEntry(words: readonly string[], at: ConfPosition): void {
    if (words.length === 1 && (words[0] === "hostnames" || words[0] === "volatile")) return;
    if (words.length !== 2) throw new ConfError("invalid number of the map parameters", at);
    if (words[0]!.startsWith("~")) {
      const caseless = words[0]!.startsWith("~*");
      const pattern = compilePattern(words[0]!.slice(caseless ? 2 : 1), caseless);
      if (typeof pattern === "string") throw new ConfError(pattern, at);
      for (const [name] of pattern.names) this.defined.add(name);
    }
    this.#uses(words[1]!, at);
  }

  #template(text: string, node: ConfNode): void {
    this.#uses(text, node.at);
  }

  #uses(text: string, at: ConfPosition): void {
    const template = compileTemplate(text);
    if ("error" in template) throw new ConfError(template.error, at);
    for (const part of template.parts) if (typeof part !== "string" && "variable" in part) this.used.add(part.variable);
  }

  defineZone(name: string): void {
    this.#zones.add(name);
  }

  useZone(name: string): void {
    this.#usedZones.add(name);
  }

  useVariable(name: string): void {
    this.used.add(name);
  }

  /** ingress-nginx' build lets `set $proxy_host` be (patch nginx-1.25.3-proxy_host_port_vars). */
  mayChange(name: string): boolean {
    return this.modules.has("lua") && (name === "proxy_host" || name === "proxy_port");
  }

  define(name: string): void {
    this.defined.add(name);
  }

  listen(node: ConfNode): void {
    for (const listen of parseListen(node, this.world)) this.#listens.add(listen, node.parent!, node);
  }

  format(name: string, node: ConfNode): void {
    if (!this.#formats.has(name)) throw new ConfError(`unknown log format "${name}"`, node.at);
  }

  defineFormat(node: ConfNode): void {
    const [name] = node.args as [string];
    if (this.#formats.has(name)) throw new ConfError(`duplicate "log_format" name "${name}"`, node.at);
    this.#formats.add(name);
  }

  upstream(node: ConfNode): void {
    const [name] = node.args as [string];
    if (this.#upstreams.has(name)) throw new ConfError(`duplicate upstream "${name}"`, node.at);
    const before = this.#passed.find(({ host, port }) => host === name && port !== "");
    if (before)
      throw new ConfError(`upstream "${name}" may not have port ${before.port} in ${positionText(before.at)}`);
    this.#upstreams.add(name);
  }

  /** `proxy_pass http://target`: an upstream, perhaps of later, or a host whose name is looked up in the end. */
  passTo(target: string, at: ConfPosition): void {
    const ends = /^(\[[^\]]*\]|[^:]*)(?::(.*))?$/.exec(target);
    const [host, port] = [ends?.[1] ?? "", ends?.[2] ?? ""];
    const fail = (why: string): never => {
      throw new ConfError(`${why} in upstream "${target}"`, at);
    };
    if (!ends) fail("invalid host");
    if (host === "") fail("no host");
    if (ends![2] !== undefined && !(/^\d+$/.test(port) && Number(port) >= 1 && Number(port) <= 65_535))
      fail("invalid port");
    if (port !== "" && this.#upstreams.has(host))
      throw new ConfError(`upstream "${host}" may not have port ${port}`, at);
    this.#passed.push({ host: host.replace(/^\[|\]$/g, ""), port, at });
  }
}

/** ngx_http_join_exact_locations: two of the same name and kind in one block. */
function checkLocations(block: ConfNode): void {
  const seen = new Set<string>();
  for (const node of block.children) {
    if (node.name !== "location") continue;
    const match = parseLocation(node);
    const key = `${match.kind} ${match.name}`;
    if ((match.kind === "exact" || match.kind === "prefix") && seen.has(key))
      throw new ConfError(`duplicate location "${match.name}"`, node.at);
    seen.add(key);
  }
  for (const node of block.children) if (node.name === "location") checkLocations(node);
}

/** Directives whose arguments may hold variables. */
const TEMPLATES = new Set([
  "root", "alias", "return", "try_files", "add_header", "error_page", "access_log", "proxy_pass", "proxy_set_header",
  "proxy_set_body", "proxy_method", "auth_basic", "auth_basic_user_file", "expires", "charset", "index", "set",
  "auth_request_set",
]); // prettier-ignore

const READ: Readonly<Record<string, (checks: Checks, node: ConfNode) => void>> = {
  http: (_, node) => once(node),
  events: (_, node) => once(node),
  user: readUser,
  load_module(checks, { args, at }) {
    const path = args[0]!.startsWith("/") ? args[0]! : `${PREFIX}/${args[0]!}`;
    const found = checks.world.file(path);
    if ("text" in found && checks.modules.has("njs") && path.endsWith("/ngx_http_js_module.so")) return;
    if ("text" in found) throw new NotSimulated(`directive "load_module ${args[0]!}"`);
    const why = `${path}: cannot open shared object file: No such file or directory`;
    throw new ConfError(`dlopen() "${path}" failed (${why})`, at);
  },
  worker_processes(_, node) {
    once(node);
    if (node.args[0] !== "auto" && !/^\d+$/.test(node.args[0]!))
      throw new ConfError('"worker_processes" directive invalid value', node.at);
  },
  worker_connections(_, node) {
    once(node);
    if (!/^\d+$/.test(node.args[0]!)) throw new ConfError(`invalid number "${node.args[0]!}"`, node.at);
  },
  error_log(_, { args, at }) {
    if (/^(?:syslog|memory):/.test(args[0]!)) throw new NotSimulated(`directive "error_log ${args[0]!}"`);
    for (const level of args.slice(1))
      if (!/^(?:debug|info|notice|warn|error|crit|alert|emerg)$/.test(level))
        throw new ConfError(`invalid log level "${level}"`, at);
  },
  root: checkRoot,
  alias: checkRoot,
  location(checks, node) {
    const match = parseLocation(node);
    if (match.kind === "regex") for (const [name] of match.pattern.names) checks.define(name);
    if (node.parent!.name === "location") checkNesting(node, match, parseLocation(node.parent!));
  },
  listen: (checks, node) => checks.listen(node),
  server_name(checks, { args, at }) {
    for (const name of args) {
      if (!name.startsWith("~")) continue;
      const pattern = compilePattern(name.slice(1), true);
      if (typeof pattern === "string") throw new ConfError(pattern, at);
      for (const [variable] of pattern.names) checks.define(variable);
    }
  },
  server_tokens(_, node) {
    once(node);
    if (!/^(?:on|off|build)$/.test(node.args[0]!)) throw new ConfError(`invalid value "${node.args[0]!}"`, node.at);
  },
  try_files(_, node) {
    once(node);
    const last = node.args.at(-1)!;
    if (last.startsWith("=") && !(Number(last.slice(1)) <= 999))
      throw new ConfError(`invalid code "${last.slice(1)}"`, node.at);
  },
  return(_, { args, at }) {
    const [code] = args as [string];
    if (args.length === 1 && /^(?:https?:\/\/|\$scheme)/.test(code)) return;
    if (!/^\d+$/.test(code) || Number(code) > 999) throw new ConfError(`invalid return code "${code}"`, at);
  },
  rewrite(checks, { args, at }) {
    const pattern = compilePattern(args[0]!, false);
    if (typeof pattern === "string") throw new ConfError(pattern, at);
    for (const [name] of pattern.names) checks.define(name);
    const template = compileTemplate(args[1]!);
    if ("error" in template) throw new ConfError(template.error, at);
    for (const part of template.parts)
      if (typeof part !== "string" && "variable" in part) checks.useVariable(part.variable);
    const flag = args[2];
    if (flag !== undefined && !/^(?:last|break|redirect|permanent)$/.test(flag))
      throw new ConfError(`invalid parameter "${flag}"`, at);
  },
  set(checks, { args, at }) {
    const [name] = args as [string];
    if (!name.startsWith("$")) throw new ConfError(`invalid variable name "${name}"`, at);
    const variable = name.slice(1);
    if (isBuiltin(variable) && !isChangeable(variable) && !checks.mayChange(variable))
      throw new ConfError(`the duplicate "${variable}" variable`, at);
    checks.define(variable);
  },
  if(checks, node) {
    const condition = parseCondition(node);
    if (condition.test !== "file") checks.useVariable(condition.variable);
    if (condition.test === "match") for (const [name] of condition.pattern.names) checks.define(name);
  },
  error_page(_, { args, at }) {
    const codes = args.slice(0, args.at(-2)!.startsWith("=") && args.length > 2 ? -2 : -1);
    for (const code of codes) {
      if (!/^\d+$/.test(code)) throw new ConfError(`invalid value "${code}"`, at);
      if (code === "499") throw new ConfError('invalid value "499"', at);
      if (Number(code) < 300 || Number(code) > 599)
        throw new ConfError(`value "${code}" must be between 300 and 599`, at);
    }
    const response = codes.length < args.length - 1 ? args.at(-2)!.slice(1) : "";
    if (!/^\d*$/.test(response)) throw new ConfError(`invalid value "=${response}"`, at);
  },
  add_header(_, { args, at }) {
    if (args.length === 3 && args[2] !== "always") throw new ConfError(`invalid parameter "${args[2]!}"`, at);
  },
  expires(_, node) {
    once(node);
    const [first, second] = node.args as [string, string?];
    if (first === "modified" || first.startsWith("@")) throw new NotSimulated(`directive "expires ${first}"`);
    if (second !== undefined) throw new ConfError("invalid value", node.at);
    if (/^(?:epoch|max|off)$/.test(first) || first.includes("$")) return;
    if (parseTime(first.replace(/^[-+]/, "")) === undefined) throw new ConfError("invalid value", node.at);
  },
  access_log(checks, node) {
    const { args, at } = node;
    if (args[0] === "off") {
      if (args.length > 1) throw new ConfError(`invalid parameter "${args[1]!}"`, at);
      return;
    }
    if (args[0]!.startsWith("syslog:")) throw new NotSimulated(`directive "access_log ${args[0]!}"`);
    if (args[1] !== undefined && !args[1].includes("=")) checks.format(args[1], node);
    for (const word of args.slice(2))
      if (!/^(?:buffer=.+|flush=.+|if=.+)$/.test(word)) {
        if (word.startsWith("gzip")) throw new NotSimulated(`directive "access_log ... ${word}"`);
        throw new ConfError(`invalid parameter "${word}"`, at);
      }
  },
  log_format(checks, node) {
    checks.defineFormat(node);
    const [escape] = node.args.slice(1);
    if (escape?.startsWith("escape=") && !/^escape=(?:json|default|none)$/.test(escape))
      throw new ConfError(`unknown log format escaping "${escape.slice(7)}"`, node.at);
    for (const text of node.args.slice(1)) {
      if (text.startsWith("escape=")) continue;
      const template = compileTemplate(text);
      if ("error" in template) throw new ConfError(`invalid parameter "${text}"`, node.at);
      for (const part of template.parts)
        if (typeof part !== "string" && "variable" in part) checks.useVariable(part.variable);
    }
  },
  keepalive_timeout(_, node) {
    once(node);
    if (node.args.some((text) => parseTime(text) === undefined))
      throw new ConfError('"keepalive_timeout" directive invalid value', node.at);
  },
  allow: checkAddress,
  deny: checkAddress,
  satisfy(_, node) {
    once(node);
    if (!/^(?:all|any)$/.test(node.args[0]!)) throw new ConfError(`invalid value "${node.args[0]!}"`, node.at);
  },
  limit_except(_, node) {
    for (const method of node.args)
      if (!/^(?:GET|HEAD|POST|PUT|DELETE|MKCOL|COPY|MOVE|OPTIONS|PROPFIND|PROPPATCH|LOCK|UNLOCK|PATCH)$/i.test(method))
        throw new ConfError(`invalid method "${method}"`, node.at);
  },
  internal: (_, node) => once(node),
  auth_basic: (_, node) => once(node),
  auth_basic_user_file: (_, node) => once(node),
  charset: (_, node) => once(node),
  map(checks, { args, at }) {
    const source = compileTemplate(args[0]!);
    if ("error" in source) throw new ConfError(source.error, at);
    for (const part of source.parts)
      if (typeof part !== "string" && "variable" in part) checks.useVariable(part.variable);
    if (!args[1]!.startsWith("$")) throw new ConfError(`invalid variable name "${args[1]!}"`, at);
    checks.define(args[1]!.slice(1));
  },
  split_clients(checks, { args, at }) {
    const source = compileTemplate(args[0]!);
    if ("error" in source) throw new ConfError(source.error, at);
    for (const part of source.parts)
      if (typeof part !== "string" && "variable" in part) checks.useVariable(part.variable);
    if (!args[1]!.startsWith("$")) throw new ConfError(`invalid variable name "${args[1]!}"`, at);
    checks.define(args[1]!.slice(1));
  },
  random(_, { args, at }) {
    if (args.length > 0 && args[0] !== "two") throw new ConfError(`invalid parameter "${args[0]!}"`, at);
    if (args[1] !== undefined && args[1] !== "least_conn") throw new NotSimulated(`directive "random two ${args[1]}"`);
  },
  js_import: (checks, node) => checkImport(checks.world, node),
  js_preload_object: (checks, node) => void readPreload(checks.world, node),
  geo(checks, { args, at }) {
    const variable = args.at(-1)!;
    if (!variable.startsWith("$")) throw new ConfError(`invalid variable name "${variable}"`, at);
    checks.define(variable.slice(1));
  },
  limit_req_zone(checks, { args, at }) {
    const zone = /^zone=([^:]+):(.+)$/.exec(args[1]!);
    if (!zone || parseSize(zone[2]!) === undefined) throw new ConfError(`invalid zone size "${args[1]!}"`, at);
    if (args[2] !== undefined && !/^rate=[1-9]\d*r\/[sm]$/.test(args[2]))
      throw new ConfError(`invalid rate "${args[2]}"`, at);
    checks.defineZone(zone[1]!);
  },
  limit_req(checks, { args, at }) {
    for (const word of args) {
      if (!/^(?:zone=.+|burst=[1-9]\d*|delay=\d+|nodelay)$/.test(word))
        throw new ConfError(
          word.startsWith("burst=") ? `invalid burst value "${word}"` : `invalid parameter "${word}"`,
          at,
        );
      if (word.startsWith("zone=")) checks.useZone(word.slice(5));
    }
  },
  set_by_lua_file(checks, node) {
    checkLuaFile(node.args[1]!);
    checks.define(node.args[0]!.slice(1));
  },
  set_escape_uri: (checks, node) => checks.define(node.args[0]!.slice(1)),
  auth_request_set: (checks, node) => checks.define(node.args[0]!.slice(1)),
  ...Object.fromEntries(
    [
      "rewrite",
      "access",
      "content",
      "header_filter",
      "body_filter",
      "log",
      "init",
      "init_worker",
      "balancer",
      "ssl_certificate",
    ].map((phase) => [`${phase}_by_lua_file`, (_: Checks, { args }: ConfNode) => checkLuaFile(args[0]!)]),
  ),
  upstream: (checks, node) => checks.upstream(node),
  server(checks, node) {
    if (node.parent!.name === "upstream") parsePeers(node, checks.world);
  },
  resolver(checks, { args, at }) {
    for (const word of args) {
      if (/^(?:valid|ipv4|ipv6|status_zone)=/.test(word)) continue;
      const host = word.replace(/^\[|\](?::\d+)?$|(?<!:[^:]*):\d+$/g, "");
      if (checks.world.name(host).length === 0) throw new ConfError(`host not found in resolver "${word}"`, at);
    }
  },
  proxy_pass: checkProxyPass,
  proxy_http_version(_, { args, at }) {
    if (!/^1\.[01]$/.test(args[0]!)) throw new ConfError(`invalid value "${args[0]!}"`, at);
  },
};

function readUser(checks: Checks, node: ConfNode): void {
  const { args, at } = node;
  if (!checks.isRoot)
    return checks.warn(
      `the "user" directive makes sense only if the master process runs with super-user privileges, ignored in ${at.file}:${at.line}`,
    );
  once(node);
  if (!checks.world.user(args[0]!)) throw new ConfError(`getpwnam("${args[0]!}") failed`, at);
}

function checkRoot(_: Checks, node: ConfNode): void {
  const { name, args, at } = node;
  const before = node.parent!.children.find((other) => other.name === "root" || other.name === "alias");
  if (before?.name === name) throw new ConfError(`"${name}" directive is duplicate`, at);
  if (before)
    throw new ConfError(`"${name}" directive is duplicate, "${before.name}" directive was specified earlier`, at);
  const location = node.parent!.name === "location" ? parseLocation(node.parent!) : undefined;
  if (name === "alias" && location?.kind === "named")
    throw new ConfError('the "alias" directive cannot be used inside the named location', at);
  for (const variable of ["document_root", "realpath_root"])
    if (new RegExp(`\\$\\{?${variable}\\b`).test(args[0]!))
      throw new ConfError(`the $${variable} variable cannot be used in the "${name}" directive`, at);
}

function checkAddress(_: Checks, { args, at }: ConfNode): void {
  const [address] = args as [string];
  if (address === "unix:") throw new NotSimulated('directive "allow unix:"');
  if (address !== "all" && !parseCidr(address)) throw new ConfError(`invalid parameter "${address}"`, at);
}

function checkProxyPass(checks: Checks, node: ConfNode): void {
  const { args, at } = node;
  const [url] = args as [string];
  once(node);
  if (url.includes("$")) return;
  const match = /^(https?):\/\/([^/?#]*)(.*)$/is.exec(url);
  if (!match) throw new ConfError("invalid URL prefix", at);
  const [, , target, uri] = match as unknown as [string, string, string, string];
  const location = node.parent!.name === "location" ? parseLocation(node.parent!) : undefined;
  if (uri !== "" && (!location || location.kind === "regex" || location.kind === "named"))
    throw new ConfError(
      '"proxy_pass" cannot have URI part in location given by regular expression, or inside named location, or inside "if" statement, or inside "limit_except" block',
      at,
    );
  checks.passTo(target, at);
}

/** There is no Lua here: only files that we know can be done without it (lua.ts). */
function checkLuaFile(path: string): void {
  if (!(LUA_PATHS as readonly string[]).includes(path)) throw new NotSimulated(`lua file "${path}"`);
}
