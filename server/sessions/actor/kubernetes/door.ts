import type { JournalEntry, WallTimer } from "../../../sim/kernel/index.ts";
import { isFailure, parseTarget, type ApiRequest, type ApiResponse, type Status } from "../../../sim/kube/api/index.ts";
import type { Cluster } from "../../../sim/kube/cluster/cluster.ts";
import type { World } from "../../../sim/world/index.ts";
import type { ApiEvent, ApiInput, ApiOutput, OutsideRequest } from "../../protocol/index.ts";
import { connect, endedWith, type Connection } from "./connection.ts";
import { bytesOf, isPretty, rendered, utf8 } from "./rendered.ts";
import { whoAsks } from "./who-asks.ts";

/** A watch or log may be so far behind its client; then it is ended, and the client begins anew. */
const MOST_BEHIND = 4 * 1024 * 1024;
/** The same for all of a session together. */
const MOST_BEHIND_TOGETHER = 64 * 1024 * 1024;
/** Calls of a session that may be open at once. */
const MOST_CALLS = 4096;

export interface DoorOptions {
  readonly world: World;
  readonly wall: WallTimer;
  /** Lets something take effect at the next moment of calm. */
  readonly act: (run: () => void) => void;
  readonly post: (event: ApiEvent) => void;
  /** Hears of bugs in the simulation. */
  readonly failed: (error: unknown) => void;
}

/** A call that has not ended. */
interface Open {
  /** Ends what it does here; its client hears nothing of it. */
  stop(): void;
  input?(frame: ApiInput): void;
  /** Bytes of chunks that the client has not been written. */
  behind: number;
  /** So much of it was there when the call began. */
  from: number;
}

/** A connection that is in the journal: `call` is its number outside, if it was opened there since the session runs. */
interface Numbered {
  readonly connection: Connection;
  readonly call: number | undefined;
}

/**
 * The Kubernetes API of a world for clients outside of it. Requests take effect in moments of calm; those that change the
 * world are journaled, whatever their method: a GET that makes the API server look for its etcd or its kubelet opens
 * connections. Watches and logs that are read change nothing and are not.
 */
export class ApiDoor {
  readonly #options: DoorOptions;
  readonly #open = new Map<number, Open>();
  readonly #connections = new Map<number, Numbered>();
  #connected = 0;
  #behind = 0;
  #closed = false;

  constructor(options: DoorOptions) {
    this.#options = options;
  }

  // From outside

  call(call: number, asked: OutsideRequest): void {
    if (this.#open.size >= MOST_CALLS) {
      this.#answer(call, asked, status(429, "TooManyRequests", "too many requests, please try again later."));
      return;
    }
    let stopped = false;
    this.#begin(call, { stop: () => void (stopped = true) });
    this.#options.act(() => !stopped && this.#try(call, asked, 0));
  }

  input(call: number, frame: ApiInput): void {
    this.#options.act(() => this.#open.get(call)?.input?.(frame));
  }

  /** So many bytes of a call's chunks were written to its client. */
  taken(call: number, bytes: number): void {
    const open = this.#open.get(call);
    if (!open) return;
    const taken = Math.min(bytes, open.behind);
    open.behind -= taken;
    open.from = Math.min(open.from, open.behind);
    this.#behind -= taken;
  }

  /** The client of a call is gone. */
  cut(call: number): void {
    this.#options.act(() => this.#end(call)?.stop());
  }

  /** Nothing of it is left. */
  close(): void {
    this.#closed = true;
    for (const { stop } of this.#open.values()) stop();
    this.#open.clear();
  }

  // From the journal

  replay(entry: JournalEntry): void {
    if (entry.kind === "api") {
      const asked = { ...entry.request };
      const cluster = this.#cluster;
      const request = cluster && this.#request(cluster, asked, entry.attempt);
      if (!cluster || !request || "code" in request) return;
      const answer = cluster.api.handle(request);
      if (answer.kind === "upgrade") this.#connect(undefined, answer.connection, request);
    } else if (entry.kind === "api-frame") this.#connections.get(entry.connection)?.connection.input(entry.frame);
    else if (entry.kind === "api-cut") this.#cut(entry.connection);
  }

  /** The journal is played: whoever had a connection then has it no more. */
  replayed(): void {
    for (const number of Array.from(this.#connections.keys())) {
      this.#options.world.kernel.journal.add({ kind: "api-cut", connection: number });
      this.#cut(number);
    }
  }

  // Requests

  get #cluster(): Cluster | undefined {
    return this.#options.world.clusters.list()[0];
  }

  /** A bug of ours is answered as the real server answers a panic. */
  #try(call: number, asked: OutsideRequest, attempt: number): void {
    try {
      this.#ask(call, asked, attempt);
    } catch (error) {
      this.#options.failed(error);
      const { method, url } = asked;
      const message = `This request caused apiserver to panic. Look in the logs for details: ${method} ${url}`;
      this.#last(call, asked, status(500, "InternalError", message));
    }
  }

  #ask(call: number, asked: OutsideRequest, attempt: number): void {
    const cluster = this.#cluster;
    if (!cluster?.row.apiServer) {
      this.#options.post({ type: "refused", call });
      this.#end(call);
      return;
    }
    const request = this.#request(cluster, asked, attempt);
    if ("code" in request) return this.#last(call, asked, refusal(request));
    const { journal, state } = this.#options.world.kernel;
    const before = state.generation("");
    const answer = cluster.api.handle(request);
    const changes = request.verb !== "get" && request.verb !== "list" && request.verb !== "watch";
    if (changes || answer.kind === "upgrade" || state.generation("") !== before)
      journal.add({ kind: "api", request: asked, attempt });
    this.#take(call, asked, request, answer);
  }

  #request(cluster: Cluster, asked: OutsideRequest, attempt: number): ApiRequest | Status {
    const { method, url, headers, body } = asked;
    const user = whoAsks(cluster, asked);
    if ("code" in user) return user;
    return {
      ...parseTarget(method, url),
      accept: headers["accept"]?.join(",") ?? "",
      contentType: headers["content-type"]?.[0] ?? "",
      userAgent: headers["user-agent"]?.[0] ?? "",
      user,
      body: body ?? undefined,
      ...(attempt === 0 ? {} : { attempt }),
    };
  }

  #take(call: number, asked: OutsideRequest, request: ApiRequest, answer: ApiResponse): void {
    switch (answer.kind) {
      case "object":
        if (asked.upgrade && isFailure(answer)) return this.#refuseConnection(call, asked, answer);
        return this.#last(call, asked, answer);
      case "text":
        return this.#head(call, answer.code, answer.mediaType, [], utf8(answer.text));
      case "watch":
        this.#head(call, 200, answer.mediaType, answer.warnings);
        return this.#stream(call, answer.watch, (event) => utf8(`${JSON.stringify(event)}\n`));
      case "bytes":
        this.#head(call, 200, answer.mediaType, []);
        return this.#stream(call, answer.stream, bytesOf);
      case "pending": {
        const handle = this.#options.wall.set(() => {
          this.#options.act(() => this.#open.get(call) === open && this.#try(call, asked, answer.request.attempt ?? 1));
        }, answer.after / 1000);
        const open = this.#begin(call, { stop: () => this.#options.wall.clear(handle) });
        return;
      }
      case "upgrade":
        return this.#upgrade(call, asked, request, answer.connection);
    }
  }

  /** An answer that is all. */
  #last(call: number, asked: OutsideRequest, answer: Extract<ApiResponse, { kind: "object" }>): void {
    this.#answer(call, asked, answer);
    this.#end(call);
  }

  #answer(call: number, { url, headers }: OutsideRequest, answer: Extract<ApiResponse, { kind: "object" }>): void {
    const body = rendered(answer, isPretty(url, headers["user-agent"]?.[0] ?? ""));
    this.#options.post({
      type: "head",
      call,
      status: answer.code,
      mediaType: answer.mediaType,
      warnings: [...answer.warnings],
      body,
    });
  }

  #head(
    call: number,
    code: number,
    mediaType: string,
    warnings: readonly string[],
    body: Uint8Array<ArrayBuffer> | null = null,
  ): void {
    this.#options.post({ type: "head", call, status: code, mediaType, warnings: [...warnings], body });
    if (body) this.#end(call);
  }

  // Watches and logs

  #stream<T>(
    call: number,
    source: { start(onData: (data: T) => void, onEnd: () => void): void; stop(): void },
    bytes: (data: T) => Uint8Array<ArrayBuffer>,
  ): void {
    let over = false;
    // What there is to tell at the beginning may be a lot: it counts for what comes later.
    let starting = true;
    const open = this.#begin(call, {
      stop: () => {
        over = true;
        source.stop();
      },
    });
    const end = (): void => {
      if (over) return;
      over = true;
      this.#end(call);
      this.#options.post({ type: "end", call });
    };
    source.start((data) => {
      if (over) return;
      const body = bytes(data);
      open.behind += body.length;
      this.#behind += body.length;
      this.#options.post({ type: "chunk", call, body });
      if (starting || (open.behind - open.from <= MOST_BEHIND && this.#behind <= MOST_BEHIND_TOGETHER)) return;
      source.stop();
      end();
    }, end);
    starting = false;
    open.from = open.behind;
  }

  // Exec, attach, port-forward

  #upgrade(call: number, asked: OutsideRequest, request: ApiRequest, handed: unknown): void {
    if (!asked.upgrade) return this.#last(call, asked, status(400, "BadRequest", "Upgrade request required"));
    this.#options.post({ type: "upgraded", call });
    this.#connect(call, handed, request);
  }

  /**
   * The API server takes the websocket before it asks the kubelet (apiserver streamtranslator.go): what the kubelet refuses
   * comes over the connection; what the API itself refuses is an answer.
   */
  #refuseConnection(call: number, asked: OutsideRequest, answer: Extract<ApiResponse, { kind: "object" }>): void {
    const { message = "" } = answer.object as Status;
    const byKubelet = answer.code === 500 && /^(unable to upgrade connection|error dialing backend): /.test(message);
    if (!byKubelet) return this.#last(call, asked, answer);
    this.#options.post({ type: "upgraded", call });
    const failure = status(500, "InternalError", `Internal error occurred: ${message}`).object as Status;
    endedWith({ ...failure, details: { causes: [{ message }] } }, (frame) =>
      this.#options.post({ type: "frame", call, frame }),
    );
    this.#options.post({ type: "end", call });
    this.#end(call);
  }

  #connect(call: number | undefined, handed: unknown, request: ApiRequest): void {
    const number = ++this.#connected;
    const { journal } = this.#options.world.kernel;
    const posts = (frame: ApiOutput): void => {
      if (call !== undefined && !this.#closed) this.#options.post({ type: "frame", call, frame });
    };
    let over = false;
    const connection = connect(handed, request, posts, () => {
      over = true;
      this.#connections.delete(number);
      if (call === undefined) return;
      this.#options.post({ type: "end", call });
      this.#end(call);
    });
    if (over) return;
    this.#connections.set(number, { connection, call });
    if (call === undefined) return;
    this.#begin(call, {
      stop: () => {
        if (this.#closed || !this.#connections.has(number)) return;
        journal.add({ kind: "api-cut", connection: number });
        this.#cut(number);
      },
      input: (frame) => {
        if (!this.#connections.has(number)) return;
        journal.add({ kind: "api-frame", connection: number, frame });
        connection.input(frame);
      },
    });
  }

  #cut(number: number): void {
    const numbered = this.#connections.get(number);
    this.#connections.delete(number);
    numbered?.connection.cut();
  }

  #begin(call: number, open: Pick<Open, "stop" | "input">): Open {
    const made = { ...open, behind: 0, from: 0 };
    this.#open.set(call, made);
    return made;
  }

  #end(call: number): Open | undefined {
    const open = this.#open.get(call);
    this.#open.delete(call);
    this.#behind -= open?.behind ?? 0;
    return open;
  }
}

function status(code: number, reason: string, message: string): Extract<ApiResponse, { kind: "object" }> {
  return refusal({ kind: "Status", apiVersion: "v1", metadata: {}, status: "Failure", message, reason, code });
}

function refusal(object: Status): Extract<ApiResponse, { kind: "object" }> {
  return { kind: "object", code: object.code, object, mediaType: "application/json", warnings: [] };
}
