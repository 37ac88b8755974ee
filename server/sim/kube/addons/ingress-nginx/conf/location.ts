import type { Ingress } from "../../../api/index.ts";
import type { Cors } from "../annotations/annotations.ts";
import type { ControllerConfig } from "../config-map.ts";
import type { Location } from "../model/server.ts";
import type { ConfInput } from "./nginx-conf.ts";
import { writeSubrequests } from "./subrequests.ts";
import { quoted, type ConfWriter } from "./writer.ts";

const LUA = "/etc/nginx/lua/nginx";

/** What a location is for, after `location` (template.go buildLocation). */
function head({ path, pathType }: Location, regex: boolean): string {
  if (regex) return `~* "^${path}"`;
  return pathType === "Exact" ? `= ${path}` : path;
}

/** `regex`: some location of the server is an expression, and so are all. */
export function writeLocation(out: ConfWriter, place: Location, regex: boolean, { config }: ConfInput): void {
  const { annotations } = place;
  out.block(`location ${head(place, regex)}`, () => {
    writeVariables(out, place, config);
    out.line(`rewrite_by_lua_file ${LUA}/ngx_rewrite.lua;`, "");
    out.line(`header_filter_by_lua_file ${LUA}/ngx_conf_srv_hdr_filter.lua;`, "");
    out.line(`log_by_lua_file ${LUA}/ngx_conf_log_block.lua;`, "");
    if (!annotations.accessLog) out.line("access_log off;", "");
    if (annotations.rewriteLog) out.line("rewrite_log on;", "");
    out.line(`port_in_redirect ${annotations.usePortInRedirects ? "on" : "off"};`, "");
    out.line("set $balancer_ewma_score -1;", `set $proxy_upstream_name ${quoted(place.backend)};`);
    out.line("set $proxy_host          $proxy_upstream_name;", "set $pass_access_scheme  $scheme;", "");
    out.line("set $pass_server_port    $server_port;", "");
    out.line("set $best_http_host      $http_host;", "set $pass_port           $pass_server_port;", "");
    out.line('set $proxy_alternative_upstream_name "";', "");
    if (annotations.denied === undefined) writeAllowed(out, place, config);
    else out.line(`# Location denied. Reason: ${quoted(annotations.denied)}`, "return 503;");
  });
}

function writeVariables(out: ConfWriter, place: Location, config: ControllerConfig): void {
  const { metadata } = place.ingress ?? {};
  const { name, port } = serviceOf(place.ingress, place);
  out.line(`set $namespace      ${quoted(metadata?.namespace ?? "")};`);
  out.line(`set $ingress_name   ${quoted(metadata?.name ?? "")};`);
  out.line(`set $service_name   ${quoted(name)};`);
  out.line(`set $service_port   ${quoted(port)};`);
  const path = place.ingress && !place.isDefault ? place.ingressPath : place.ingress ? "/" : "";
  out.line(`set $location_path  ${quoted(path.replaceAll("$", "${literal_dollar}"))};`);
  out.line("set $global_rate_limit_exceeding n;", "");
  const { rewrite, usePortInRedirects } = place.annotations;
  const never = config.list("no-tls-redirect-locations").some((start) => place.path.startsWith(start));
  out.line(`set $force_ssl_redirect "${rewrite.forceSslRedirect}";`);
  out.line(`set $ssl_redirect "${rewrite.sslRedirect}";`);
  out.line(`set $force_no_ssl_redirect "${never}";`);
  out.line(`set $preserve_trailing_slash "${rewrite.preserveTrailingSlash}";`);
  out.line(`set $use_port_in_redirects "${usePortInRedirects}";`, "");
}

/** The Service that the Ingress names for the path (getIngressInformation). */
function serviceOf(ingress: Ingress | undefined, place: Location): { name: string; port: string } {
  const paths = (ingress?.spec.rules ?? []).flatMap(({ http }) => http?.paths ?? []);
  const found = paths.find(({ path = "" }) => path === place.ingressPath || (path === "" && place.ingressPath === "/"));
  const service = found?.backend.service ?? ingress?.spec.defaultBackend?.service;
  return { name: service?.name ?? "", port: service?.port.name ?? (service?.port.number === undefined ? "" : String(service.port.number)) }; // prettier-ignore
}

function writeAllowed(out: ConfWriter, place: Location, config: ControllerConfig): void {
  const { annotations } = place;
  const { proxy, basicAuth, rateLimit } = annotations;
  for (const range of annotations.deny) out.line(`deny ${range};`);
  for (const range of annotations.allow) out.line(`allow ${range};`);
  if (annotations.allow.length > 0) out.line("deny all;");
  if (annotations.allow.length + annotations.deny.length > 0) out.line("");
  writeSubrequests(out, place);
  if (annotations.cors) writeCors(out, annotations.cors);
  if (basicAuth) {
    out.line(`auth_basic ${quoted(basicAuth.realm)};`, `auth_basic_user_file ${basicAuth.file};`);
    out.line('proxy_set_header Authorization "";', "");
  }
  if (rateLimit) {
    const { name, connections, rps, rpm, burst } = rateLimit;
    if (connections > 0) out.line(`limit_conn ${name}_conn ${connections};`);
    if (rps > 0) out.line(`limit_req zone=${name}_rps burst=${rps * burst} nodelay;`);
    if (rpm > 0) out.line(`limit_req zone=${name}_rpm burst=${rpm * burst} nodelay;`);
    out.line("");
  }
  out.set("client_max_body_size", proxy.bodySize);
  if (annotations.clientBodyBufferSize !== "") out.set("client_body_buffer_size", annotations.clientBodyBufferSize);
  out.line("");
  writeHeaders(out, place, config);
  out.set("proxy_connect_timeout", `${proxy.connectTimeout}s`);
  out.set("proxy_send_timeout", `${proxy.sendTimeout}s`);
  out.set("proxy_read_timeout", `${proxy.readTimeout}s`);
  out.line("");
  out.set("proxy_buffering", proxy.buffering);
  out.set("proxy_buffer_size", proxy.bufferSize);
  out.set("proxy_buffers", `${proxy.buffersNumber} ${proxy.bufferSize}`);
  out.line("");
  out.set("proxy_max_temp_file_size", proxy.maxTempFileSize);
  out.line("");
  out.set("proxy_request_buffering", proxy.requestBuffering);
  out.set("proxy_http_version", proxy.httpVersion);
  out.line("");
  out.set("proxy_cookie_domain", "off");
  out.set("proxy_cookie_path", "off");
  out.line("", "# other servers are tried before an error is sent");
  const next = [...proxy.nextUpstream.split(" "), ...(config.flag("retry-non-idempotent") ? ["non_idempotent"] : [])];
  out.set("proxy_next_upstream", [...new Set(next.filter((word) => word !== ""))].join(" "));
  out.set("proxy_next_upstream_timeout", proxy.nextUpstreamTimeout);
  out.set("proxy_next_upstream_tries", proxy.nextUpstreamTries);
  out.line("");
  if (annotations.configurationSnippet !== "") out.snippet(annotations.configurationSnippet);
  if (config.text("location-snippet") !== "") out.snippet(config.text("location-snippet"));
  if (annotations.satisfy !== "") out.line(`satisfy ${annotations.satisfy};`);
  if (annotations.customHttpErrors.length > 0) out.line("proxy_intercept_errors on;", "");
  for (const code of annotations.customHttpErrors)
    out.line(`error_page ${code} = @custom_${place.errorBackend}_${code};`);
  const { url, code } = annotations.redirect;
  if (url !== "") out.line(`return ${code} ${url};`, "");
  writePass(out, place);
  if (proxy.redirectFrom === "default" || proxy.redirectFrom === "off") out.set("proxy_redirect", proxy.redirectFrom);
  else if (proxy.redirectTo !== "off") out.set("proxy_redirect", `${proxy.redirectFrom} ${proxy.redirectTo}`);
  out.line("");
}

/** template.go buildProxyPass */
function writePass(out: ConfWriter, { annotations, backend, path }: Location): void {
  const secure = annotations.backendProtocol === "HTTPS" && backend !== "upstream-default-backend";
  const target = `${secure ? "https" : "http"}://upstream_balancer`;
  const rewrite = annotations.rewrite.target;
  if (rewrite !== "" && rewrite !== path) {
    out.line(`rewrite "(?i)${path}" ${rewrite} break;`);
    if (annotations.xForwardedPrefix !== "")
      out.line(`proxy_set_header X-Forwarded-Prefix ${quoted(annotations.xForwardedPrefix)};`);
  }
  out.line(`proxy_pass ${target};`, "");
}

function writeHeaders(out: ConfWriter, { annotations, backend }: Location, config: ControllerConfig): void {
  const header = (name: string, value: string): void => out.line(`proxy_set_header ${name.padEnd(22)} ${value};`);
  const { upstreamVhost, connectionHeader } = annotations;
  header("Host", upstreamVhost === "" ? "$best_http_host" : quoted(upstreamVhost));
  out.line("", "# websockets");
  out.line("proxy_set_header                        Upgrade           $http_upgrade;", "");
  out.line(`proxy_set_header                        Connection        ${connectionHeader === "" ? "$connection_upgrade" : connectionHeader};`, ""); // prettier-ignore
  header("X-Request-ID", "$req_id");
  header("X-Real-IP", "$remote_addr");
  out.line("");
  const full = config.flag("use-forwarded-headers") && config.flag("compute-full-forwarded-for");
  header("X-Forwarded-For", full ? "$full_x_forwarded_for" : "$remote_addr");
  out.line("");
  header("X-Forwarded-Host", "$best_http_host");
  header("X-Forwarded-Port", "$pass_port");
  header("X-Forwarded-Proto", "$pass_access_scheme");
  header("X-Forwarded-Scheme", "$pass_access_scheme");
  out.line("");
  if (config.flag("proxy-add-original-uri-header")) header("X-Original-URI", "$request_uri");
  header("X-Scheme", "$pass_access_scheme");
  out.line("", "# as the client sent it");
  const name = config.text("forwarded-for-header").toLowerCase().replaceAll("-", "_");
  header("X-Original-Forwarded-For", `$http_${name}`);
  out.line("", "# against HTTPoxy");
  header("Proxy", '""');
  out.line("");
  if (!backend.startsWith("custom-default-backend-")) return;
  header("X-Code", "503");
  header("X-Format", "$http_accept");
  header("X-Namespace", "$namespace");
  header("X-Ingress-Name", "$ingress_name");
  header("X-Service-Name", "$service_name");
  header("X-Service-Port", "$service_port");
  out.line("");
}

function writeCors(out: ConfWriter, cors: Cors): void {
  const any = cors.origins.includes("*");
  if (any) out.line("set $http_origin *;", "set $cors 'true';");
  else {
    const origins = cors.origins.map((origin) => origin.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`).replaceAll("*", String.raw`[A-Za-z0-9\-]+`)); // prettier-ignore
    out.block(`if ($http_origin ~* (${origins.map((origin) => `(${origin})`).join("|")})$ )`, () => out.line("set $cors 'true';")); // prettier-ignore
  }
  out.line("");
  out.block("if ($request_method = 'OPTIONS')", () => out.line("set $cors ${cors}options;"));
  const headers = (): void => {
    out.line("more_set_headers 'Access-Control-Allow-Origin: $http_origin';");
    if (cors.credentials) out.line("more_set_headers 'Access-Control-Allow-Credentials: true';");
    out.line(`more_set_headers 'Access-Control-Allow-Methods: ${cors.methods}';`);
    out.line(`more_set_headers 'Access-Control-Allow-Headers: ${cors.headers}';`);
    if (cors.expose !== "") out.line(`more_set_headers 'Access-Control-Expose-Headers: ${cors.expose}';`);
    out.line(`more_set_headers 'Access-Control-Max-Age: ${cors.maxAge}';`);
  };
  out.line("");
  out.block('if ($cors = "true")', headers);
  out.line("");
  out.block('if ($cors = "trueoptions")', () => {
    headers();
    out.line(
      "more_set_headers 'Content-Type: text/plain charset=UTF-8';",
      "more_set_headers 'Content-Length: 0';",
      "return 204;",
    );
  });
  out.line("");
}
