import type { Process } from "../../../../sim/host/index.ts";
import { goError } from "../../../../sim/images/index.ts";
import { decode, encode, type Bytes } from "../../../../sim/kernel/index.ts";
import { parseTarget, type Query, type WatchEvent } from "../../../../sim/kube/api/index.ts";
import { header, type Headers, type HttpRequest } from "../../../../sim/net/index.ts";
import { klog } from "../../client/klog.ts";
import type { ApiCall, ApiReply, ApiTransport } from "../../transport.ts";
import type { Reply } from "./http-server.ts";

/** Hands a request on to the API server, in the name of the kubeconfig's user, and its answer back as it comes. */
export async function forward(
  process: Process,
  transport: ApiTransport,
  request: HttpRequest,
  target: string,
): Promise<Reply> {
  const { method, headers, body } = request;
  if (headers.some(([name]) => name.toLowerCase().startsWith("impersonate-")))
    return goError(501, "drydock: kubectl: impersonation by headers through 'proxy' is not simulated");
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
  });
  if (reply.kind === "unreachable") {
    await klog(process, "E", "proxy_server.go:147", `Error while proxying request: ${reply.why}`);
    return goError(500, reply.why);
  }
  // Answers to people are indented (apiserver's isPrettyPrint).
  return answer(reply, /^(curl|Wget|Mozilla\/5\.0)/.test(userAgent));
}

function queryOf(search: string): Query {
  return parseTarget("GET", `/?${search}`).query;
}

function answer(reply: Exclude<ApiReply, { kind: "unreachable" }>, pretty: boolean): Reply {
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
    case "upgrade":
      return goError(501, "drydock: kubectl: upgraded connections through 'proxy' are not simulated");
  }
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
