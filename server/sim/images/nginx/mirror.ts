import { Exchange } from "./exchange.ts";

/** Asks the locations that `mirror` names, too, and throws their answers away (ngx_http_mirror_module.c). */
export function mirrorRequest(exchange: Exchange, serve: (subrequest: Exchange) => unknown): void {
  if (exchange.subrequest) return;
  const { connection, server, host, raw, scope } = exchange;
  const withBody = scope.flag("mirror_request_body", true);
  for (const { args } of scope.find("mirror")) {
    const [uri] = args as [string];
    if (uri === "off") continue;
    const headers = raw.headers.filter(([name]) => name.toLowerCase() !== "content-length");
    const copy = new Exchange(connection, withBody ? raw : { ...raw, headers, body: "" }, server, host);
    copy.subrequest = true;
    copy.internal = true;
    copy.rewritten = true;
    copy.uri = uri;
    copy.args = exchange.args;
    for (const [name, value] of exchange.variables) copy.variables.set(name, value);
    serve(copy);
  }
}
