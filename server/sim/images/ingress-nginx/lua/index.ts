import { renewReply } from "../../nginx/exchange.ts";
import type { LuaFile } from "../../nginx/lua.ts";
import { balance, chooseBackend } from "./balancer.ts";
import { certificateFor } from "./certificate.ts";
import { configuration, isInitialized } from "./configuration.ts";
import { strictTransport, redirectToHttps, wwwRedirect } from "./lua-ingress.ts";

const DIR = "/etc/nginx/lua";

/** What Lua files do, by path; those of `LUA_PATHS` that are not here do nothing that can be seen. */
export const LUA_FILES: Readonly<Record<string, LuaFile | undefined>> = {
  [`${DIR}/nginx/ngx_conf_balancer.lua`]: { balance },
  [`${DIR}/nginx/ngx_conf_certificate.lua`]: { certificate: certificateFor },
  [`${DIR}/nginx/ngx_rewrite.lua`]: {
    rewrite: (exchange) => redirectToHttps(exchange) ?? chooseBackend(exchange),
  },
  [`${DIR}/nginx/ngx_conf_srv_hdr_filter.lua`]: { header: strictTransport },
  [`${DIR}/nginx/ngx_srv_redirect.lua`]: { value: wwwRedirect },
  [`${DIR}/nginx/ngx_conf_configuration.lua`]: { content: configuration },
  [`${DIR}/nginx/ngx_conf_is_dynamic_lb_initialized.lua`]: { content: isInitialized },
  [`${DIR}/nginx/ngx_not_found.lua`]: {
    content(exchange) {
      renewReply(exchange, {});
      return { status: 404 };
    },
  },
};
