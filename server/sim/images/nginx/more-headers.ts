import type { Exchange } from "./exchange.ts";
import type { ConfNode } from "./parse.ts";
import type { Scope } from "./scope.ts";
import { evaluate } from "./variables.ts";

/** headers-more-nginx-module: `more_set_headers`, `more_clear_headers`. Those of outer blocks count first, all of them. */
export function moreHeaders(exchange: Exchange): void {
  const { reply, scope } = exchange;
  for (const { name, args } of commands(scope)) {
    for (const word of args) {
      const [field, ...rest] = word.split(":") as [string, ...string[]];
      const value = name === "more_set_headers" ? evaluate(exchange, scope.template(rest.join(":").trim())) : "";
      const key = field.trim().toLowerCase();
      if (key === "server") reply.server = value;
      else if (key === "content-type") reply.contentType = value === "" ? undefined : value;
      else if (key === "content-length") {
        reply.length = value === "" ? undefined : Number(value);
        if (value === "0") reply.body = "";
      } else if (key === "location") reply.location = value === "" ? undefined : value;
      else {
        reply.fields = reply.fields.filter(([other]) => !matches(other.toLowerCase(), key));
        if (value !== "") reply.fields.push([field.trim(), value]);
      }
    }
  }
}

/** A name may end with a star in `more_clear_headers`. */
function matches(name: string, key: string): boolean {
  return key.endsWith("*") ? name.startsWith(key.slice(0, -1)) : name === key;
}

function commands(scope: Scope): readonly ConfNode[] {
  return scope.cached("more headers", () => [
    ...(scope.outer ? commands(scope.outer) : []),
    ...scope.node.children.filter(({ name }) => name === "more_set_headers" || name === "more_clear_headers"),
  ]);
}
