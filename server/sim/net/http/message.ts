import type { Bytes, Duration } from "../../kernel/index.ts";

/** Header fields in their order and case, as they cross the wire. */
export type Headers = readonly (readonly [name: string, value: string])[];

export interface HttpRequest {
  readonly method: string;
  /** As it stands in the request line: mostly a path with its query. */
  readonly target: string;
  readonly version: "HTTP/1.0" | "HTTP/1.1";
  readonly headers: Headers;
  readonly body: Bytes;
}

export interface HttpResponse {
  readonly status: number;
  readonly reason: string;
  readonly version?: "HTTP/1.0" | "HTTP/1.1";
  readonly headers: Headers;
  readonly body: Bytes;
  /** How long the server thinks. */
  readonly delay?: Duration;
  /** Closes the connection behind the response, whatever its headers say: half a body, no length. */
  readonly close?: "fin" | "reset";
}

/** The value of the first field of that name, in any case. */
export function header(message: { readonly headers: Headers }, name: string): string | undefined {
  const wanted = name.toLowerCase();
  return message.headers.find(([field]) => field.toLowerCase() === wanted)?.[1];
}

/** True if `token` is one of a field's comma-separated words. */
export function hasToken(message: { readonly headers: Headers }, name: string, token: string): boolean {
  const value = header(message, name);
  return value !== undefined && value.split(",").some((word) => word.trim().toLowerCase() === token);
}

/** Whether the connection stays open behind a response (RFC 9112, 9.3). */
export function staysOpen(request: HttpRequest, response: HttpResponse): boolean {
  if (response.close !== undefined || hasToken(response, "Connection", "close")) return false;
  if (hasToken(request, "Connection", "close")) return false;
  return request.version === "HTTP/1.1" || hasToken(request, "Connection", "keep-alive");
}
