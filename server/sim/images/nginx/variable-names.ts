/** Variables of nginx' own modules that we give values to (ngx_http_core_variables and others). */
const NAMES = new Set(
  `args arg_ binary_remote_addr body_bytes_sent bytes_sent connection connection_requests content_length content_type cookie_
document_root document_uri host hostname http_ https is_args limit_rate msec nginx_version pid pipe proxy_add_x_forwarded_for
proxy_host proxy_port query_string realpath_root remote_addr remote_port remote_user request request_body request_completion
request_filename request_id request_length request_method request_time request_uri scheme sent_http_ server_addr server_name
server_port server_protocol status time_iso8601 time_local uri upstream_addr upstream_status upstream_response_time
upstream_connect_time upstream_header_time upstream_response_length upstream_bytes_received upstream_http_ ssl_protocol
ssl_server_name ssl_cipher connections_active connections_reading connections_writing connections_waiting`.split(/\s+/),
);

const PREFIXES = ["arg_", "cookie_", "http_", "sent_http_", "upstream_http_"];

/** `set` may write them. */
const CHANGEABLE = new Set(["args", "limit_rate"]);

export function isBuiltin(name: string): boolean {
  return NAMES.has(name) || PREFIXES.some((prefix) => name.startsWith(prefix) && name.length > prefix.length);
}

export function isChangeable(name: string): boolean {
  return CHANGEABLE.has(name) || PREFIXES.some((prefix) => name.startsWith(prefix));
}
