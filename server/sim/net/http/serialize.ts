import type { Bytes } from "../../kernel/index.ts";
import type { Headers, HttpRequest, HttpResponse } from "./message.ts";

export function serializeRequest(request: HttpRequest): Bytes {
  return `${request.method} ${request.target} ${request.version}\r\n${fields(request.headers)}\r\n${request.body}`;
}

/** A response as it crosses the wire; to HEAD it goes without its body. */
export function serializeResponse(response: HttpResponse, method: string): Bytes {
  const { version = "HTTP/1.1", status, reason, headers, body } = response;
  const start = `${version} ${status} ${reason}`.trimEnd();
  return `${start}\r\n${fields(headers)}\r\n${method === "HEAD" ? "" : body}`;
}

function fields(headers: Headers): string {
  return headers.map(([name, value]) => `${name}: ${value}\r\n`).join("");
}
