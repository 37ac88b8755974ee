import { Exchange } from "./exchange.ts";
import type { Decision } from "./rewrite.ts";
import { evaluate } from "./variables.ts";

/**
 * Asks the location that `auth_request` names whether a request may pass: by 2xx it may, 401 and 403 are its answer
 * (ngx_http_auth_request_module.c).
 */
export function authRequest(exchange: Exchange, serve: (subrequest: Exchange) => boolean): Decision {
  const { scope, connection, server, host, raw } = exchange;
  const uri = scope.word("auth_request");
  if (exchange.subrequest || uri === undefined || uri === "off") return undefined;
  const headers = raw.headers.filter(([name]) => name.toLowerCase() !== "content-length");
  const asked = new Exchange(connection, { ...raw, headers, body: "" }, server, host);
  asked.method = "GET";
  asked.subrequest = true;
  asked.internal = true;
  asked.rewritten = true;
  asked.uri = uri;
  asked.args = "";
  for (const [name, value] of exchange.variables) asked.variables.set(name, value);
  const answered = serve(asked);
  exchange.delay += asked.delay;
  const { status } = asked.reply;
  // Requests of one client share their variables.
  for (const [name, value] of asked.variables) exchange.variables.set(name, value);
  for (const { args } of scope.find("auth_request_set")) {
    const [variable, value] = args as [string, string];
    exchange.variables.set(variable.slice(1), evaluate(asked, scope.template(value)));
  }
  if (answered && status >= 200 && status < 300) return undefined;
  if (answered && status === 403) return { status };
  if (answered && status === 401) {
    const challenge = asked.reply.fields.find(([name]) => name.toLowerCase() === "www-authenticate");
    if (challenge) exchange.reply.fields.push(challenge);
    return { status };
  }
  exchange.error(`auth request unexpected status: ${status}`);
  return { status: 500 };
}
