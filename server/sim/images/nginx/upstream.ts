import { isIPv4, parseAddress } from "../../net/index.ts";
import { ConfError } from "./conf-error.ts";
import type { ConfWorld } from "./conf-source.ts";
import type { ConfNode } from "./parse.ts";
import { parseTime } from "./values.ts";

/** A server that requests are passed to: one address of a `server` in an upstream. */
export interface Peer {
  readonly address: string;
  readonly port: number;
  /** `10.0.0.1:80`, as the log names it. */
  readonly text: string;
  readonly weight: number;
  readonly backup: boolean;
  readonly down: boolean;
}

export interface Upstream {
  readonly name: string;
  readonly peers: readonly Peer[];
  /** The Lua file that chooses instead of a method of nginx (`balancer_by_lua_file`). */
  readonly balancer?: string;
  readonly method: "round robin" | "least_conn" | "ip_hash" | "random";
}

/** Reads a `server` of an upstream (ngx_http_upstream_server). */
export function parsePeers({ args, at }: ConfNode, world: ConfWorld): Peer[] {
  const [target, ...words] = args as [string, ...string[]];
  let weight = 1;
  let [backup, down] = [false, false];
  for (const word of words) {
    const [name, value = ""] = word.split("=", 2) as [string, string?];
    const number = /^\d+$/.test(value) ? Number(value) : undefined;
    if (name === "weight" && number !== undefined && number > 0) weight = number;
    else if ((name === "max_fails" || name === "max_conns") && number !== undefined) continue;
    else if (name === "fail_timeout" && parseTime(value) !== undefined) continue;
    else if (word === "backup") backup = true;
    else if (word === "down") down = true;
    else throw new ConfError(`invalid parameter "${word}"`, at);
  }
  return resolvePeers(target, 80, world, at).map((peer) => ({ ...peer, weight, backup, down }));
}

/** The addresses of `host`, `host:port`, `[v6]:port` (ngx_parse_url), for an upstream. */
export function resolvePeers(target: string, standard: number, world: ConfWorld, at: ConfNode["at"]): Peer[] {
  if (target.startsWith("unix:"))
    return [{ address: target, port: 0, text: target, weight: 1, backup: false, down: false }];
  const fail = (why: string): never => {
    throw new ConfError(`${why} in upstream "${target}"`, at);
  };
  const ends = /^(?:\[([^\]]*)\]|([^:]*))(?::(.*))?$/.exec(target);
  if (!ends) return fail("invalid host");
  const host = ends[1] ?? ends[2]!;
  const port = ends[3] === undefined ? standard : Number(ends[3]);
  if (host === "") return fail("no host");
  if (!/^\d*$/.test(ends[3] ?? "") || port < 1 || port > 65_535) return fail("invalid port");
  const addresses = parseAddress(host) === undefined ? world.name(host) : [host];
  if (addresses.length === 0) return fail("host not found");
  return addresses.map((address) => peer(address, port));
}

export function peer(address: string, port: number): Peer {
  const parsed = parseAddress(address);
  const text = parsed !== undefined && !isIPv4(parsed) ? `[${address}]:${port}` : `${address}:${port}`;
  return { address, port, text, weight: 1, backup: false, down: false };
}
