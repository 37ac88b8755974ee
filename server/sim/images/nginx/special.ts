import type { Exchange } from "./exchange.ts";
import { builtinPage, PADDING } from "./pages.ts";
import { evaluate } from "./variables.ts";

/** Where an `error_page` leads instead of the page that nginx has of its own. */
export type ErrorPage = { readonly uri: string } | { readonly named: string };

const CLOSING = new Set([400, 413, 414, 497, 495, 496, 494, 500, 501]);

/** Ends a request with a status: with the configuration's page for it, or nginx' own (ngx_http_special_response_handler). */
export function special(exchange: Exchange, status: number): ErrorPage | undefined {
  if (CLOSING.has(status)) exchange.keepAlive = false;
  const { reply } = exchange;
  exchange.errorStatus = status;
  if (!exchange.errorPage) {
    const page = errorPage(exchange, status);
    if (page === "sent") return undefined;
    if (page) return page;
  }
  finish(exchange, status, reply.location);
  return undefined;
}

function errorPage(exchange: Exchange, status: number): ErrorPage | "sent" | undefined {
  for (const { args } of exchange.scope.find("error_page")) {
    const target = args.at(-1)!;
    const change = /^=(\d*)$/.exec(args.at(-2)!);
    const codes = args.slice(0, change ? -2 : -1);
    if (!codes.includes(String(status))) continue;
    if (!exchange.scope.flag("recursive_error_pages", false)) exchange.errorPage = true;
    // `=` leaves the status to whoever answers.
    if (change) exchange.errorStatus = change[1] === "" ? undefined : Number(change[1]);
    const uri = evaluate(exchange, exchange.scope.template(target));
    if (uri.startsWith("@")) return { named: uri };
    if (uri.startsWith("/")) {
      if (exchange.method !== "HEAD") exchange.method = "GET";
      return { uri };
    }
    const redirect = exchange.errorStatus;
    const code = redirect !== undefined && [301, 302, 303, 307, 308].includes(redirect) ? redirect : 302;
    exchange.errorStatus = code;
    finish(exchange, code, uri);
    return "sent";
  }
  return undefined;
}

function finish(exchange: Exchange, status: number, location: string | undefined): void {
  const { reply } = exchange;
  const tokens = exchange.scope.word("server_tokens");
  const page = builtinPage(status, tokens === "off" ? "nginx" : `nginx/${exchange.config.version}`);
  const padded = page !== undefined && status >= 400 && /Chrome\/|MSIE /.test(exchange.header("user-agent") ?? "");
  const body = (page ?? "") + (padded ? PADDING : "");
  reply.status = status;
  reply.location = location;
  reply.body = body;
  reply.length = page === undefined && status !== 204 && status !== 304 ? undefined : body.length;
  reply.contentType = page === undefined ? undefined : "text/html";
  reply.lastModified = undefined;
  reply.etag = undefined;
  reply.ranges = false;
  if (page === undefined) reply.length = 0;
}
