import type { Process } from "../../../sim/host/index.ts";
import type { Bytes } from "../../../sim/kernel/index.ts";
import { goDuration, queryText, type JsonObject, type WatchEvent } from "../../../sim/kube/api/index.ts";
import { ConnectionError, GoError } from "../errors/go-error.ts";
import type { ApiCall, ApiReply, ApiTransport, RemoteCommand, RestConfig, Stream } from "../transport.ts";
import type { RequestLog } from "./request-log.ts";
import { warn } from "./warning.ts";
import { refusal, type RequestSubject } from "./status.ts";

export type ApiObject = JsonObject;

/** A request as verbs make it: what is not said is JSON without a body. */
export type Request = Pick<ApiCall, "method" | "path"> &
  Partial<ApiCall> & { readonly subject?: Partial<RequestSubject> };

const JSON_TYPE = "application/json";

/** Sends requests, shows warnings, and turns refusals into errors (client-go rest). */
export class RestClient {
  readonly config: RestConfig;
  readonly #process: Process;
  readonly #transport: ApiTransport;
  readonly #log: RequestLog;
  readonly #warned = new Set<string>();

  constructor(process: Process, config: RestConfig, transport: ApiTransport, log: RequestLog) {
    this.#process = process;
    this.config = config;
    this.#transport = transport;
    this.#log = log;
  }

  /** `-v` */
  get verbosity(): number {
    return this.#log.level;
  }

  /** How many different warnings servers have sent. */
  get warnings(): number {
    return this.#warned.size;
  }

  /** An answer of JSON: an object, a list, a Table, a Status of success. */
  async object(request: Request): Promise<ApiObject> {
    const reply = await this.#send(request);
    if (reply.kind === "object") return reply.object as ApiObject;
    if (reply.kind === "text") throw new GoError(`the server answered with text: ${reply.text}`);
    throw new GoError(`unexpected answer to ${request.method} ${request.path}`);
  }

  /** An answer as it came, for `--raw`, /openapi and /healthz. */
  async reply(request: Request): Promise<Extract<ApiReply, { kind: "object" | "text" }>> {
    const reply = await this.#send(request);
    if (reply.kind === "object" || reply.kind === "text") return reply;
    throw new GoError(`unexpected answer to ${request.method} ${request.path}`);
  }

  /** The same, or a watch, whose events come as they happen. */
  async replyOrWatch(request: Request): Promise<Extract<ApiReply, { kind: "object" | "text" | "watch" }>> {
    const reply = await this.#send(request);
    if (reply.kind === "object" || reply.kind === "text" || reply.kind === "watch") return reply;
    throw new GoError(`unexpected answer to ${request.method} ${request.path}`);
  }

  async watch(request: Request): Promise<Stream<WatchEvent>> {
    const reply = await this.#send(request);
    if (reply.kind === "watch") return reply.events;
    throw new GoError(`unexpected answer to ${request.method} ${request.path}`);
  }

  /** A log: what is there, or what comes. */
  async bytes(request: Request): Promise<Stream<Bytes>> {
    const reply = await this.#send(request);
    if (reply.kind === "bytes") return reply.chunks;
    if (reply.kind === "text") return onlyChunk(reply.text);
    throw new GoError(`unexpected answer to ${request.method} ${request.path}`);
  }

  async upgrade(request: Request): Promise<RemoteCommand> {
    const reply = await this.#send(request, true);
    if (reply.kind === "upgrade") return reply.connection;
    // A refusal that is no Status: a kubelet's own words (apimachinery pkg/util/httpstream/spdy/roundtripper.go).
    if (reply.kind === "text") throw new GoError(`unable to upgrade connection: ${reply.text.trim()}`);
    throw new GoError(`unexpected answer to ${request.method} ${request.path}`);
  }

  async #send({ subject, ...request }: Request, upgrading = false): Promise<ApiReply> {
    const { now } = this.#process;
    const { timeout } = this.config;
    const limit = timeout > 0 && !request.deadline ? { deadline: now + timeout } : {};
    const call: ApiCall = {
      accept: JSON_TYPE,
      body: undefined,
      contentType: request.body === undefined ? "" : JSON_TYPE,
      ...limit,
      ...request,
      query: { ...request.query, ...(timeout > 0 ? { timeout: [goDuration(timeout)] } : {}) },
    };
    const url = this.#url(call);
    const isList = (subject?.name ?? "") === "";
    await this.#log.request(call, url, isList);
    const reply = await this.#transport.request(call);
    await this.#log.response(call, url, reply, now, isList);
    if (reply.kind === "unreachable") throw new ConnectionError(call.method, url, reply.why);
    if (reply.kind === "object" || reply.kind === "watch") await this.#warn(reply.warnings);
    if (reply.kind !== "object" && (reply.kind !== "text" || upgrading)) return reply;
    const { group = "", resource = "", name = "" } = subject ?? {};
    const refused = refusal(reply, { method: call.method, group, resource, name });
    if (refused) throw refused;
    return reply;
  }

  #url({ path, query }: ApiCall): string {
    const search = queryText(query);
    return `${this.config.server}${path}${search === "" ? "" : `?${search}`}`;
  }

  /** Each warning once. */
  async #warn(warnings: readonly string[]): Promise<void> {
    for (const warning of warnings) {
      if (this.#warned.has(warning)) continue;
      this.#warned.add(warning);
      await warn(this.#process, warning);
    }
  }
}

function onlyChunk(text: Bytes): Stream<Bytes> {
  return {
    stop() {},
    async *[Symbol.asyncIterator]() {
      if (text !== "") yield text;
    },
  };
}
