import type { DaemonProcess } from "../../host/index.ts";
import { LUA_FILES } from "../ingress-nginx/lua/index.ts";
import type { Exchange } from "./exchange.ts";
import type { Decision } from "./rewrite.ts";
import type { Peer } from "./upstream.ts";

/**
 * What a Lua file of a configuration does, by the phase that its directive puts it in (lua-nginx-module). There is no Lua
 * here: files that we know do the same in TypeScript.
 */
export interface LuaFile {
  rewrite?(exchange: Exchange): Decision;
  access?(exchange: Exchange): Decision;
  content?(exchange: Exchange): Decision;
  header?(exchange: Exchange): void;
  log?(exchange: Exchange): void;
  /** The text of a variable (`set_by_lua_file $name FILE`). */
  value?(exchange: Exchange): string;
  /** The server for the next try; `tried` those that failed before. */
  balance?(exchange: Exchange, tried: number): Peer | undefined;
  /** The certificate chain, leaf first, for a name that a client asks for; undefined leaves it to `ssl_certificate`. */
  certificate?(self: DaemonProcess, serverName: string | undefined): readonly string[] | undefined;
}

/** The file of the innermost block that has one for this phase. */
export function luaFor({ scope }: Pick<Exchange, "scope">, directive: string): LuaFile | undefined {
  const path = scope.word(directive);
  return path === undefined ? undefined : LUA_FILES[path];
}

export function luaFile(path: string): LuaFile | undefined {
  return LUA_FILES[path];
}
