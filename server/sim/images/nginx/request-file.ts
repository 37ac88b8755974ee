import type { Bytes } from "../../kernel/index.ts";
import type { Exchange } from "./exchange.ts";
import { evaluate } from "./variables.ts";

/** The directory that a request's files are in: `root` or `alias`, `html` below the prefix if there is neither. */
export function rootOf(exchange: Exchange): Bytes {
  const setting = exchange.scope.find("root", "alias")[0];
  const path = setting ? evaluate(exchange, exchange.scope.template(setting.args[0]!)) : "html";
  return path.startsWith("/") ? path : `${exchange.config.prefix}/${path}`;
}

/** The file that a URI stands for (ngx_http_map_uri_to_path). */
export function requestFile(exchange: Exchange, uri = exchange.uri): Bytes {
  const scope = exchange.scope.where("root", "alias");
  const root = rootOf(exchange);
  if (!scope || scope.own("alias").length === 0) return root.replace(/\/$/, "") + uri;
  // In a location given by an expression, the alias is the whole path.
  return scope.match?.kind === "regex" ? root : root + uri.slice(scope.match?.name.length ?? 0);
}
