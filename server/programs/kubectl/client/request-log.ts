import type { Process } from "../../../sim/host/index.ts";
import { MILLISECOND, type Time } from "../../../sim/kernel/index.ts";
import { quote } from "../output/golang/quote.ts";
import { USER_AGENT } from "../serve.ts";
import type { ApiCall, ApiReply, RestConfig } from "../transport.ts";
import { klog } from "./klog.ts";

/** client-go's gates, which it names when it first looks at them. */
const GATES = {
  ClientsAllowCBOR: false,
  ClientsPreferCBOR: false,
  InOrderInformers: true,
  InformerResourceVersion: false,
  WatchListClient: false,
} as const;

const REASONS: Readonly<Record<number, string>> = {
  101: "Switching Protocols", 200: "OK", 201: "Created", 202: "Accepted", 400: "Bad Request", 401: "Unauthorized",
  403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed", 406: "Not Acceptable", 409: "Conflict", 410: "Gone",
  415: "Unsupported Media Type", 422: "Unprocessable Entity", 429: "Too Many Requests", 500: "Internal Server Error",
  501: "Not Implemented", 503: "Service Unavailable", 504: "Gateway Timeout",
}; // prettier-ignore

type Fields = Readonly<Record<string, string | number>>;

/** What `-v` shows of requests: 6 what was asked and answered, 7 headers, 8 bodies, 9 as a curl command (client-go transport/round_trippers.go). */
export class RequestLog {
  readonly #process: Process;
  readonly #config: RestConfig;
  readonly level: number;
  #connected = false;

  constructor(process: Process, config: RestConfig, level: number) {
    this.#process = process;
    this.#config = config;
    this.level = level;
  }

  async gates(): Promise<void> {
    if (this.level < 1) return;
    for (const [feature, enabled] of Object.entries(GATES))
      await klog(
        this.#process,
        "I",
        "envvar.go:172",
        `"Feature gate default state" feature="${feature}" enabled=${enabled}`,
      );
  }

  async request(call: ApiCall, url: string, isList: boolean): Promise<void> {
    if (this.level < 7) return;
    if (this.level >= 8)
      await this.#line(bodySource(call, isList), "Request Body", { body: this.#cut(bodyText(call.body)) });
    const headers = this.#headers(call);
    if (this.level < 9) return this.#line(REQUEST, "Request", { verb: call.method, url, headers: lines(headers) });
    const options = headers.map((header) => ` -H ${quote(header)}`).join("");
    await this.#line(REQUEST, "Request", { curlCommand: `curl -v -X${call.method} ${options} '${url}'\n` });
  }

  async response(call: ApiCall, url: string, reply: ApiReply, sent: Time, isList: boolean): Promise<void> {
    const level = this.level;
    if (level < 6) return;
    const milliseconds = Math.floor((this.#process.now - sent) / MILLISECOND);
    const address = /^[a-z]+:\/\/([^/]+)/.exec(url)?.[1] ?? "";
    if (level >= 9 && !this.#connected && reply.kind !== "unreachable")
      await this.#line("round_trippers.go:562", "HTTP Trace: Dial succeed", { network: "tcp", address });
    const shown: Fields = level === 6 || level >= 9 ? { verb: call.method, url } : {};
    const headers: Fields = level >= 8 && reply.kind !== "unreachable" ? { headers: lines(replyHeaders(reply)) } : {};
    const opening: Fields = { dnsLookupMilliseconds: 0, dialMilliseconds: 0, tlsHandshakeMilliseconds: 0 };
    const detail: Fields = this.#connected ? { getConnectionMilliseconds: 0 } : opening;
    const timing: Fields = level >= 9 ? { ...detail, serverProcessingMilliseconds: milliseconds } : {};
    this.#connected ||= reply.kind !== "unreachable";
    const fields = { ...shown, status: statusOf(reply), ...headers, milliseconds, ...timing };
    await this.#line(RESPONSE, "Response", fields);
    if (level >= 8 && (reply.kind === "object" || reply.kind === "text"))
      await this.#line(bodySource(call, isList), "Response Body", { body: this.#cut(replyText(reply)) });
  }

  #headers({ accept, contentType }: ApiCall): string[] {
    const { server, token, impersonate } = this.#config;
    return [
      `Accept: ${accept}`,
      ...(token !== "" && server.startsWith("https:") ? ["Authorization: Bearer <masked>"] : []),
      ...(contentType === "" ? [] : [`Content-Type: ${contentType}`]),
      ...impersonate.groups.map((group) => `Impersonate-Group: ${group}`),
      ...(impersonate.uid === "" ? [] : [`Impersonate-Uid: ${impersonate.uid}`]),
      ...(impersonate.user === "" ? [] : [`Impersonate-User: ${impersonate.user}`]),
      `User-Agent: ${USER_AGENT}`,
    ];
  }

  /** Long bodies are cut unless everything is wanted (client-go rest/request.go truncateBody). */
  #cut(body: string): string {
    const most = this.level >= 10 ? Infinity : this.level >= 9 ? 10_240 : 1024;
    return body.length <= most ? body : `${body.slice(0, most)} [truncated ${body.length - most} chars]`;
  }

  async #line(source: string, message: string, fields: Fields): Promise<void> {
    const values = Object.entries(fields).map(([name, value]) => ` ${name}=${fieldText(value)}`);
    await klog(this.#process, "I", source, `"${message}"${values.join("")}`);
  }
}

const REQUEST = "round_trippers.go:527";
const RESPONSE = "round_trippers.go:632";

/** A value as klog writes it: quoted, or of several lines between `<` and ` >`. */
function fieldText(value: string | number): string {
  if (typeof value === "number") return String(value);
  if (!value.includes("\n")) return quote(value);
  return `<\n${value.replace(/\n$/, "").replaceAll(/^/gm, "\t")}\n >`;
}

function lines(headers: readonly string[]): string {
  return headers.map((header) => `${header}\n`).join("");
}

function statusOf(reply: ApiReply): string {
  if (reply.kind === "unreachable") return "";
  const code = "code" in reply ? reply.code : reply.kind === "upgrade" ? 101 : 200;
  return `${code} ${REASONS[code] ?? ""}`.trimEnd();
}

function replyHeaders(reply: Exclude<ApiReply, { kind: "unreachable" }>): string[] {
  const mediaType = "mediaType" in reply ? reply.mediaType : reply.kind === "bytes" ? "text/plain" : "application/json";
  const whole = reply.kind === "object" || reply.kind === "text";
  return [
    "Cache-Control: no-cache, private",
    ...(whole ? [`Content-Length: ${Buffer.byteLength(replyText(reply))}`] : []),
    `Content-Type: ${mediaType}`,
  ];
}

function replyText(reply: Extract<ApiReply, { kind: "object" | "text" }>): string {
  return reply.kind === "text" ? reply.text : `${JSON.stringify(reply.object)}\n`;
}

function bodyText(body: ApiCall["body"]): string {
  if (body === undefined) return "";
  return typeof body === "string" ? body : `${JSON.stringify(body)}\n`;
}

/** Where in kubectl's sources a body is shown. */
function bodySource({ method, path, query }: ApiCall, isList: boolean): string {
  if (path === "/api") return "discovery_client.go:252";
  if (path === "/apis") return "discovery_client.go:318";
  if (path === "/version") return "discovery_client.go:657";
  if (path === "/openapi/v3") return "client.go:46";
  if (path.startsWith("/openapi/v3/")) return "groupversion.go:75";
  if (path.endsWith("/log")) return "logs.go:469";
  if (query["watch"]) return "request.go:759";
  if (method === "GET") return isList ? "helper.go:113" : "helper.go:105";
  return { POST: "helper.go:246", PUT: "helper.go:319", PATCH: "helper.go:269", DELETE: "helper.go:202" }[method];
}
