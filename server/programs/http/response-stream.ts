import type { Bytes } from "../../sim/kernel/index.ts";

export interface ResponseHead {
  /** `HTTP/1.1` */
  readonly version: string;
  readonly status: number;
  readonly reason: string;
  /** Lines as they came, the status line first, without line ends. */
  readonly lines: readonly Bytes[];
  readonly fields: readonly (readonly [name: string, value: string])[];
}

/** Why a response's head could not be read: nothing came, or something that is no HTTP. */
export type NoHead = "empty" | "not http";

/** Why a body ended too early: how many bytes are missing, or a chunk that makes no sense. */
export type BodyEnd = { readonly missing?: number; readonly malformed?: true };

/** Reads responses from a connection as their bytes come. `read` gives `""` at the end of the connection. */
export class ResponseStream {
  readonly #read: () => Promise<Bytes>;
  #buffer: Bytes = "";
  #ended = false;

  constructor(read: () => Promise<Bytes>) {
    this.#read = read;
  }

  /** The connection has ended, so that no other response can come. */
  get ended(): boolean {
    return this.#ended;
  }

  /** What has been read and not been taken yet. */
  get rest(): Bytes {
    return this.#buffer;
  }

  /** Something has come that nobody has taken. */
  get waits(): boolean {
    return this.#buffer !== "";
  }

  async head(): Promise<ResponseHead | NoHead> {
    for (;;) {
      if (this.#buffer.length >= 5 && !/^HTTP\//i.test(this.#buffer)) return "not http";
      const end = /\r?\n\r?\n/.exec(this.#buffer);
      if (end) {
        const lines = this.#buffer.slice(0, end.index).split(/\r?\n/);
        this.#buffer = this.#buffer.slice(end.index + end[0].length);
        return readHead(lines) ?? "not http";
      }
      if (!(await this.#more())) return this.#buffer === "" ? "empty" : "not http";
    }
  }

  /** The body of a response in pieces; returns what is wrong with its end, if anything. */
  async *body(method: string, head: ResponseHead): AsyncGenerator<Bytes, BodyEnd> {
    const { status } = head;
    if (method === "HEAD" || status < 200 || status === 204 || status === 304) return {};
    if (/\bchunked\b/i.test(field(head, "transfer-encoding") ?? "")) return yield* this.#chunks();
    const length = field(head, "content-length");
    if (length !== undefined && /^\d+$/.test(length)) return yield* this.#exactly(Number(length));
    for (;;) {
      if (this.#buffer !== "") {
        yield this.#take(this.#buffer.length);
        continue;
      }
      if (!(await this.#more())) return {};
    }
  }

  async *#exactly(length: number): AsyncGenerator<Bytes, BodyEnd> {
    for (let left = length; left > 0;) {
      if (this.#buffer === "" && !(await this.#more())) return { missing: left };
      const piece = this.#take(Math.min(left, this.#buffer.length));
      left -= piece.length;
      yield piece;
    }
    return {};
  }

  async *#chunks(): AsyncGenerator<Bytes, BodyEnd> {
    for (;;) {
      const line = await this.#line();
      if (line === undefined) return { missing: 0 };
      const digits = /^[0-9a-f]{1,8}/i.exec(line)?.[0];
      if (digits === undefined) return { malformed: true };
      const size = Number.parseInt(digits, 16);
      if (size === 0) {
        for (;;) {
          const trailer = await this.#line();
          if (trailer === undefined || trailer === "") return {};
        }
      }
      const end = yield* this.#exactly(size);
      if (end.missing !== undefined) return { missing: 0 };
      await this.#line();
    }
  }

  async #line(): Promise<Bytes | undefined> {
    for (;;) {
      const end = this.#buffer.indexOf("\n");
      if (end >= 0) return this.#take(end + 1).replace(/\r?\n$/, "");
      if (!(await this.#more())) return undefined;
    }
  }

  #take(length: number): Bytes {
    const piece = this.#buffer.slice(0, length);
    this.#buffer = this.#buffer.slice(length);
    return piece;
  }

  async #more(): Promise<boolean> {
    const bytes = await this.#read();
    if (bytes === "") this.#ended = true;
    this.#buffer += bytes;
    return bytes !== "";
  }
}

function readHead(lines: readonly Bytes[]): ResponseHead | undefined {
  const match = /^(HTTP\/[\d.]+) +(\d{3})(?: (.*))?$/i.exec(lines[0] ?? "");
  if (!match) return undefined;
  const fields = lines.slice(1).flatMap((line): [string, string][] => {
    const colon = line.indexOf(":");
    return colon <= 0 ? [] : [[line.slice(0, colon), line.slice(colon + 1).trim()]];
  });
  return { version: match[1]!.toUpperCase(), status: Number(match[2]), reason: match[3] ?? "", lines, fields };
}

/** The value of a response's first field of that name. */
export function field(head: Pick<ResponseHead, "fields">, name: string): string | undefined {
  return head.fields.find(([other]) => other.toLowerCase() === name)?.[1];
}

/** Whether another response can follow on the connection. */
export function keepsOpen(head: ResponseHead): boolean {
  const connection = (field(head, "connection") ?? "").toLowerCase();
  if (connection.includes("close")) return false;
  return head.version !== "HTTP/1.0" || connection.includes("keep-alive");
}
