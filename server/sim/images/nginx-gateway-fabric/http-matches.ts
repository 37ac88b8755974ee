import type { Exchange } from "../nginx/exchange.ts";
import type { JsResult } from "../nginx/njs.ts";
import { compilePattern } from "../nginx/pattern.ts";
import { variable } from "../nginx/variables.ts";

/** One way to a location, with what a request must have for it; as NGINX Gateway Fabric writes them into matches.json. */
export interface RouteMatch {
  readonly any?: boolean;
  readonly method?: string;
  /** `NAME:Exact:VALUE` */
  readonly headers?: readonly string[];
  /** `NAME=Exact=VALUE` */
  readonly params?: readonly string[];
  readonly redirectPath?: string;
}

/** `httpmatches.redirect`: the first match that the request satisfies says which internal location serves it (modules/src/httpmatches.js). */
export function redirectByMatches(exchange: Exchange, objects: ReadonlyMap<string, unknown>): JsResult {
  const key = variable(exchange, "match_key") ?? "";
  const all = objects.get("matches") as Readonly<Record<string, readonly RouteMatch[]>> | undefined;
  const matches = all && Object.hasOwn(all, key) ? all[key] : undefined;
  if (!matches || matches.length === 0) {
    exchange.error(`js: cannot redirect the request; the key ${key} is not defined on the matches object`);
    return { status: 500 };
  }
  const found = matches.find((match) => satisfies(exchange, match));
  if (!found) return { status: 404 };
  if (found.redirectPath === undefined) {
    exchange.error(
      `js: cannot redirect the request; the match ${JSON.stringify(found)} does not have a redirectPath set`,
    );
    return { status: 500 };
  }
  return { redirect: found.redirectPath + (exchange.args === "" ? "" : `?${exchange.args}`) };
}

function satisfies(exchange: Exchange, { any, method, headers = [], params = [] }: RouteMatch): boolean {
  if (any) return true;
  if (method !== undefined && exchange.method !== method) return false;
  const hasHeaders = headers.every((text) => {
    const [name, type, value] = parts(text, ":");
    const given = exchange.raw.headers.filter(([field]) => field.toLowerCase() === name.toLowerCase());
    return given.flatMap(([, words]) => words.split(",")).some((word) => fits(type, value, word));
  });
  if (!hasHeaders) return false;
  const query = exchange.args.split("&").map((pair) => parts(pair, "="));
  return params.every((text) => {
    const [name, type, value] = parts(text, "=");
    const given = query.find(([key]) => unescaped(key) === name);
    if (!given) return false;
    const word = unescaped(given[2] === "" ? given[1] : `${given[1]}=${given[2]}`);
    return word !== "" && fits(type, value, word);
  });
}

/** In three, at the first two separators. */
function parts(text: string, separator: string): readonly [string, string, string] {
  const [first = "", second = "", ...rest] = text.split(separator);
  return [first, second, rest.join(separator)];
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return text;
  }
}

function fits(type: string, wanted: string, given: string): boolean {
  if (type === "Exact") return given === wanted;
  const pattern = compilePattern(wanted, false);
  return typeof pattern !== "string" && pattern.match(given) !== undefined;
}
