import { decode } from "../../kernel/index.ts";
import { redirectByMatches } from "../nginx-gateway-fabric/http-matches.ts";
import { ConfError, NotSimulated } from "./conf-error.ts";
import type { ConfWorld } from "./conf-source.ts";
import type { Exchange } from "./exchange.ts";
import type { ConfNode } from "./parse.ts";
import type { Scope } from "./scope.ts";

/** What a handler of njs ends with: a status, or another URI that serves the request (r.return, r.internalRedirect). */
export type JsResult = { readonly status: number } | { readonly redirect: string };

type JsHandler = (exchange: Exchange, objects: ReadonlyMap<string, unknown>) => JsResult;

/** There is no JavaScript here: functions of modules that we know do the same in TypeScript, by the module's path. */
const MODULES: Readonly<Record<string, Readonly<Record<string, JsHandler>>>> = {
  "/usr/lib/nginx/modules/njs/httpmatches.js": { redirect: redirectByMatches },
};

export interface JsImports {
  readonly handlers: ReadonlyMap<string, JsHandler>;
  readonly objects: ReadonlyMap<string, unknown>;
}

/** `js_import PATH` or `js_import NAME from PATH`. */
function importOf({ args, at }: ConfNode): { readonly name: string; readonly path: string } {
  const [first, from, path] = args as [string, string?, string?];
  if (from === undefined) return { name: /([^/]*?)(?:\.js)?$/.exec(first)![1]!, path: first };
  if (from !== "from" || path === undefined) throw new ConfError(`invalid parameter "${from}"`, at);
  return { name: first, path };
}

export function checkImport(world: ConfWorld, node: ConfNode): void {
  const { path } = importOf(node);
  const found = world.file(path);
  if ("error" in found) throw new ConfError(`open() "${path}" failed (${found.error})`, node.at);
  if (!Object.hasOwn(MODULES, path)) throw new NotSimulated(`js module "${path}"`);
}

/** `js_preload_object NAME from FILE`: JSON that all handlers see under the name. */
export function readPreload(world: ConfWorld, node: ConfNode): readonly [name: string, value: unknown] {
  const { name, path } = importOf(node);
  const found = world.file(path);
  if ("error" in found) throw new ConfError(`open() "${path}" failed (${found.error})`, node.at);
  try {
    return [name, JSON.parse(decode(found.text))];
  } catch {
    throw new ConfError(`js exception: SyntaxError: unexpected token in "${path}"`, node.at);
  }
}

export function readImports(http: Scope | undefined, world: ConfWorld): JsImports {
  const handlers = (http?.own("js_import") ?? []).flatMap((node) => {
    const { name, path } = importOf(node);
    return Object.entries(MODULES[path] ?? {}).map(([key, handler]) => [`${name}.${key}`, handler] as const);
  });
  const objects = (http?.own("js_preload_object") ?? []).map((node) => readPreload(world, node));
  return { handlers: new Map(handlers), objects: new Map(objects) };
}

/** `js_content MODULE.FUNCTION` */
export function runHandler(exchange: Exchange, name: string): JsResult {
  const { handlers, objects } = exchange.config.js;
  const handler = handlers.get(name);
  if (handler) return handler(exchange, objects);
  exchange.error(`js exception: ReferenceError: "${name}" is not defined`);
  return { status: 500 };
}
