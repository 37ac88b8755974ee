import { isIPv4, parseAddress } from "../../net/index.ts";
import { ConfError, NotSimulated } from "./conf-error.ts";
import type { ConfWorld } from "./conf-source.ts";
import type { ConfNode } from "./parse.ts";

/** An address of a `listen`. */
export interface Listen {
  /** Of a unix socket its path, with port 0. */
  readonly address: string;
  readonly port: number;
  /** `0.0.0.0:80`, `[::]:80`, `unix:/path` */
  readonly text: string;
  readonly wildcard: boolean;
  readonly isDefault: boolean;
  readonly ssl: boolean;
  readonly v6only: boolean;
  readonly backlog: number;
  /** It has options of the socket itself, which may be given once per address. */
  readonly options: boolean;
}

const NGX_LISTEN_BACKLOG = 511;

/** Reads a `listen` directive (ngx_http_core_listen). A name may stand for several addresses. */
export function parseListen({ args, at }: ConfNode, world: ConfWorld): Listen[] {
  const [target, ...words] = args as [string, ...string[]];
  const fail = (why: string): never => {
    throw new ConfError(`${why} in "${target}" of the "listen" directive`, at);
  };
  const ends = parseEnds(target, world, fail);
  let isDefault = false;
  let ssl = false;
  let options = false;
  let v6only = true;
  let backlog = NGX_LISTEN_BACKLOG;
  for (const word of words) {
    const [name, value] = word.split("=", 2) as [string, string | undefined];
    if (word === "default_server" || word === "default") isDefault = true;
    else if (word === "ssl") ssl = true;
    else if (word === "http2") continue;
    else if (["quic", "proxy_protocol"].includes(word)) throw new NotSimulated(`directive "listen ... ${word}"`);
    else if (["bind", "reuseport", "deferred"].includes(word)) options = true;
    else if (["setfib", "fastopen", "rcvbuf", "sndbuf", "accept_filter", "so_keepalive"].includes(name) && value)
      options = true;
    else if (name === "backlog") {
      options = true;
      backlog = Number(value);
      if (!/^[1-9]\d*$/.test(value ?? "")) throw new ConfError(`invalid backlog "${value ?? ""}"`, at);
    } else if (name === "ipv6only") {
      options = true;
      if (value !== "on" && value !== "off") throw new ConfError(`invalid ipv6only flags "${value ?? ""}"`, at);
      v6only = value === "on";
    } else throw new ConfError(`invalid parameter "${word}"`, at);
  }
  return ends.map(({ address, port }) => ({
    address,
    port,
    text: address.startsWith("/") ? `unix:${address}` : `${address.includes(":") ? `[${address}]` : address}:${port}`,
    wildcard: address === "0.0.0.0" || address === "::",
    isDefault,
    ssl,
    v6only,
    backlog,
    options,
  }));
}

/** `unix:/path`: a socket in the file system. */
export function isUnix(address: string): boolean {
  return address.startsWith("unix:");
}

function parseEnds(
  target: string,
  world: ConfWorld,
  fail: (why: string) => never,
): { address: string; port: number }[] {
  if (isUnix(target)) return target.length > 5 ? [{ address: target.slice(5), port: 0 }] : fail("no path");
  const six = /^\[([^\]]*)\](?::(.*))?$/.exec(target);
  if (target.startsWith("[") && !six) return fail("invalid host");
  if (six) {
    const port = six[2] === undefined ? 80 : portNumber(six[2], fail);
    const parsed = parseAddress(six[1]!);
    if (parsed === undefined || isIPv4(parsed)) return fail("invalid IPv6 address");
    return [{ address: six[1]!, port }];
  }
  if (/^\d+$/.test(target)) return [{ address: "0.0.0.0", port: portNumber(target, fail) }];
  const colon = target.indexOf(":");
  const host = colon < 0 ? target : target.slice(0, colon);
  const port = colon < 0 ? 80 : portNumber(target.slice(colon + 1), fail);
  if (host === "") return fail("no host");
  if (host === "*") return [{ address: "0.0.0.0", port }];
  const addresses = world.name(host);
  if (addresses.length === 0) return fail("host not found");
  return addresses.map((address) => ({ address, port }));
}

function portNumber(text: string, fail: (why: string) => never): number {
  const port = /^\d+$/.test(text) ? Number(text) : 0;
  return port < 1 || port > 65_535 ? fail("invalid port") : port;
}

/** All `listen`s of the servers until now (ngx_http_add_listen): one server may not repeat one, nor two be its default. */
export class Listens {
  readonly #seen = new Map<string, { servers: Set<ConfNode>; isDefault: boolean; options: boolean }>();

  add(listen: Listen, server: ConfNode, node: ConfNode): void {
    const key = listen.text;
    const seen = this.#seen.get(key);
    if (!seen) {
      this.#seen.set(key, { servers: new Set([server]), isDefault: listen.isDefault, options: listen.options });
      return;
    }
    if (seen.servers.has(server)) throw new ConfError(`a duplicate listen ${key}`, node.at);
    if (seen.options && listen.options) throw new ConfError(`duplicate listen options for ${key}`, node.at);
    if (seen.isDefault && listen.isDefault) throw new ConfError(`a duplicate default server for ${key}`, node.at);
    seen.servers.add(server);
    seen.isDefault ||= listen.isDefault;
    seen.options ||= listen.options;
  }
}
