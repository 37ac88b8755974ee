import type { Exchange } from "../../nginx/exchange.ts";
import type { Decision } from "../../nginx/rewrite.ts";
import { variable } from "../../nginx/variables.ts";
import { hasCertificate } from "./certificate.ts";
import { parsedJson } from "./shared.ts";

/** /etc/nginx/lua/cfg.json, which the controller writes beside nginx.conf. */
export interface LuaConfig {
  readonly listen_ports: { readonly ssl_proxy: string; readonly https: string };
  readonly use_forwarded_headers: boolean;
  readonly http_redirect_code: number;
  readonly hsts: boolean;
  readonly hsts_max_age: string;
  readonly hsts_include_subdomains: boolean;
  readonly hsts_preload: boolean;
}

export const LUA_CONFIG = "/etc/nginx/lua/cfg.json";

function configOf({ connection }: Exchange): LuaConfig | undefined {
  const text = connection.self.host.readText(LUA_CONFIG);
  return text === undefined ? undefined : parsedJson<LuaConfig>(text);
}

/** lua_ingress.rewrite(): settles what backends are told of the client's side, and redirects to HTTPS. */
export function redirectToHttps(exchange: Exchange): Decision {
  const config = configOf(exchange);
  const set = (name: string, value: string | undefined): void => void exchange.variables.set(name, value ?? "");
  const get = (name: string): string => variable(exchange, name) ?? "";
  const forwarded = (name: string): string | undefined =>
    config?.use_forwarded_headers ? exchange.header(`x-forwarded-${name}`) : undefined;
  const scheme = get("scheme");
  set("pass_access_scheme", forwarded("proto") ?? scheme);
  if (forwarded("port") !== undefined) set("pass_server_port", forwarded("port"));
  set("best_http_host", forwarded("host")?.split(",")[0]?.trim() ?? exchange.header("host") ?? get("host"));
  const port = get("pass_server_port");
  set("pass_port", port === config?.listen_ports.https ? "443" : port);
  if (get("force_no_ssl_redirect") === "true") return undefined;
  const wanted =
    (get("force_ssl_redirect") === "true" && get("pass_access_scheme") === "http") ||
    (scheme === "http" &&
      get("pass_access_scheme") === "http" &&
      get("ssl_redirect") === "true" &&
      isSecured(exchange));
  if (!wanted) return undefined;
  const uri = get("request_uri");
  const cut = get("preserve_trailing_slash") === "false" && uri.endsWith("/") ? uri.slice(0, -1) : uri;
  const host = get("best_http_host").replace(/:\d+$/, "");
  const target = get("use_port_in_redirects") === "true" ? `${host}:${config?.listen_ports.https ?? "443"}` : host;
  exchange.reply.location = `https://${target}${cut}`;
  return { status: config?.http_redirect_code ?? 308 };
}

function isSecured(exchange: Exchange): boolean {
  return hasCertificate(exchange.connection.self, variable(exchange, "host") ?? "");
}

/** lua_ingress.header(): HSTS, for hosts with a certificate. */
export function strictTransport(exchange: Exchange): void {
  const config = configOf(exchange);
  if (!config?.hsts || !exchange.connection.context.tls || !isSecured(exchange)) return;
  const words = [
    `max-age=${config.hsts_max_age}`,
    ...(config.hsts_include_subdomains ? ["includeSubDomains"] : []),
    ...(config.hsts_preload ? ["preload"] : []),
  ];
  exchange.reply.fields = exchange.reply.fields.filter(([name]) => name !== "Strict-Transport-Security");
  exchange.reply.fields.push(["Strict-Transport-Security", words.join("; ")]);
}

/** ngx_srv_redirect.lua: where a server of `from-to-www-redirect` sends its clients. */
export function wwwRedirect(exchange: Exchange): string {
  const config = configOf(exchange);
  const uri = exchange.raw.target.replace(/\/$/, "");
  const scheme =
    (config?.use_forwarded_headers ? exchange.header("x-forwarded-proto") : undefined) ?? variable(exchange, "scheme")!;
  const port = config?.listen_ports.https ?? "443";
  return `${scheme}://${exchange.variables.get("tmp_redirect_to") ?? ""}${port === "443" ? "" : `:${port}`}${uri}`;
}
