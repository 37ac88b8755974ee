import { needsRewrite } from "../model/path-type.ts";
import type { Server } from "../model/server.ts";
import { DEFAULT_SERVER } from "../model/server.ts";
import { writeLocation } from "./location.ts";
import type { ConfInput } from "./nginx-conf.ts";
import { writeSubrequestLocations } from "./subrequests.ts";
import { quoted, type ConfWriter } from "./writer.ts";

const LUA = "/etc/nginx/lua/nginx";

/** A host: `## start server foo.com`. */
export function writeServer(out: ConfWriter, server: Server, input: ConfInput): void {
  const { hostname } = server;
  if (server.redirectFromToWww) writeRedirect(out, server, input);
  out.line(`## start server ${hostname}`);
  out.block("server", () => {
    out.line(`server_name ${[serverName(hostname), ...server.aliases].join(" ")} ;`, "");
    out.line(`http2 ${input.config.flag("use-http2") ? "on" : "off"};`, "");
    writeBlockers(out, input);
    writeListens(out, input, hostname === DEFAULT_SERVER);
    out.line('set $proxy_upstream_name "-";', "");
    if (hostname === DEFAULT_SERVER)
      out.line(`ssl_reject_handshake ${input.config.flag("ssl-reject-handshake") ? "on" : "off"};`, "");
    out.line(`ssl_certificate_by_lua_file ${LUA}/ngx_conf_certificate.lua;`, "");
    if (server.sslCiphers !== "") out.set("ssl_ciphers", server.sslCiphers);
    if (server.sslPreferServerCiphers !== "") out.set("ssl_prefer_server_ciphers", server.sslPreferServerCiphers);
    if (server.snippet !== "") out.snippet(server.snippet);
    writeErrorPages(out, server);
    writeSubrequestLocations(out, server.locations, input.config);
    const regex = server.locations.some((place) => needsRewrite(place) || place.annotations.rewrite.useRegex);
    for (const place of server.locations) {
      const { appRoot } = place.annotations.rewrite;
      if (appRoot !== "") out.block("if ($uri = /)", () => out.line(`return 302 $scheme://$http_host${appRoot};`));
      writeLocation(out, place, regex, input);
      out.line("");
    }
    if (hostname === DEFAULT_SERVER) writeHealth(out, input);
    if (input.config.text("server-snippet") !== "") out.snippet(input.config.text("server-snippet"));
    for (const code of input.config.list("custom-http-errors")) writeErrorPage(out, "upstream-default-backend", code);
  });
  out.line(`## end server ${hostname}`);
}

/** A wildcard with one label only: nginx' own takes several. */
function serverName(hostname: string): string {
  if (!hostname.startsWith("*")) return hostname;
  return `~^(?<subdomain>[\\w-]+)\\.${hostname.slice(2).replaceAll(".", "\\.")}$`;
}

function writeListens(out: ConfWriter, { options, ipv6 }: ConfInput, isDefault: boolean): void {
  const { "http-port": http, "https-port": https } = options.numbers;
  const own = isDefault ? " default_server reuseport backlog=4096" : "";
  out.line(`listen ${http}${own} ;`);
  if (ipv6) out.line(`listen [::]:${http}${own} ;`);
  out.line(`listen ${https}${own} ssl;`);
  if (ipv6) out.line(`listen [::]:${https}${own} ssl;`);
  out.line("");
}

function writeBlockers(out: ConfWriter, { config }: ConfInput): void {
  if (config.list("block-user-agents").length > 0) out.block("if ($block_ua)", () => out.line("return 403;"));
  if (config.list("block-referers").length > 0) out.block("if ($block_ref)", () => out.line("return 403;"));
}

/** from-to-www-redirect: the other of `www.foo.com` and `foo.com` is only a way to this one. */
function writeRedirect(out: ConfWriter, { hostname }: Server, input: ConfInput): void {
  const from = hostname.startsWith("www.") ? hostname.slice(4) : `www.${hostname}`;
  out.line(`## start server ${from}`);
  out.block("server", () => {
    out.line(`server_name ${from};`, "", `http2 ${input.config.flag("use-http2") ? "on" : "off"};`, "");
    writeListens(out, input, false);
    out.line(`ssl_certificate_by_lua_file ${LUA}/ngx_conf_certificate.lua;`, "");
    out.line(`set $tmp_redirect_to ${quoted(hostname)};`);
    out.line(`set_by_lua_file $redirect_to ${LUA}/ngx_srv_redirect.lua $tmp_redirect_to;`);
    out.line(`return ${input.config.text("http-redirect-code")} $redirect_to;`);
  });
  out.line(`## end server ${from}`, "");
}

/** Where `custom-http-errors` of its locations lead. */
function writeErrorPages(out: ConfWriter, { locations }: Server): void {
  const pages = new Set(
    locations.flatMap(({ annotations, errorBackend }) =>
      annotations.customHttpErrors.map((code) => `${errorBackend} ${code}`),
    ),
  );
  for (const page of [...pages].toSorted()) writeErrorPage(out, ...(page.split(" ") as [string, string]));
}

function writeErrorPage(out: ConfWriter, backend: string, code: string): void {
  out.block(`location @custom_${backend}_${code}`, () => {
    out.line("internal;", "", "proxy_intercept_errors off;", "");
    const header = (name: string, value: string): void =>
      out.line(`proxy_set_header       ${name.padEnd(18)} ${value};`);
    header("X-Code", code);
    header("X-Format", "$http_accept");
    header("X-Original-URI", "$request_uri");
    header("X-Namespace", "$namespace");
    header("X-Ingress-Name", "$ingress_name");
    header("X-Service-Name", "$service_name");
    header("X-Service-Port", "$service_port");
    header("X-Request-ID", "$req_id");
    header("X-Forwarded-For", "$remote_addr");
    header("Host", "$best_http_host");
    out.line("", `set $proxy_upstream_name ${quoted(backend)};`, "", "rewrite                (.*) / break;", "");
    out.line("proxy_pass            http://upstream_balancer;", `log_by_lua_file ${LUA}/ngx_conf_log.lua;`);
  });
  out.line("");
}

function writeHealth(out: ConfWriter, { options, ipv6 }: ConfInput): void {
  out.line(`# health checks by port ${options.numbers["http-port"]}`);
  out.block(`location ${options.text["health-check-path"]}`, () => out.line("access_log off;", "return 200;"));
  out.line("");
  out.block("location /nginx_status", () => {
    out.line("allow 127.0.0.1;");
    if (ipv6) out.line("allow ::1;");
    out.line("deny all;", "", "access_log off;", "stub_status on;");
  });
  out.line("");
}
