import { readFileSync } from "node:fs";
import { join } from "node:path";
import { WebSocket } from "ws";
import { isProtobuf, objectOf, type Exchange } from "./proxy.ts";
import { shapeOf } from "./shape.ts";
import type { Suite } from "./suite.ts";

export type RecordedExchange = Exchange & { readonly line: number };

/** What was recorded, without what kubectl asked again on the same line: the last answer is the one it waited for. */
export function recordedExchanges({ folder }: Suite): RecordedExchange[] {
  const all = readFileSync(join(folder, "recorded/exchanges.jsonl"), "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as RecordedExchange);
  const last = new Map(all.map((exchange, at) => [polled(exchange), at]));
  return all.filter((exchange, at) => exchange.method !== "GET" || last.get(polled(exchange)) === at || wrote(all, at));
}

function polled({ line, method, url }: RecordedExchange): string {
  return `${line} ${method} ${url}`;
}

/** Whether a write on the same line came later: it may depend on what was read. */
function wrote(all: readonly RecordedExchange[], at: number): boolean {
  const { line, url } = all[at]!;
  const path = url.split("?")[0]!;
  for (let next = at + 1; all[next]?.line === line; next++) {
    const { method, url: other } = all[next]!;
    if ((method === "PUT" || method === "PATCH") && other.startsWith(path)) return true;
  }
  return false;
}

export interface Difference {
  readonly line: number;
  readonly request: string;
  readonly expected: string;
  readonly got: string;
}

interface ListedPod {
  readonly metadata: { readonly name: string; readonly deletionTimestamp?: string };
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

function isReady({ status }: ListedPod): boolean {
  return status?.conditions?.some((condition) => condition.type === "Ready" && condition.status === "True") ?? false;
}

interface Owned {
  readonly metadata?: { readonly ownerReferences?: readonly { readonly name: string }[] };
}

interface RolledOut {
  readonly metadata: { readonly generation: number };
  readonly spec: { readonly replicas: number };
  readonly status: Readonly<
    Partial<Record<"observedGeneration" | "replicas" | "updatedReplicas" | "readyReplicas", number>>
  >;
}

function isRolledOut({ metadata, spec, status }: RolledOut): boolean {
  const { observedGeneration, replicas = 0, updatedReplicas = 0, readyReplicas = 0 } = status;
  const { generation } = metadata;
  return (
    observedGeneration === generation && [replicas, updatedReplicas, readyReplicas].every((n) => n === spec.replicas)
  );
}

/** As long, in milliseconds, is waited for a Deployment that may never get there. */
const ROLLOUT = 20_000;
/** A cluster comes as far as the recorded one was within so many milliseconds. */
const PATIENCE = 90_000;
const AGAIN = 150;
/** A resourceVersion in a URL, an object or a JSON patch. */
const VERSION = /(?<=resourceVersion(?:=|":"|","value":"))\d+/g;
/** The same in protobuf: field 6 of ObjectMeta, whose length stands before it. */
const CODED = /(?<=2\x01)\d|(?<=2\x02)\d{2}|(?<=2\x03)\d{3}|(?<=2\x04)\d{4}|(?<=2\x05)\d{5}|(?<=2\x06)\d{6}/g;
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
  /** Paths of what was deleted: it may be gone sooner than it was in the recording. */
  readonly #deleted = new Set<string>();
  readonly differences: Difference[] = [];

  constructor(server: string) {
    this.#server = server;
  }

  async send(exchange: RecordedExchange): Promise<void> {
    if (exchange.shape === "upgrade") return this.#connect(exchange);
    if (exchange.shape === "stream") return this.#watch(exchange);
    const reads = exchange.method === "GET";
    const [path] = exchange.url.split("?") as [string];
    // What a controller makes again may not be there again yet.
    const gone = this.#deleted.has(path) && (reads || exchange.method === "DELETE");
    if (exchange.method === "DELETE") this.#deleted.add(path);
    else if (!reads) this.#deleted.delete(path);
    const deadline = performance.now() + PATIENCE;
    for (;;) {
      const got = await this.#ask(exchange);
      const expected = `${exchange.status} ${exchange.shape}`;
      if (got === expected || (gone && got.startsWith("404"))) return;
      // A Pod that went meanwhile, or is not there yet: another one is meant, or the same one later.
      const missing = got.startsWith("404") && exchange.status < 400;
      if (missing) this.#forget(path);
      // Pods that are not ready yet, and objects that a controller wrote to meanwhile.
      if ((!reads && !missing && !/ (409|500) /.test(` ${got}`)) || performance.now() > deadline) {
        this.differences.push({ line: exchange.line, request: `${exchange.method} ${exchange.url}`, expected, got });
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, AGAIN));
      if (got.startsWith("409 Status Conflict")) await this.#readAgain(exchange);
    }
  }

  /** Draws another name for the Pod of a path, if its name was drawn. */
  #forget(path: string): void {
    for (const recorded of this.#names.keys()) if (path.split("/").includes(recorded)) this.#names.delete(recorded);
  }

  /** A client whose object is out of date takes the present one. */
  async #readAgain({ url, body, headers }: RecordedExchange): Promise<void> {
    const path = (await this.#place(url)).split("?")[0]!.replace(/\/(status|scale|approval)$/, "");
    const { metadata } = objectOf(await (await fetch(this.#server + path)).text());
    if (metadata?.resourceVersion === undefined) return;
    const text = isProtobuf(headers["content-type"]) ? Buffer.from(body, "base64").toString("latin1") : body;
    for (const [version] of text.matchAll(isProtobuf(headers["content-type"]) ? CODED : VERSION))
      this.#versions.set(version, metadata.resourceVersion);
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
    // Uids are all equally long, versions nearly always: what stands around them stays right.
    const bytes = Buffer.from(body, "base64")
      .toString("latin1")
      .replace(UID, (uid) => this.#uids.get(uid) ?? uid)
      .replace(CODED, (version) => {
        const mine = this.#versions.get(version);
        return mine?.length === version.length ? mine : version;
      });
    return Uint8Array.from(Buffer.from(bytes, "latin1"));
  }

  /** A text of the recording with the uids, versions and drawn names of this world. */
  #mine(text: string): string {
    let mine = text
      .replace(UID, (uid) => this.#uids.get(uid) ?? uid)
      .replace(VERSION, (version) => this.#versions.get(version) ?? version);
    for (const [recorded, name] of this.#names) mine = mine.replaceAll(recorded, name);
    return mine;
  }

  /** A path of the recording, with this world's Pod in the place of one whose name was drawn. */
  async #place(url: string): Promise<string> {
    const mine = url
      .replace(UID, (uid) => this.#uids.get(uid) ?? uid)
      .replace(VERSION, (version) => this.#versions.get(version) ?? version);
    const found = /^(\/api\/v1\/namespaces\/[^/]+\/pods)\/([a-z0-9-]+-)([a-z0-9]{5})(?=[/?]|$)/.exec(mine);
    if (!found || !DRAWN.test(found[3]!)) return mine;
    const [whole, list, prefix, suffix] = found as unknown as [string, string, string, string];
    const key = prefix + suffix;
    let name = this.#names.get(key);
    if (name === undefined) {
      await this.#rolledOut(list, prefix.slice(0, -1));
      const { items } = (await (await fetch(this.#server + list)).json()) as { items: ListedPod[] };
      const taken = new Set(this.#names.values());
      // One that is not ready is meant only where there is no other, and one that is going only then.
      const staying = items.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
      const all = [...staying.filter(isReady), ...staying, ...items]
        .map(({ metadata }) => metadata.name)
        .filter((each) => each.startsWith(prefix));
      name = all.includes(key) ? key : (all.find((each) => !taken.has(each)) ?? all[0]);
      if (name === undefined) return mine;
      this.#names.set(key, name);
    }
    return `${list}/${name}${mine.slice(whole.length)}`;
  }

  /** Waits until the Deployment of a ReplicaSet made and removed what it had to: what is about to go was not meant. */
  async #rolledOut(pods: string, replicaSet: string): Promise<void> {
    const apps = this.#server + pods.replace("/api/v1/", "/apis/apps/v1/").replace(/pods$/, "");
    const { metadata } = (await (await fetch(`${apps}replicasets/${replicaSet}`)).json()) as Owned;
    const owner = metadata?.ownerReferences?.[0]?.name;
    if (owner === undefined) return;
    const deadline = performance.now() + ROLLOUT;
    while (performance.now() < deadline) {
      const deployment = (await (await fetch(`${apps}deployments/${owner}`)).json()) as Partial<RolledOut>;
      if (!deployment.spec || !deployment.status || isRolledOut(deployment as RolledOut)) return;
      await new Promise((resolve) => setTimeout(resolve, AGAIN));
    }
  }

  async #watch({ line, url: recorded, headers, status }: RecordedExchange): Promise<void> {
    const deadline = performance.now() + PATIENCE;
    for (;;) {
      const url = await this.#place(recorded);
      const stop = new AbortController();
      const answer = await fetch(this.#server + url, { headers, signal: stop.signal });
      stop.abort();
      // An informer that looks once more for a kind that is being deleted: it may be gone already, here or there.
      if (answer.status === status || (this.#undefines(url) && answer.status === 404)) return;
      if (performance.now() > deadline) {
        this.differences.push({ line, request: `WATCH ${url}`, expected: String(status), got: String(answer.status) });
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, AGAIN));
    }
  }

  /** Whether the definition of that path's kind was deleted. */
  #undefines(url: string): boolean {
    const definition = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/";
    const [, group, , plural] = /^\/apis\/([^/]+)\/([^/]+)\/([^/?]+)/.exec(url) ?? [];
    return this.#deleted.has(`${definition}${plural}.${group}`);
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
