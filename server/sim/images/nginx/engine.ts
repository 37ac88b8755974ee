import { Errno } from "../../host/index.ts";
import { checkAccess } from "./access.ts";
import { authRequest } from "./auth-request.ts";
import { sendDirectory } from "./autoindex.ts";
import type { Location } from "./config.ts";
import { emptyReply, type Exchange } from "./exchange.ts";
import { limitRequests } from "./limit-req.ts";
import { luaFor } from "./lua.ts";
import { mirrorRequest } from "./mirror.ts";
import { runHandler } from "./njs.ts";
import { findLocation } from "./find-location.ts";
import { passOn } from "./proxy.ts";
import { keepCaptures, rewrite, type Decision } from "./rewrite.ts";
import { special } from "./special.ts";
import { look, sendFile, sendIndex } from "./static-file.ts";
import { sendStatus } from "./stub-status.ts";
import { evaluate, requestFile, rootOf } from "./variables.ts";

/**
 * Serves a request: nginx' phases from the server's rewrites to the content, as often as the URI changes. Afterwards the
 * reply is complete; false means that the connection is closed without one.
 */
export function serve(exchange: Exchange): boolean {
  let next: Next = { from: "server" };
  for (;;) {
    const decision: Decision | Next = next.from === "status" ? { status: next.status } : run(exchange, next);
    if (decision === "sent") {
      if (exchange.errorStatus !== undefined) exchange.reply.status = exchange.errorStatus;
      return true;
    }
    if (decision !== undefined && "from" in decision) {
      next = decision;
      continue;
    }
    const status = decision?.status ?? 404;
    if (status === 444) return false;
    const page = special(exchange, status);
    if (!page) return true;
    next = "named" in page ? { from: "named", name: page.named } : redirect(exchange, page.uri);
  }
}

type Next =
  | { readonly from: "server" }
  | { readonly from: "named"; readonly name: string }
  | { readonly from: "status"; readonly status: number };

/** ngx_http_internal_redirect */
function redirect(exchange: Exchange, target: string): Next {
  const mark = target.indexOf("?");
  const uri = mark < 0 ? target : target.slice(0, mark);
  if (--exchange.changes === 0) {
    exchange.error(`rewrite or internal redirection cycle while internally redirecting to "${uri}"`);
    return { from: "status", status: 500 };
  }
  exchange.uri = uri;
  exchange.args = mark < 0 ? "" : target.slice(mark + 1);
  exchange.internal = true;
  exchange.rewritten = true;
  exchange.reply = { ...emptyReply(), fields: exchange.reply.fields };
  exchange.place = exchange.server.place;
  return { from: "server" };
}

function run(exchange: Exchange, next: Next): Decision | Next {
  if (next.from === "named") {
    const place = exchange.server.place.locations.find(
      ({ match }) => match?.kind === "named" && match.name === next.name,
    );
    if (!place) {
      exchange.error(`could not find named location "${next.name}"`);
      return { status: 500 };
    }
    if (--exchange.changes === 0) {
      exchange.error(`rewrite or internal redirection cycle while redirect to named location "${next.name}"`);
      return { status: 500 };
    }
    exchange.internal = true;
    exchange.place = place;
    return inLocation(exchange);
  }
  const { steps } = exchange.server.place;
  const first = steps.length > 0 ? rewrite(exchange, steps, true) : undefined;
  return first?.decision ?? configure(exchange);
}

/** Finds the location, and again as long as its rewrites lead elsewhere. */
function configure(exchange: Exchange): Decision | Next {
  for (;;) {
    exchange.place = exchange.server.place;
    const found = findLocation(exchange.server.place, exchange.uri);
    if (found) {
      exchange.place = found.place;
      if (found.captures && found.place.match?.kind === "regex")
        keepCaptures(exchange, found.place.match.pattern, found.captures);
    }
    const refused = admit(exchange, found?.redirect ?? false);
    if (refused) return refused;
    const { steps } = exchange.place;
    const { moved, decision } =
      steps.length > 0 ? rewrite(exchange, steps, false) : { moved: false, decision: undefined };
    if (decision) return decision;
    if (!moved) return withLua(exchange);
    if (--exchange.changes === 0) {
      exchange.error(`rewrite or internal redirection cycle while processing "${exchange.uri}"`);
      return { status: 500 };
    }
  }
}

/** A named location: what it rewrites is not looked up again. */
function inLocation(exchange: Exchange): Decision | Next {
  const { steps } = exchange.place;
  const { moved, decision } =
    steps.length > 0 ? rewrite(exchange, steps, false) : { moved: false, decision: undefined };
  return decision ?? (moved ? configure(exchange) : withLua(exchange));
}

/** ngx_http_core_find_config_phase */
function admit(exchange: Exchange, isRedirect: boolean): { status: number } | undefined {
  if (!exchange.internal && exchange.scope.find("internal").length > 0) return { status: 404 };
  const { limited } = exchange.place;
  if (limited && !limited.except.includes(exchange.method)) exchange.place = limited.place;
  const limit = exchange.scope.size("client_max_body_size", 1_048_576);
  const { length } = exchange.raw.body;
  const announced = Math.max(length, Number(exchange.header("content-length") ?? 0));
  if (limit > 0 && announced > limit) {
    exchange.error(`client intended to send too large body: ${announced} bytes`);
    return { status: 413 };
  }
  if (!isRedirect) return undefined;
  exchange.reply.location = `${exchange.uri}/${exchange.args === "" ? "" : `?${exchange.args}`}`;
  return { status: 301 };
}

/** rewrite_by_lua runs behind the directives of the rewrite module. */
function withLua(exchange: Exchange): Decision | Next {
  return luaFor(exchange, "rewrite_by_lua_file")?.rewrite?.(exchange) ?? content(exchange);
}

/** The phases behind the rewrites: preaccess, access, content. */
function content(exchange: Exchange): Decision | Next {
  const limited = exchange.internal ? undefined : limitRequests(exchange);
  if (limited) return limited;
  const refused = admitted(exchange);
  if (refused) return refused;
  mirrorRequest(exchange, serve);
  const scripted = luaFor({ scope: exchange.scope }, "content_by_lua_file");
  if (scripted?.content && handlerOf(exchange.place, "content_by_lua_file")) return scripted.content(exchange);
  const script = handlerOf(exchange.place, "js_content");
  if (script) {
    const result = runHandler(exchange, script.args[0]!);
    return "redirect" in result ? redirect(exchange, result.redirect) : result;
  }
  const tried = tryFiles(exchange);
  if (tried) return tried;
  const { scope } = exchange;
  const proxied = handlerOf(exchange.place, "proxy_pass");
  if (proxied) return passOn(exchange, proxied);
  if (handlerOf(exchange.place, "stub_status")) return sendStatus(exchange);
  const index = sendIndex(exchange);
  if (index && index !== "sent" && "redirect" in index)
    return redirect(exchange, exchange.args === "" ? index.redirect : `${index.redirect}?${exchange.args}`);
  const decision = index ?? sendDirectory(exchange) ?? sendFile(exchange);
  if (decision) return decision;
  if (exchange.uri.endsWith("/")) {
    exchange.error(`directory index of "${requestFile(exchange)}" is forbidden`);
    return { status: 403 };
  }
  void scope;
  exchange.error("no handler found");
  return { status: 404 };
}

/** The access phase: with `satisfy any` an address, a password or another server's word is enough. */
function admitted(exchange: Exchange): Decision {
  const { scope } = exchange;
  const refused = checkAccess(exchange);
  if (scope.word("satisfy") !== "any") return refused ?? authRequest(exchange, serve);
  const others = scope.where("allow", "deny") !== undefined || scope.word("auth_basic") !== undefined;
  return others && !refused ? undefined : authRequest(exchange, serve);
}

/** The directive that answers here: of the location itself, also from within an `if` or limit_except of it. */
function handlerOf(place: Location, name: string) {
  for (let scope: typeof place.scope | undefined = place.scope; scope; scope = scope.outer) {
    const node = scope.own(name)[0];
    if (node) return node;
    if (scope.node.name !== "if" && scope.node.name !== "limit_except") return undefined;
  }
  return undefined;
}

/** ngx_http_core_try_files_phase */
function tryFiles(exchange: Exchange): Decision | Next {
  const node = exchange.scope.own("try_files")[0];
  if (!node) return undefined;
  const last = node.args.at(-1)!;
  const alias = exchange.scope.where("root", "alias")?.own("alias").length ?? 0;
  for (const word of node.args.slice(0, -1)) {
    const wantsDirectory = word.endsWith("/");
    const text = evaluate(exchange, exchange.scope.template(wantsDirectory ? word.slice(0, -1) : word));
    const path = alias > 0 ? requestFile(exchange, text) : rootOf(exchange).replace(/\/$/, "") + text;
    const stat = look(exchange, path);
    if (stat instanceof Errno || (stat.type === "dir") !== wantsDirectory) continue;
    exchange.uri = text;
    exchange.rewritten = true;
    return undefined;
  }
  if (last.startsWith("=")) return { status: Number(last.slice(1)) };
  const target = evaluate(exchange, exchange.scope.template(last));
  return target.startsWith("@") ? { from: "named", name: target } : redirect(exchange, target);
}
