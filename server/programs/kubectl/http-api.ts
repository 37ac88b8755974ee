import { Ended, Errno, type Process } from "../../sim/host/index.ts";
import { decode, encode, type Bytes } from "../../sim/kernel/index.ts";
import type { WatchEvent } from "../../sim/kube/api/index.ts";
import type { Headers } from "../../sim/net/index.ts";
import { goRequest, type GoResponse } from "../http/go-client.ts";
import { parseWebUrl } from "../http/go-url.ts";
import { field } from "../http/response-stream.ts";
import { ERRORS } from "./client/http-error.ts";
import { GoError, NotSimulated } from "./errors/go-error.ts";
import { QueuedStream } from "./queued-stream.ts";
import { commandOver, PROTOCOL } from "./remote/channels.ts";
import { targetOf, USER_AGENT } from "./serve.ts";
import type { ApiCall, ApiReply, ApiTransport, RestConfig } from "./transport.ts";

const UPGRADED = /\/(?:exec|attach|portforward)$/;

/** The way to a server without TLS, mostly a `kubectl proxy`: each request crosses the network as HTTP/1.1. */
export class HttpApi implements ApiTransport {
  readonly #process: Process;
  readonly #config: RestConfig;

  constructor(process: Process, config: RestConfig) {
    this.#process = process;
    this.#config = config;
  }

  close(): void {
    // Connections end with their answers.
  }

  async request(call: ApiCall): Promise<ApiReply> {
    const process = this.#process;
    const url = parseWebUrl(`${this.#config.server.replace(/\/$/, "")}${targetOf(call)}`);
    if ("malformed" in url) return { kind: "unreachable", why: url.malformed };
    if ("error" in url) return { kind: "unreachable", why: url.error };
    const upgrades = UPGRADED.test(call.path);
    if (upgrades && call.path.endsWith("/portforward"))
      throw new NotSimulated("port-forward through a server without TLS");
    const left = call.deadline === undefined ? undefined : Math.max(0, call.deadline - process.kernel.now);
    const response = await goRequest(process, {
      method: call.method,
      url,
      headers: this.#headers(call, upgrades),
      body: bodyOf(call),
      ...(left === undefined ? {} : { patience: left }),
    });
    if ("error" in response) {
      const late = call.deadline !== undefined && process.kernel.now >= call.deadline;
      return { kind: "unreachable", why: late ? ERRORS.connecting : response.error };
    }
    if (upgrades) return this.#upgraded(response);
    const { status } = response.head;
    if (status === 200 && call.query["watch"]?.[0] === "true") return this.#watch(call, response);
    if (status === 200 && call.path.endsWith("/log")) return this.#bytes(call, response);
    return this.#whole(response);
  }

  #headers({ accept, contentType, userAgent = USER_AGENT }: ApiCall, upgrades: boolean): Headers {
    const { user, uid, groups } = this.#config.impersonate;
    const named = (name: string, value: string): Headers => (value === "" ? [] : [[name, value]]);
    return [
      ["User-Agent", userAgent],
      ...named("Accept", upgrades ? "" : accept),
      ...named("Content-Type", contentType),
      ...(upgrades
        ? ([
            ["Connection", "Upgrade"],
            ["Sec-WebSocket-Key", "ZHJ5ZG9jayBzaW11bGF0ZQ=="],
            ["Sec-WebSocket-Protocol", PROTOCOL],
            ["Sec-WebSocket-Version", "13"],
            ["Upgrade", "websocket"],
          ] as const)
        : []),
      ...named("Impersonate-User", user),
      ...named("Impersonate-Uid", uid),
      ...groups.flatMap((group) => named("Impersonate-Group", group)),
    ];
  }

  async #whole(response: GoResponse): Promise<ApiReply> {
    const { head } = response;
    let bytes: Bytes = "";
    for await (const piece of response.body) bytes += piece;
    response.close();
    const mediaType = field(head, "content-type") ?? "";
    const text = decode(bytes);
    if (!mediaType.startsWith("application/json")) return { kind: "text", code: head.status, text, mediaType };
    const warnings = head.fields.flatMap(([name, value]) => {
      const quoted = name.toLowerCase() === "warning" ? /^299 \S+ "((?:[^"\\]|\\.)*)"/.exec(value)?.[1] : undefined;
      return quoted === undefined ? [] : [quoted.replaceAll(/\\(.)/g, "$1")];
    });
    return { kind: "object", code: head.status, object: JSON.parse(text) as unknown, mediaType, warnings };
  }

  #watch(call: ApiCall, response: GoResponse): ApiReply {
    const events = new QueuedStream<WatchEvent>(this.#process, {
      deadline: call.deadline,
      onStop: () => response.close(),
    });
    let held = "";
    this.#pump(response, events, (piece) => {
      const lines = (held + piece).split("\n");
      held = lines.pop()!;
      for (const line of lines) if (line !== "") events.push(JSON.parse(decode(line)) as WatchEvent);
    });
    return { kind: "watch", events, warnings: [] };
  }

  #bytes(call: ApiCall, response: GoResponse): ApiReply {
    const chunks = new QueuedStream<Bytes>(this.#process, { deadline: call.deadline, onStop: () => response.close() });
    this.#pump(response, chunks, (piece) => chunks.push(piece));
    return { kind: "bytes", chunks };
  }

  /** Hands on what comes, as long as the process runs. */
  #pump<T>(response: GoResponse, into: QueuedStream<T>, take: (piece: Bytes) => void): void {
    this.#process.kernel.start(async () => {
      try {
        for await (const piece of response.body) take(piece);
        response.close();
      } catch (error) {
        if (!(error instanceof Errno) && !(error instanceof Ended)) throw error;
      }
      into.end();
    });
  }

  /** client-go reads a refusal as a Status, or tells its words (apimachinery pkg/util/httpstream/spdy/roundtripper.go). */
  async #upgraded(response: GoResponse): Promise<ApiReply> {
    if (response.head.status === 101)
      return { kind: "upgrade", connection: commandOver(response.socket, response.rest()) };
    const reply = await this.#whole(response);
    if (reply.kind === "text") throw new GoError(`unable to upgrade connection: ${reply.text.trim()}`);
    return reply;
  }
}

function bodyOf({ body }: ApiCall): Bytes {
  if (body === undefined) return "";
  return encode(typeof body === "string" ? body : JSON.stringify(body));
}
