import { readFileSync } from "node:fs";
import { join } from "node:path";
import { WebSocket } from "ws";
import { isProtobuf, objectOf, type Exchange } from "./proxy.ts";
import { shapeOf } from "./shape.ts";

export type RecordedExchange = Exchange & { readonly line: number };

export function recordedExchanges(): RecordedExchange[] {
  return readFileSync(join(import.meta.dirname, "recorded/exchanges.jsonl"), "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as RecordedExchange);
}

export interface Difference {
  readonly line: number;
  readonly request: string;
  readonly expected: string;
  readonly got: string;
}

/** A cluster comes as far as the recorded one was within so many milliseconds. */
const PATIENCE = 15_000;
const AGAIN = 150;
const UID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
/** Letters that names are drawn of. */
const DRAWN = /^[bcdfghjklmnpqrstvwxz2456789]{5}$/;

/**
 * Sends recorded requests to a fresh world, line by line, and says where it answers otherwise: status, and what the body
 * looks like. Uids and resourceVersions of the recording stand for those of this world. What is read is read again until
 * it is as recorded, since the world needs its time as well.
 */
export class Replay {
  readonly #server: string;
  /** What of the recording is called otherwise here. */
  readonly #uids = new Map<string, string>();
  readonly #versions = new Map<string, string>();
  readonly #names = new Map<string, string>();
  readonly differences: Difference[] = [];

  constructor(server: string) {
    this.#server = server;
  }

  async send(exchange: RecordedExchange): Promise<void> {
    if (exchange.shape === "upgrade") return this.#connect(exchange);
    if (exchange.shape === "stream") return this.#watch(exchange);
    const reads = exchange.method === "GET";
    const deadline = performance.now() + PATIENCE;
    for (;;) {
      const got = await this.#ask(exchange);
      const expected = `${exchange.status} ${exchange.shape}`;
      if (got === expected) return;
      // Optimistic locking and Pods that are not ready yet.
      if ((!reads && !/ (409|500) /.test(` ${got}`)) || performance.now() > deadline) {
        this.differences.push({ line: exchange.line, request: `${exchange.method} ${exchange.url}`, expected, got });
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, AGAIN));
    }
  }

  async #ask({ method, url, headers, body, uid, version }: RecordedExchange): Promise<string> {
    const answer = await fetch(this.#server + (await this.#place(url)), {
      method,
      headers: { ...headers, "user-agent": "kubectl/v1.33.1" },
      // As bytes: for text, fetch would add a Content-Type.
      ...(body === "" ? {} : { body: this.#body(body, headers["content-type"]) }),
    });
    const text = await answer.text();
    const { metadata } = objectOf(text);
    if (uid !== undefined && metadata?.uid !== undefined) this.#uids.set(uid, metadata.uid);
    if (version !== undefined && metadata?.resourceVersion !== undefined)
      this.#versions.set(version, metadata.resourceVersion);
    return `${answer.status} ${shapeOf(text, answer.headers.get("content-type") ?? "")}`;
  }

  #body(body: string, type: string | undefined): Uint8Array<ArrayBuffer> {
    if (!isProtobuf(type)) return Uint8Array.from(Buffer.from(this.#mine(body)));
    // Uids are all equally long: what stands around them stays right.
    const bytes = Buffer.from(body, "base64").toString("latin1");
    return Uint8Array.from(
      Buffer.from(
        bytes.replace(UID, (uid) => this.#uids.get(uid) ?? uid),
        "latin1",
      ),
    );
  }

  /** A text of the recording with the uids and versions of this world. */
  #mine(text: string): string {
    return text
      .replace(UID, (uid) => this.#uids.get(uid) ?? uid)
      .replace(/(resourceVersion(?:=|":"))(\d+)/g, (whole, before: string, version: string) =>
        version === "0" ? whole : before + (this.#versions.get(version) ?? version),
      );
  }

  /** A path of the recording, with this world's Pod in the place of one whose name was drawn. */
  async #place(url: string): Promise<string> {
    const mine = this.#mine(url);
    const found = /^(\/api\/v1\/namespaces\/[^/]+\/pods)\/([a-z0-9-]+-)([a-z0-9]{5})(?=[/?]|$)/.exec(mine);
    if (!found || !DRAWN.test(found[3]!)) return mine;
    const [whole, list, prefix, suffix] = found as unknown as [string, string, string, string];
    const key = prefix + suffix;
    let name = this.#names.get(key);
    if (name === undefined) {
      const { items } = (await (await fetch(this.#server + list)).json()) as {
        items: { metadata: { name: string } }[];
      };
      const taken = new Set(this.#names.values());
      const all = items.map(({ metadata }) => metadata.name).filter((each) => each.startsWith(prefix));
      name = all.includes(key) ? key : (all.find((each) => !taken.has(each)) ?? all[0]);
      if (name === undefined) return mine;
      this.#names.set(key, name);
    }
    return `${list}/${name}${mine.slice(whole.length)}`;
  }

  async #watch(exchange: RecordedExchange): Promise<void> {
    const stop = new AbortController();
    const answer = await fetch(this.#server + this.#mine(exchange.url), {
      headers: exchange.headers,
      signal: stop.signal,
    });
    stop.abort();
    if (answer.status === exchange.status) return;
    const { line, url, status } = exchange;
    this.differences.push({ line, request: `WATCH ${url}`, expected: String(status), got: String(answer.status) });
  }

  async #connect({ line, url: recorded, status, headers }: RecordedExchange): Promise<void> {
    if (headers["sec-websocket-protocol"] === undefined) return;
    const url = await this.#place(recorded);
    const protocols = headers["sec-websocket-protocol"].split(",").map((each) => each.trim());
    // ws refuses to offer SPDY's name, which is no token: its own header says it.
    const offered = protocols.some((each) => each.includes("/"));
    const socket = offered
      ? new WebSocket(this.#server.replace("http", "ws") + url, {
          headers: { "sec-websocket-protocol": protocols[0]! },
        })
      : new WebSocket(this.#server.replace("http", "ws") + url, protocols);
    await new Promise<void>((resolve) => {
      const over = (got: number): void => {
        if (got !== status && !(offered && status === 101))
          this.differences.push({ line, request: `UPGRADE ${url}`, expected: String(status), got: String(got) });
        socket.terminate();
        resolve();
      };
      socket.once("upgrade", (response) => over(response.statusCode!));
      socket.once("unexpected-response", (_request, response) => over(response.statusCode!));
      socket.on("error", () => resolve());
    });
  }
}
