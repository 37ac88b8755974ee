import type { IncomingMessage } from "node:http";
import type { OutsideRequest } from "../../sessions/protocol/index.ts";

/** Headers that a session's API server looks at. */
const WANTED = /^(accept|content-type|user-agent|authorization|impersonate-.+)$/;
const BEARER = /^base64url\.bearer\.authorization\.k8s\.io\.(.+)$/;

/** A request in the words of the protocol. `url` is without the session's prefix. */
export function askedOf(
  request: IncomingMessage,
  url: string,
  body: Buffer | undefined,
  upgrade = false,
): OutsideRequest {
  const headers = wantedHeaders(request);
  return {
    // What may be read may be asked about (apiserver requestinfo.go).
    method: request.method === "HEAD" ? "GET" : (request.method ?? "GET"),
    url,
    headers,
    body: body === undefined || body.length === 0 ? null : textOf(body, headers["content-type"]?.[0] ?? ""),
    upgrade,
  };
}

function wantedHeaders({ rawHeaders }: IncomingMessage): Record<string, string[]> {
  const headers: Record<string, string[]> = {};
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]!.toLowerCase();
    if (WANTED.test(name)) (headers[name] ??= []).push(rawHeaders[at + 1]!);
    else if (name === "sec-websocket-protocol") {
      // A browser cannot set headers of a websocket: a token comes as a protocol (apiserver authenticator/websocket).
      const token = protocolsOf(rawHeaders[at + 1]).map((protocol) => BEARER.exec(protocol)?.[1]);
      const found = token.find((each) => each !== undefined);
      if (found !== undefined) headers["authorization"] ??= [`Bearer ${Buffer.from(found, "base64url").toString()}`];
    }
  }
  return headers;
}

/** Protobuf is no text: one character a byte. */
function textOf(body: Buffer, contentType: string): string {
  return body.toString(contentType.startsWith("application/vnd.kubernetes.protobuf") ? "latin1" : "utf8");
}

/** The websocket subprotocols that a client offers, best first. */
export function protocolsOf(header: string | undefined): string[] {
  return (header ?? "")
    .split(",")
    .map((protocol) => protocol.trim())
    .filter((protocol) => protocol !== "");
}
