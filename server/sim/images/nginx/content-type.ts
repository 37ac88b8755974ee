import type { Exchange } from "./exchange.ts";
import type { Scope } from "./scope.ts";

/** Sets the type of a reply by the extension of the URI (ngx_http_set_content_type). */
export function setContentType(exchange: Exchange): void {
  exchange.reply.contentType = contentTypeOf(exchange.scope, exchange.uri);
}

function contentTypeOf(scope: Scope, uri: string): string {
  const slash = uri.lastIndexOf("/");
  const point = uri.lastIndexOf(".");
  const extension = point > slash + 1 ? uri.slice(point + 1).toLowerCase() : "";
  const type = extension === "" ? undefined : types(scope).get(extension);
  return type ?? scope.word("default_type") ?? "text/plain";
}

/** The innermost `types` block; without any, nginx knows three. */
function types(scope: Scope): ReadonlyMap<string, string> {
  const where = scope.where("types");
  if (!where) return STANDARD;
  return where.cached("types", () => {
    const map = new Map<string, string>();
    for (const node of where.own("types"))
      for (const [type, ...extensions] of node.entries)
        for (const extension of extensions) map.set(extension.toLowerCase(), type!);
    return map;
  });
}

const STANDARD: ReadonlyMap<string, string> = new Map([
  ["html", "text/html"],
  ["gif", "image/gif"],
  ["jpg", "image/jpeg"],
]);
