import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { constants, gzip } from "node:zlib";
import type { ApiEvent, ApiHandle, ApiPort, OutsideRequest } from "../../sessions/protocol/index.ts";
import type { Refused } from "./status.ts";

/** Answers longer than that are compressed for who can read it (apiserver responsewriters/writers.go). */
const COMPRESSED_FROM = 128 * 1024;
/** The worker hears of what was written in steps of so many bytes. */
const STEP = 65_536;

/** One request and its answer: sends it to the session, and what comes of it to the client. */
export class Exchange {
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  #handle: ApiHandle | undefined;
  #untold = 0;

  constructor(request: IncomingMessage, response: ServerResponse) {
    this.#request = request;
    this.#response = response;
  }

  /** `over` is called once, when nothing more happens. */
  begin(api: ApiPort, asked: OutsideRequest, over: () => void): void {
    const response = this.#response;
    response.on("drain", () => this.#taken(0, true));
    response.once("close", () => {
      over();
      if (!response.writableFinished) this.#handle?.cut();
    });
    if (response.destroyed) return over();
    this.#handle = api.call(asked, (event) => this.#hear(event));
  }

  #hear(event: ApiEvent): void {
    const response = this.#response;
    if (response.destroyed) return;
    switch (event.type) {
      case "head":
        return this.#head(event);
      case "chunk":
        this.#untold += event.body.length;
        if (response.write(event.body)) this.#taken(STEP, false);
        return;
      case "end":
        response.end();
        return;
      case "refused":
        // Nobody answers: a shared port cannot refuse a connection, but it can hang up (clients say EOF).
        response.destroy();
        return;
      case "upgraded":
      case "frame":
    }
  }

  /** Tells the worker what was written, if it is as much as `from` or all that there was. */
  #taken(from: number, drained: boolean): void {
    if (this.#untold === 0 || (this.#untold < from && !drained)) return;
    this.#handle?.taken(this.#untold);
    this.#untold = 0;
  }

  #head({ status, mediaType, warnings, body }: Extract<ApiEvent, { type: "head" }>): void {
    const response = this.#response;
    common(response, mediaType, warnings);
    if (body === null) {
      // A client waits for these before it takes a watch for one.
      response.writeHead(status);
      response.flushHeaders();
      return;
    }
    const whole = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
    if (whole.length > COMPRESSED_FROM && takesGzip(this.#request)) {
      gzip(whole, { level: constants.Z_BEST_SPEED }, (error, compressed) => {
        if (error) return response.destroy();
        response.setHeader("content-encoding", "gzip");
        response.setHeader("vary", "Accept-Encoding");
        this.#whole(status, compressed);
      });
    } else this.#whole(status, whole);
  }

  #whole(status: number, body: Buffer): void {
    this.#response.writeHead(status, { "content-length": body.length });
    this.#response.end(this.#request.method === "HEAD" ? undefined : body);
  }
}

/** An answer of the HTTP layer itself. */
export function refuse(response: ServerResponse, { code, body, headers }: Refused): void {
  if (response.destroyed || response.headersSent) return;
  common(response, headers["content-type"] ?? "text/plain", []);
  response.writeHead(code, { ...headers, "content-length": Buffer.byteLength(body) });
  response.end(body);
}

function common(response: ServerResponse, mediaType: string, warnings: readonly string[]): void {
  response.setHeader("audit-id", randomUUID());
  response.setHeader("cache-control", "no-cache, private");
  response.setHeader("content-type", mediaType);
  // RFC 7234's warn-text: what cannot stand in a header is left out (apimachinery net.NewWarningHeader).
  if (warnings.length > 0)
    response.setHeader(
      "warning",
      warnings.map((text) => `299 - ${quoted(text)}`),
    );
}

function quoted(text: string): string {
  return Buffer.from(`"${text.replace(/[\x00-\x1f\x7f]/g, " ").replace(/["\\]/g, "\\$&")}"`).toString("latin1");
}

function takesGzip({ headers }: IncomingMessage): boolean {
  return (headers["accept-encoding"] ?? "").split(",").some((coding) => coding.trim().split(";")[0] === "gzip");
}
