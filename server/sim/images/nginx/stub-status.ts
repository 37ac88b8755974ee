import { countersOf } from "./counters.ts";
import { renewReply, type Exchange } from "./exchange.ts";
import type { Decision } from "./rewrite.ts";

/** `stub_status` (ngx_http_stub_status_module.c); connections are never seen between two requests here. */
export function sendStatus(exchange: Exchange): Decision {
  if (!["GET", "HEAD"].includes(exchange.method)) return { status: 405 };
  const { connections, requests } = countersOf(exchange.connection.self);
  const body = `Active connections: 1 \nserver accepts handled requests\n ${connections} ${connections} ${requests} \nReading: 0 Writing: 1 Waiting: 0 \n`;
  renewReply(exchange, { contentType: "text/plain", body, length: body.length });
  return "sent";
}
