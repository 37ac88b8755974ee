import type { ResponseHead } from "../http/response-stream.ts";

/** As HTTP/2 has it: small letters, no reason, nothing about the connection. */
export function asHttp2(head: ResponseHead): ResponseHead {
  const fields = head.fields
    .filter(([name]) => !/^(?:connection|keep-alive|transfer-encoding)$/i.test(name))
    .map(([name, value]): [string, string] => [name.toLowerCase(), value]);
  const lines = [`HTTP/2 ${head.status} `, ...fields.map(([name, value]) => `${name}: ${value}`)];
  return { ...head, version: "HTTP/2", fields, lines };
}
