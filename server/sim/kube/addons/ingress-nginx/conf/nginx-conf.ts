import type { ControllerConfig } from "../config-map.ts";
import type { RateLimit } from "../annotations/annotations.ts";
import type { Options } from "../options.ts";
import type { Certificate } from "../model/certificate.ts";
import type { Server } from "../model/server.ts";
import { writeServer } from "./server.ts";
import { ConfWriter } from "./writer.ts";

const LUA = "/etc/nginx/lua";
export const FAKE_CERTIFICATE = "/etc/ingress-controller/ssl/default-fake-certificate.pem";

export interface ConfInput {
  readonly config: ControllerConfig;
  readonly options: Options;
  readonly servers: readonly Server[];
  readonly resolvers: readonly string[];
  readonly defaultCertificate: Certificate;
  /** How many workers `auto` is. */
  readonly cpus: number;
  readonly ipv6: boolean;
}

/**
 * nginx.conf: the structure of rootfs/etc/nginx/template/nginx.tmpl of v1.12, as the controller writes it into its container.
 * The checksum is that of the model; the line is put in by the caller.
 */
export function nginxConf(input: ConfInput, checksum: string): string {
  const { config, cpus } = input;
  const out = new ConfWriter();
  out.line(
    "",
    `# Configuration checksum: ${checksum}`,
    "",
    "# custom paths that do not need root",
    "pid /tmp/nginx/nginx.pid;",
  );
  out.line("", "daemon off;", "");
  const workers = config.text("worker-processes");
  out.line(`worker_processes ${workers === "auto" ? cpus : workers};`, "");
  out.line(`worker_rlimit_nofile ${config.text("max-worker-open-files")};`, "");
  out.line(`worker_shutdown_timeout ${config.text("worker-shutdown-timeout")} ;`, "");
  const main = config.text("main-snippet");
  if (main !== "") out.snippet(main);
  out.block("events", () => {
    out.line("multi_accept        on;");
    out.line(`worker_connections  ${config.text("max-worker-connections")};`);
    out.line("use                 epoll;", "");
  });
  out.line("");
  out.block("http", () => writeHttp(out, input));
  out.line("");
  writeStream(out, input);
  return out.text;
}

function writeHttp(out: ConfWriter, input: ConfInput): void {
  const { config, servers, resolvers, defaultCertificate } = input;
  const text = (name: Parameters<ControllerConfig["text"]>[0]): string => config.text(name);
  const onOff = (value: boolean): string => (value ? "on" : "off");
  out.line('lua_package_path "/etc/nginx/lua/?.lua;;";', "");
  for (const [name, size] of DICTIONARIES) out.line(`lua_shared_dict ${name} ${size};`);
  out.line(
    "",
    `init_by_lua_file ${LUA}/ngx_conf_init.lua;`,
    "",
    `init_worker_by_lua_file ${LUA}/ngx_conf_init_worker.lua;`,
    "",
  );
  out.line("aio                 threads;", "");
  out.line("aio_write           on;", "", "tcp_nopush          on;", "tcp_nodelay         on;", "");
  out.line("log_subrequest      on;", "", "reset_timedout_connection on;", "");
  out.line(`keepalive_timeout  ${text("keep-alive")}s;`, `keepalive_requests ${text("keep-alive-requests")};`, "");
  out.line(
    "client_body_temp_path           /tmp/nginx/client-body;",
    "fastcgi_temp_path               /tmp/nginx/fastcgi-temp;",
  );
  out.line("proxy_temp_path                 /tmp/nginx/proxy-temp;", "");
  out.line(`client_header_buffer_size       ${text("client-header-buffer-size")};`);
  out.line(`client_header_timeout           ${text("client-header-timeout")}s;`);
  out.line(`large_client_header_buffers     ${text("large-client-header-buffers")};`);
  out.line(`client_body_buffer_size         ${text("client-body-buffer-size")};`);
  out.line(`client_body_timeout             ${text("client-body-timeout")}s;`, "");
  out.line("http2_max_concurrent_streams    128;", "");
  out.line("types_hash_max_size             2048;");
  out.line(`server_names_hash_max_size      ${text("server-name-hash-max-size")};`);
  out.line(`server_names_hash_bucket_size   ${text("server-name-hash-bucket-size")};`);
  out.line(`map_hash_bucket_size            ${text("map-hash-bucket-size")};`, "");
  out.line("proxy_headers_hash_max_size     512;", "proxy_headers_hash_bucket_size  64;", "");
  out.line(`variables_hash_bucket_size      ${text("variables-hash-bucket-size")};`);
  out.line(`variables_hash_max_size         ${text("variables-hash-max-size")};`, "");
  out.line(`underscores_in_headers          ${onOff(config.flag("enable-underscores-in-headers"))};`);
  out.line(`ignore_invalid_headers          ${onOff(config.flag("ignore-invalid-headers"))};`, "");
  out.line(`limit_req_status                ${text("limit-req-status-code")};`);
  out.line(`limit_conn_status               ${text("limit-conn-status-code")};`, "");
  out.line("include /etc/nginx/mime.types;", `default_type ${text("default-type")};`, "");
  if (config.flag("use-gzip")) {
    out.line("gzip on;", `gzip_comp_level ${text("gzip-level")};`, "gzip_http_version 1.1;");
    out.line(`gzip_min_length ${text("gzip-min-length")};`, `gzip_types ${text("gzip-types")};`, "gzip_proxied any;", "gzip_vary on;", ""); // prettier-ignore
  }
  out.line(`server_tokens ${onOff(config.flag("server-tokens"))};`);
  if (!config.flag("server-tokens")) out.line("", "more_clear_headers Server;");
  out.line("", "uninitialized_variable_warn off;", "");
  const escape = config.flag("log-format-escape-none") ? "escape=none " : config.flag("log-format-escape-json") ? "escape=json " : ""; // prettier-ignore
  out.line(`log_format upstreaminfo ${escape}'${text("log-format-upstream")}';`, "");
  out.block("map $request_uri $loggable", () => {
    for (const uri of config.list("skip-access-log-urls")) out.line(`${uri} 0;`);
    out.line("default 1;");
  });
  out.line("");
  if (config.flag("disable-access-log")) out.line("access_log off;");
  else out.line(`access_log ${text("access-log-path")} upstreaminfo  if=$loggable;`);
  out.line("", `error_log  ${text("error-log-path")} ${text("error-log-level")};`, "");
  if (resolvers.length > 0) out.line(`resolver ${resolvers.join(" ")} valid=30s;`, "");
  out.block("map $http_upgrade $connection_upgrade", () => {
    out.line("default          upgrade;");
    out.line(config.number("upstream-keepalive-connections") > 0 ? "''               '';" : "''               close;");
  });
  out.line("");
  out.block("map $http_x_request_id $req_id", () => {
    out.line("default   $http_x_request_id;");
    if (config.flag("generate-request-id")) out.line('""        $request_id;');
  });
  out.line("");
  if (config.flag("use-forwarded-headers") && config.flag("compute-full-forwarded-for")) {
    out.block("map $http_x_forwarded_for $full_x_forwarded_for", () => {
      out.line('default          "$http_x_forwarded_for, $remote_addr";', `''               "$remote_addr";`);
    });
    out.line("");
  }
  out.block("geo $literal_dollar", () => out.line('default "$";'));
  out.line("", "server_name_in_redirect off;", "port_in_redirect        off;", "");
  out.line(
    `ssl_protocols ${text("ssl-protocols")};`,
    "",
    `ssl_early_data ${onOff(config.flag("ssl-early-data"))};`,
    "",
  );
  if (config.flag("ssl-session-cache")) {
    out.line(`ssl_session_cache shared:SSL:${text("ssl-session-cache-size")};`);
    out.line(`ssl_session_timeout ${text("ssl-session-timeout")};`, "");
  }
  out.line(
    `ssl_session_tickets ${onOff(config.flag("ssl-session-tickets"))};`,
    "",
    `ssl_buffer_size ${text("ssl-buffer-size")};`,
    "",
  );
  out.line(`ssl_ciphers '${text("ssl-ciphers")}';`, "ssl_prefer_server_ciphers on;", "", `ssl_ecdh_curve ${text("ssl-ecdh-curve")};`, ""); // prettier-ignore
  out.line(`# PEM sha: ${defaultCertificate.sha}`, `ssl_certificate     ${certificateFile(defaultCertificate)};`);
  out.line(`ssl_certificate_key ${certificateFile(defaultCertificate)};`, "");
  const errors = config.list("custom-http-errors");
  if (errors.length > 0) out.line("proxy_intercept_errors on;");
  for (const code of errors) out.line(`error_page ${code} = @custom_upstream-default-backend_${code};`);
  out.line("proxy_ssl_session_reuse on;", "");
  if (config.flag("allow-backend-server-header")) out.line("proxy_pass_header Server;");
  for (const header of config.list("hide-headers")) out.line(`proxy_hide_header ${header};`);
  if (text("http-snippet") !== "") out.snippet(text("http-snippet"));
  out.block("upstream upstream_balancer", () => {
    out.line("# endpoints are chosen by Lua", "server 0.0.0.1; # placeholder", "");
    out.line(`balancer_by_lua_file ${LUA}/nginx/ngx_conf_balancer.lua;`);
    if (config.number("upstream-keepalive-connections") <= 0) return;
    out.line(
      "",
      `keepalive ${text("upstream-keepalive-connections")};`,
      `keepalive_time ${text("upstream-keepalive-time")};`,
    );
    out.line(`keepalive_timeout  ${text("upstream-keepalive-timeout")}s;`, `keepalive_requests ${text("upstream-keepalive-requests")};`); // prettier-ignore
  });
  out.line("");
  writeRateLimits(out, servers, text("limit-conn-zone-variable"));
  out.line("proxy_cache_path /tmp/nginx/nginx-cache-auth levels=1:2 keys_zone=auth_cache:10m max_size=128m inactive=30m use_temp_path=off;", ""); // prettier-ignore
  for (const range of config.list("block-cidrs")) out.line(`deny ${range};`);
  for (const [option, variable, source] of [
    ["block-user-agents", "$block_ua", "$http_user_agent"],
    ["block-referers", "$block_ref", "$http_referer"],
  ] as const)
    if (config.list(option).length > 0)
      out.block(`map ${source} ${variable}`, () => {
        out.line("default 0;");
        for (const word of config.list(option)) out.line(`${word} 1;`);
      });
  for (const server of servers) {
    writeServer(out, server, input);
    out.line("");
  }
  writeInternal(out, input);
}

/** Where the controller keeps a certificate that nginx reads itself: the default one. */
export function certificateFile({ name }: Certificate): string {
  return name === "" ? FAKE_CERTIFICATE : `/etc/ingress-controller/ssl/${name.replace("/", "-")}.pem`;
}

const DICTIONARIES = [
  ["balancer_ewma", "10M"],
  ["balancer_ewma_last_touched_at", "10M"],
  ["balancer_ewma_locks", "1M"],
  ["certificate_data", "20M"],
  ["certificate_servers", "5M"],
  ["configuration_data", "20M"],
  ["luaconfig", "5M"],
  ["ocsp_response_cache", "5M"],
] as const;

/** One zone for each kind of limit of an Ingress. */
function writeRateLimits(out: ConfWriter, servers: readonly Server[], variable: string): void {
  const limits = new Map<string, RateLimit>();
  for (const { annotations } of servers.flatMap(({ locations }) => locations))
    if (annotations.rateLimit) limits.set(annotations.rateLimit.id, annotations.rateLimit);
  const zones = new Set<string>();
  for (const { name, id, allow, connections, rps, rpm } of limits.values()) {
    out.line(`# Ratelimit ${name}`);
    out.block(`geo $remote_addr $allowlist_${id}`, () => {
      out.line("default 0;");
      for (const range of allow) out.line(`${range} 1;`);
    });
    out.line("", `# Ratelimit ${name}`);
    out.block(`map $allowlist_${id} $limit_${id}`, () => out.line(`0 ${variable};`, '1 "";'));
    out.line("");
    if (connections > 0) zones.add(`limit_conn_zone $limit_${id} zone=${name}_conn:5m;`);
    if (rpm > 0) zones.add(`limit_req_zone $limit_${id} zone=${name}_rpm:5m rate=${rpm}r/m;`);
    if (rps > 0) zones.add(`limit_req_zone $limit_${id} zone=${name}_rps:5m rate=${rps}r/s;`);
  }
  for (const zone of [...zones].toSorted()) out.line(zone);
  if (zones.size > 0) out.line("");
}

/** The server behind `upstream-default-backend`, and the one that only this Pod reaches. */
function writeInternal(out: ConfWriter, { options, ipv6 }: ConfInput): void {
  const { "default-server-port": standard, "status-port": status } = options.numbers;
  out.line("# backend for requests that no rule takes");
  out.block("server", () => {
    out.line(`listen ${standard} default_server reuseport backlog=4096;`);
    if (ipv6) out.line(`listen [::]:${standard} default_server reuseport backlog=4096;`);
    out.line('set $proxy_upstream_name "internal";', "", "access_log off;", "");
    out.block("location /", () => out.line("return 404;"));
  });
  out.line("", "# health checks, and the door of the controller");
  out.block("server", () => {
    out.line(`listen 127.0.0.1:${status};`, 'set $proxy_upstream_name "internal";', "");
    out.line("keepalive_timeout 0;", "gzip off;", "", "access_log off;", "");
    out.block(`location ${options.text["health-check-path"]}`, () => out.line("return 200;"));
    out.line("");
    out.block("location /is-dynamic-lb-initialized", () =>
      out.line(`content_by_lua_file ${LUA}/nginx/ngx_conf_is_dynamic_lb_initialized.lua;`),
    );
    out.line("");
    out.block("location /nginx_status", () => out.line("stub_status on;"));
    out.line("");
    out.block("location /configuration", () => {
      out.line("client_max_body_size                    21M;", "client_body_buffer_size                 21M;");
      out.line("proxy_buffering                         off;", "");
      out.line(`content_by_lua_file ${LUA}/nginx/ngx_conf_configuration.lua;`);
    });
    out.line("");
    out.block("location /", () => out.line(`content_by_lua_file ${LUA}/nginx/ngx_not_found.lua;`));
  });
}

/** TCP and UDP services, of which there are none. */
function writeStream(out: ConfWriter, { config, options, resolvers }: ConfInput): void {
  out.block("stream", () => {
    out.line('lua_package_path "/etc/nginx/lua/?.lua;/etc/nginx/lua/vendor/?.lua;;";', "");
    out.line("lua_shared_dict tcp_udp_configuration_data 5M;", "");
    if (resolvers.length > 0) out.line(`resolver ${resolvers.join(" ")} valid=30s;`, "");
    out.line(`init_by_lua_file ${LUA}/ngx_conf_init_stream.lua;`, "");
    out.line(
      `init_worker_by_lua_file ${LUA}/nginx/ngx_conf_init_tcp_udp.lua;`,
      "",
      "lua_add_variable $proxy_upstream_name;",
      "",
    );
    out.line("log_format log_stream '[$remote_addr] [$time_local] $protocol $status $bytes_sent $bytes_received $session_time';", ""); // prettier-ignore
    out.line(config.flag("disable-access-log") ? "access_log off;" : `access_log ${config.text("access-log-path")} log_stream ;`, ""); // prettier-ignore
    out.line(`error_log  ${config.text("error-log-path")} ${config.text("error-log-level")};`, "");
    out.block("upstream upstream_balancer", () => {
      out.line(
        "server 0.0.0.1:1234; # placeholder",
        `balancer_by_lua_file ${LUA}/nginx/ngx_conf_balancer_tcp_udp.lua;`,
      );
    });
    out.line("");
    out.block("server", () => {
      out.line(`listen 127.0.0.1:${options.numbers["stream-port"]};`, "", "access_log off;", "");
      out.line(`content_by_lua_file ${LUA}/nginx/ngx_conf_content_tcp_udp.lua;`);
    });
  });
}
