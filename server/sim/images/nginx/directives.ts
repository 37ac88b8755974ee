/**
 * The directives of nginx' own modules: where they may stand, how many arguments they take, and what we do with them.
 * From the ngx_command_t tables in nginx/src/{core,event,http}.
 */

/** main, events, http, server, location, upstream, `if` in a server, `if` in a location, limit_except; stream, and a block in it. */
export type ConfContext = "M" | "E" | "H" | "S" | "L" | "U" | "I" | "J" | "X" | "T" | "V";

/** How its value is read, which decides the words for wrong and for repeated ones (ngx_conf_set_*_slot). */
export type Slot = "flag" | "string" | "number" | "size" | "time" | "buffers" | "list" | "own";

export interface DirectiveType {
  readonly name: string;
  readonly contexts: string;
  readonly least: number;
  readonly most: number;
  readonly block: boolean;
  readonly slot: Slot;
  /** `inert`: nothing of it can be seen here. */
  readonly status: "simulated" | "inert" | "unsimulated";
  /** Of a module that not every nginx is built with. */
  readonly module?: string;
}

const SLOTS: Readonly<Record<string, Slot>> = {
  f: "flag",
  s: "string",
  n: "number",
  z: "size",
  t: "time",
  b: "buffers",
  a: "list",
  o: "own",
};

/** A line: contexts, number of arguments (`{` marks a block), slot, then names. */
const SIMULATED = `
M 1-2 o user
M 1 a load_module
M 1 o worker_processes
M 1 s pid
M 1 f daemon master_process
MHSL 1+ o error_log
MEHSLUIJXTV 1 a include
M 0{ o events http
H 0{ o server
HSLJ 1 o root
L 1 o alias
HSL 1+ a index
S 1+ a listen server_name
SL 1-2{ a location
SL 2+ o try_files
SLIJ 1-2 a return
SLIJ 2-3 a rewrite
SLIJ 2 a set
SL 1+{ a if
SLIJ 0 a break
HSLJ 2+ a error_page
HSLJ 2-3 a add_header
HSLJ 1-2 o expires
HSL 1 s default_type
HSL 1 a mirror
HSL 1 f mirror_request_body
HSL 0{ a types
HSL 1 f autoindex etag merge_slashes port_in_redirect absolute_redirect server_name_in_redirect log_not_found recursive_error_pages
HSL 1 o server_tokens
HSLJX 1+ a access_log
H 2+ a log_format
HSL 1 z client_max_body_size
HSL 1-2 o keepalive_timeout
HSLX 1 a allow deny
HSL 1 o satisfy
HSLX 1 o auth_basic auth_basic_user_file
L 1+{ o limit_except
HSL 1 s auth_request
HSL 2 a auth_request_set
SL 0-1 o stub_status
L 0 o internal
HSLJ 1 o charset
HSLJ 1 f gzip
HSL 1+ a gzip_types
HSL 1 f gzip_vary
HSL 1 z gzip_min_length
HSL 1 s gzip_http_version
HSL 1+ o gzip_proxied
H 2{ a map split_clients
H 1-2{ a geo
H 2+ a limit_req_zone
HSL 1+ a limit_req
HSL 1 n limit_req_status
HSL 1 s limit_req_log_level
HSL 1 f underscores_in_headers ignore_invalid_headers
HS 1 f ssl_reject_handshake http2
LJX 1 o proxy_pass
HSL 2 a proxy_set_header
HSL 1 a proxy_hide_header proxy_pass_header
HSL 1-2 a proxy_redirect
HSL 1 s proxy_http_version
HSL 1 f proxy_intercept_errors
HSL 1 t proxy_connect_timeout proxy_read_timeout
HSL 1+ o proxy_next_upstream
HSL 1 t proxy_next_upstream_timeout
HSL 1 n proxy_next_upstream_tries
HSL 1 f proxy_pass_request_headers proxy_pass_request_body
HSL 1 s proxy_method
HSLJ 1 o proxy_set_body
H 1{ a upstream
U 1+ a server
U 0 o least_conn ip_hash
U 0-2 o random
HSLU 1+ o resolver
HS 1 s ssl_certificate ssl_certificate_key
`;

const INERT = `
M 1 s lock_file working_directory ssl_engine
M 1 n worker_priority worker_rlimit_nofile
M 1 t timer_resolution worker_shutdown_timeout
M 1+ a env worker_cpu_affinity thread_pool
M 1 z worker_rlimit_core
M 1 s debug_points
M 1 f pcre_jit
E 1 o worker_connections use
E 1 f multi_accept accept_mutex
E 1 t accept_mutex_delay
E 1 n worker_aio_requests
E 1 a debug_connection
HSLJ 1 f sendfile tcp_nopush
HSL 1 f tcp_nodelay reset_timedout_connection log_subrequest chunked_transfer_encoding
HSL 1 o aio directio lingering_close client_body_in_file_only
HSL 1 f aio_write client_body_in_single_buffer msie_refresh
HSL 1 n keepalive_requests
HSL 1 t keepalive_time send_timeout client_body_timeout lingering_time lingering_timeout resolver_timeout
HS 1 t client_header_timeout
HSL 1 z client_body_buffer_size directio_alignment sendfile_max_chunk postpone_output read_ahead send_lowat subrequest_output_buffer_size
HS 1 z client_header_buffer_size connection_pool_size request_pool_size
HS 2 b large_client_header_buffers
HSL 2 b output_buffers
HSL 1-4 o client_body_temp_path
HSL 1+ o open_file_cache open_log_file_cache disable_symlinks
HSL 1 t open_file_cache_valid
HSL 1 n open_file_cache_min_uses
HSL 1 f open_file_cache_errors
H 1 n server_names_hash_max_size server_names_hash_bucket_size variables_hash_max_size variables_hash_bucket_size map_hash_max_size map_hash_bucket_size
HSL 1 n types_hash_max_size types_hash_bucket_size proxy_headers_hash_max_size proxy_headers_hash_bucket_size gzip_comp_level
HSL 2 b gzip_buffers
HSL 1+ a gzip_disable
HSL 1 f proxy_buffering proxy_request_buffering proxy_ignore_client_abort proxy_socket_keepalive proxy_force_ranges
HSL 1 z proxy_buffer_size proxy_busy_buffers_size proxy_temp_file_write_size proxy_max_temp_file_size proxy_limit_rate proxy_send_lowat
HSL 2 b proxy_buffers
HSL 1-4 o proxy_temp_path fastcgi_temp_path uwsgi_temp_path scgi_temp_path
HSL 1 t proxy_send_timeout
HSL 2-3 a fastcgi_param uwsgi_param scgi_param
HSL 1 s fastcgi_index
HSL 1 o fastcgi_split_path_info
U 1+ o keepalive keepalive_requests keepalive_timeout keepalive_time zone
HS 1+ a ssl_protocols ssl_session_cache ssl_conf_command ssl_password_file
HS 1 s ssl_ciphers ssl_ecdh_curve ssl_dhparam ssl_session_ticket_key
HS 1 f ssl_prefer_server_ciphers ssl_session_tickets ssl_stapling ssl_early_data http3
HS 1 t ssl_session_timeout
HS 1 z ssl_buffer_size
HS 1 n http2_max_concurrent_streams
HSL 1 f proxy_ssl_session_reuse rewrite_log uninitialized_variable_warn
HSL 1+ a proxy_cookie_domain proxy_cookie_path
H 2+ a proxy_cache_path limit_conn_zone
HSL 2 a limit_conn
HSL 1 n limit_conn_status
HS 1 z http2_recv_buffer_size http2_chunk_size
`;

/** Known to nginx, and not to us. */
const UNSIMULATED = `
M 0{ o mail stream
HSL 1 f if_modified_since msie_padding gunzip gzip_static ssi sub_filter_once sub_filter_last_modified addition_types proxy_ignore_headers
HSL 1 s if_modified_since
HSLJ 1 o limit_rate limit_rate_after
HSL 1 n max_ranges
HSLJ 2-3 a add_trailer
HSL 1+ a proxy_ignore_headers proxy_cookie_flags proxy_cache_valid proxy_cache_bypass proxy_no_cache proxy_cache_methods proxy_store_access
H 1+ a fastcgi_cache_path
HSL 1 o proxy_cache proxy_cache_key proxy_cache_use_stale proxy_store proxy_bind proxy_cache_lock proxy_cache_revalidate proxy_cache_min_uses
HSL 1 o proxy_ssl_certificate proxy_ssl_certificate_key proxy_ssl_trusted_certificate proxy_ssl_verify proxy_ssl_name proxy_ssl_server_name proxy_ssl_protocols proxy_ssl_ciphers proxy_ssl_verify_depth
LJ 1 o fastcgi_pass uwsgi_pass scgi_pass grpc_pass memcached_pass
HSL 1+ a fastcgi_buffers fastcgi_buffer_size fastcgi_read_timeout fastcgi_connect_timeout fastcgi_send_timeout fastcgi_hide_header fastcgi_intercept_errors grpc_set_header grpc_read_timeout
HSL 1+ a valid_referers set_real_ip_from sub_filter sub_filter_types
HSL 1 o real_ip_header real_ip_recursive
L 0 o empty_gif flv mp4
L 1 o random_index secure_link secure_link_md5 slice post_action
HSL 1+ a dav_methods dav_access
HSL 1 f create_full_put_path autoindex_exact_size autoindex_localtime override_charset
HSL 1 s autoindex_format
HSL 1+ a charset_types
H 2{ a charset_map
HS 1 s ssl_client_certificate ssl_trusted_certificate ssl_crl
HS 1 o ssl_verify_client ssl_verify_depth ssl_stapling_verify
U 1+ o hash sticky ntlm
HS 1+ a userid userid_name js_path
H 1+ a perl_modules perl_require perl_set xml_entities image_filter_buffer
`;

/** Modules that ingress-nginx builds in. In `stream` nothing is served. */
const LUA = `
H 1 s lua_package_path lua_package_cpath
H 2 a lua_shared_dict
H 1 a init_by_lua_file init_worker_by_lua_file
U 1 a balancer_by_lua_file
HSLJ 1 s rewrite_by_lua_file access_by_lua_file header_filter_by_lua_file body_filter_by_lua_file log_by_lua_file
HS 1 s ssl_certificate_by_lua_file
LJ 1 o content_by_lua_file
SLIJ 2+ a set_by_lua_file
M 0{ o stream
T 1 s lua_package_path
T 2 a lua_shared_dict
T 1 a init_by_lua_file init_worker_by_lua_file lua_add_variable
T 2+ a log_format
TV 1+ a access_log error_log
T 1+ a resolver
T 1{ a upstream
T 0{ a server
V 1+ a server listen
V 1 a balancer_by_lua_file content_by_lua_file
`;

/** njs (ngx_http_js_module): there is no JavaScript here either: modules that we know do the same (njs.ts). */
const NJS = `
HSL 1-3 a js_import js_preload_object
LJX 1-2 o js_content
`;

/** A `stream` block that serves nothing: its settings may stand there. */
const STREAM = `
M 0{ o stream
T 1 n variables_hash_max_size variables_hash_bucket_size map_hash_max_size map_hash_bucket_size
T 2+ a log_format
T 1+ a access_log error_log
`;

const HEADERS_MORE = `
HSLIJ 1+ a more_set_headers more_clear_headers
`;

const SET_MISC = `
SLIJ 1-2 a set_escape_uri
`;

const table = new Map<string, DirectiveType[]>();

function enter(lines: string, status: DirectiveType["status"], module?: string): void {
  for (const line of lines.trim().split("\n")) {
    const [contexts, count, slot, ...names] = line.split(" ") as [string, string, string, ...string[]];
    const [, low, high, block] = /^(\d)(\+|-\d)?(\{)?$/.exec(count) as unknown as [string, string, string?, string?];
    const most = high === undefined ? Number(low) : high === "+" ? Infinity : Number(high.slice(1));
    for (const name of names) {
      const type = { name, contexts, least: Number(low), most, block: block === "{", slot: SLOTS[slot]!, status };
      const own = module === undefined ? type : { ...type, module };
      table.set(name, [...(table.get(name) ?? []), own]);
    }
  }
}

enter(LUA, "simulated", "lua");
enter(HEADERS_MORE, "simulated", "headers-more");
enter(SET_MISC, "simulated", "set-misc");
enter(NJS, "simulated", "njs");
enter(STREAM, "simulated", "stream");
enter(SIMULATED, "simulated");
enter(INERT, "inert");
enter(UNSIMULATED, "unsimulated");

/** All directives of that name that an nginx with these modules knows: `server` is one of http and another of upstream. */
export function directiveTypes(name: string, modules: ReadonlySet<string>): readonly DirectiveType[] {
  return (table.get(name) ?? []).filter(({ module }) => module === undefined || modules.has(module));
}
