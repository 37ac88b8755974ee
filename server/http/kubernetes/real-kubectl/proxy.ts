import {
  createServer,
  request as httpRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import { connect, type AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";
import { shapeOf } from "./shape.ts";

/** One request of kubectl's and what became of it. */
export interface Exchange {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Base64 if it is protobuf. */
  readonly body: string;
  readonly status: number;
  readonly shape: string;
  /** The uid and resourceVersion of the object that came back: later requests name them. */
  readonly uid?: string;
  readonly version?: string;
  /** A watch, a followed log: how long it was open, in milliseconds. */
  readonly open?: number;
}

const KEPT = ["accept", "content-type", "impersonate-user", "impersonate-group", "sec-websocket-protocol"];

/** Stands between kubectl and a cluster, and notes what goes by. */
export class RecordingProxy {
  readonly #target: URL;
  readonly #server = createServer((request, response) => void this.#forward(request, response));
  #seen: Exchange[] = [];

  constructor(target: string) {
    this.#target = new URL(target);
    this.#server.on("upgrade", (request: IncomingMessage, socket, head) => {
      const upstream = connect(Number(this.#target.port), this.#target.hostname, () => {
        const lines = [];
        for (let at = 0; at < request.rawHeaders.length; at += 2)
          lines.push(`${request.rawHeaders[at]}: ${request.rawHeaders[at + 1]}`);
        upstream.write(`${request.method} ${request.url} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`);
        upstream.write(head);
        upstream.once("data", (first: Buffer) => {
          const status = Number(/^HTTP\/1\.1 (\d+)/.exec(first.toString("latin1"))?.[1] ?? 0);
          this.#note(request, "", status, "upgrade");
          socket.write(first);
          upstream.pipe(socket);
        });
        socket.pipe(upstream);
      });
      for (const each of [socket, upstream]) each.on("error", () => [socket, upstream].forEach((one) => one.destroy()));
    });
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** What has gone by since the last call. */
  take(): Exchange[] {
    const seen = this.#seen;
    this.#seen = [];
    return seen;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  async #forward(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const { hostname, port } = this.#target;
    const started = performance.now();
    const upstream = httpRequest(
      { hostname, port, method: request.method, path: request.url, headers: request.headers },
      (answer) => {
        response.writeHead(answer.statusCode!, answer.headers);
        response.flushHeaders();
        const stream = /[?&](watch|follow)=(true|1)?/.test(request.url!);
        const parts: Buffer[] = [];
        answer.on("data", (chunk: Buffer) => {
          response.write(chunk);
          if (!stream) parts.push(chunk);
        });
        let noted = false;
        const note = (): void => {
          if (noted) return;
          noted = true;
          if (stream)
            this.#note(request, textOf(request, body), answer.statusCode!, "stream", undefined, performance.now() - started); // prettier-ignore
          else {
            const whole = Buffer.concat(parts);
            const plain = answer.headers["content-encoding"] === "gzip" ? gunzipSync(whole) : whole;
            this.#note(request, textOf(request, body), answer.statusCode!, shapeOf(plain.toString(), answer.headers["content-type"] ?? ""), plain.toString()); // prettier-ignore
          }
        };
        answer.on("end", () => {
          note();
          response.end();
        });
        response.on("close", () => {
          note();
          upstream.destroy();
        });
        answer.on("error", () => response.destroy());
      },
    );
    upstream.on("error", () => response.destroy());
    upstream.end(body);
  }

  #note(request: IncomingMessage, body: string, status: number, shape: string, answer = "", open?: number): void {
    const { metadata } = objectOf(answer);
    this.#seen.push({
      method: request.method!,
      url: request.url!,
      headers: keptHeaders(request.headers),
      body,
      status,
      shape,
      ...(metadata?.uid === undefined ? {} : { uid: metadata.uid }),
      ...(metadata?.resourceVersion === undefined ? {} : { version: metadata.resourceVersion }),
      ...(open === undefined ? {} : { open: Math.round(open) }),
    });
  }
}

/** The object of an answer, as far as later requests depend on it. */
export function objectOf(body: string): { metadata?: { uid?: string; resourceVersion?: string } } {
  try {
    return JSON.parse(body) as never;
  } catch {
    return {};
  }
}

function textOf({ headers }: IncomingMessage, body: Buffer): string {
  return body.toString(isProtobuf(headers["content-type"]) ? "base64" : "utf8");
}

export function isProtobuf(type: string | undefined): boolean {
  return type?.startsWith("application/vnd.kubernetes.protobuf") ?? false;
}

function keptHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(
    KEPT.flatMap((name) => (headers[name] === undefined ? [] : [[name, String(headers[name])]])),
  );
}
