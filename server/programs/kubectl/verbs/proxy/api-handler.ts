import { createHash } from "node:crypto";
import type { Process } from "../../../../sim/host/index.ts";
import { goError } from "../../../../sim/images/index.ts";
import { decode, encode, type Bytes } from "../../../../sim/kernel/index.ts";
import { parseTarget, type Query, type WatchEvent } from "../../../../sim/kube/api/index.ts";
import { impersonationHeaders } from "../../../../sim/kube/access/impersonation.ts";
import { hasToken, header, type Headers, type HttpRequest } from "../../../../sim/net/index.ts";
import { PROTOCOL, serveCommand } from "../../remote/channels.ts";
import { klog } from "../../client/klog.ts";
import type { ApiCall, ApiReply, ApiTransport, OutsideCommand } from "../../transport.ts";
import type { Reply } from "./http-server.ts";

/** Hands a request on to the API server, in the name of the kubeconfig's user, and its answer back as it comes. */
export async function forward(
  process: Process,
  transport: ApiTransport,
  request: HttpRequest,
  target: string,
): Promise<Reply> {
  const { method, headers, body } = request;
  const impersonate = impersonationHeaders(headers);
  const userAgent = header(request, "User-Agent") ?? "";
  const [path = "", search = ""] = target.split(/\?(.*)/s);
  const reply = await transport.request({
    method: method as ApiCall["method"],
    path,
    query: queryOf(search),
    accept: header(request, "Accept") ?? "",
    contentType: header(request, "Content-Type") ?? "",
    body: body === "" ? undefined : decode(body),
    userAgent,
    ...(impersonate?.user === undefined ? {} : { impersonate }),
  });
  if (reply.kind === "unreachable") {
    await klog(process, "E", "proxy_server.go:147", `Error while proxying request: ${reply.why}`);
    return goError(500, reply.why);
  }
  // Answers to people are indented (apiserver's isPrettyPrint).
  if (reply.kind === "upgrade") return upgrade(request, reply.connection as unknown as OutsideCommand, queryOf(search));
  return answer(reply, /^(curl|Wget|Mozilla\/5\.0)/.test(userAgent));
}

function queryOf(search: string): Query {
  return parseTarget("GET", `/?${search}`).query;
}

function answer(reply: Exclude<ApiReply, { kind: "unreachable" | "upgrade" }>, pretty: boolean): Reply {
  switch (reply.kind) {
    case "object": {
      const { code, mediaType, object, warnings } = reply;
      const body = encode(`${JSON.stringify(object, null, pretty ? 2 : undefined)}\n`);
      return { status: code, headers: [...common(mediaType, warnings), ["Content-Length", String(body.length)]], body };
    }
    case "text": {
      const body = encode(reply.text);
      const length = ["Content-Length", String(body.length)] as const;
      return { status: reply.code, headers: [...common(reply.mediaType, []), length], body };
    }
    case "watch":
      return { headers: common("application/json", reply.warnings), pieces: lines(reply.events) };
    case "bytes":
      return { headers: common("text/plain", []), pieces: reply.chunks };
  }
}

/** Lets a client of WebSockets have the streams of a command. */
function upgrade(request: HttpRequest, command: OutsideCommand, query: Query): Reply {
  const protocols = (header(request, "Sec-WebSocket-Protocol") ?? "").split(",").map((one) => one.trim());
  if (!hasToken(request, "Upgrade", "websocket") || !protocols.includes(PROTOCOL) || !("serve" in command))
    return goError(501, `drydock: kubectl: 'proxy' carries only exec and attach, over WebSockets with ${PROTOCOL}`);
  const wants = (name: string): boolean => /^(1|true)$/.test(query[name]?.[0] ?? "");
  const wanted = { stdin: wants("stdin"), stdout: wants("stdout"), stderr: wants("stderr"), tty: wants("tty") };
  const headers: Headers = [
    ["Connection", "Upgrade"],
    ["Sec-Websocket-Accept", acceptKey(header(request, "Sec-WebSocket-Key") ?? "")],
    ["Sec-Websocket-Protocol", PROTOCOL],
    ["Upgrade", "websocket"],
  ];
  return {
    status: 101,
    headers,
    takeOver: async (process, socket, rest) => serveCommand(process, socket, command, wanted, rest),
  };
}

/** RFC 6455 4.2.2 */
function acceptKey(key: string): string {
  return createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
}

function common(mediaType: string, warnings: readonly string[]): Headers {
  return [
    ["Cache-Control", "no-cache, private"],
    ["Content-Type", mediaType],
    ...warnings.map((text) => ["Warning", `299 - "${text.replace(/["\\]/g, "\\$&")}"`] as const),
  ];
}

async function* lines(events: AsyncIterable<WatchEvent>): AsyncGenerator<Bytes> {
  for await (const { type, object } of events) yield encode(`${JSON.stringify({ type, object })}\n`);
}
