const DIR = "/etc/nginx/lua";

/** The Lua files that the configuration of ingress-nginx v1.12 names (rootfs/etc/nginx/lua). */
export const LUA_PATHS = [
  `${DIR}/ngx_conf_init.lua`,
  `${DIR}/ngx_conf_init_worker.lua`,
  `${DIR}/ngx_conf_init_stream.lua`,
  `${DIR}/nginx/ngx_conf_init_tcp_udp.lua`,
  `${DIR}/nginx/ngx_conf_balancer.lua`,
  `${DIR}/nginx/ngx_conf_balancer_tcp_udp.lua`,
  `${DIR}/nginx/ngx_conf_certificate.lua`,
  `${DIR}/nginx/ngx_rewrite.lua`,
  `${DIR}/nginx/ngx_conf_srv_hdr_filter.lua`,
  `${DIR}/nginx/ngx_conf_srv_body_filter.lua`,
  `${DIR}/nginx/ngx_conf_log_block.lua`,
  `${DIR}/nginx/ngx_conf_log.lua`,
  `${DIR}/nginx/ngx_srv_redirect.lua`,
  `${DIR}/nginx/ngx_conf_configuration.lua`,
  `${DIR}/nginx/ngx_conf_is_dynamic_lb_initialized.lua`,
  `${DIR}/nginx/ngx_conf_content_tcp_udp.lua`,
  `${DIR}/nginx/ngx_not_found.lua`,
] as const;
