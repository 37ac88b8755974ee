import type { ApiEvent, ApiHandle, ApiOutput } from "../../../sessions/protocol/index.ts";
import type { SpdyHeaders } from "../spdy/header-blocks.ts";
import { SpdySession } from "../spdy/session.ts";
import { Flow } from "./flow.ts";
import type { Carrier } from "./port-spdy.ts";
import { terminalSize } from "./remote-command.ts";

/** Exec and attach over SPDY/3.1 (kubelet/pkg/cri/streaming/remotecommand/httpstream.go): kubectl up to 1.29, and its way out. */
export class CommandStreams {
  readonly #handle: ApiHandle;
  readonly #carrier: Carrier;
  readonly #flow: Flow;
  readonly #spdy: SpdySession;
  /** The client's streams by type. */
  readonly #streams = new Map<string, number>();
  readonly #expected: readonly string[];
  /** What the command says before the client has opened its streams. */
  #early: ApiEvent[] | undefined = [];

  constructor(carrier: Carrier, handle: ApiHandle, url: string) {
    this.#handle = handle;
    this.#carrier = carrier;
    this.#flow = new Flow(carrier);
    this.#flow.handle = handle;
    this.#expected = expectedStreams(url);
    this.#spdy = new SpdySession((bytes, written) => carrier.write(bytes, written), {
      opened: (stream, headers) => this.#opened(stream, headers),
      data: (stream, bytes) => this.#data(stream, bytes),
      ended: (stream) => stream === this.#streams.get("stdin") && handle.input({ type: "end", stream: 0 }),
      reset: () => {},
      broken: () => carrier.close(),
    });
  }

  receive(bytes: Buffer): void {
    this.#spdy.receive(bytes);
  }

  close(): void {
    this.#spdy.close();
  }

  hear(event: ApiEvent): void {
    if (event.type === "refused") return this.#carrier.close();
    if (this.#early) return void this.#early.push(event);
    if (event.type === "end") this.#carrier.close();
    else if (event.type === "frame") this.#show(event.frame);
  }

  #show(frame: ApiOutput): void {
    if (frame.type === "data") {
      const { stream: number, bytes } = frame;
      const stream = this.#streams.get(number === 2 ? "stderr" : "stdout");
      if (stream === undefined) return;
      this.#spdy.send(stream, Buffer.from(bytes, "latin1"), () => this.#flow.written(number, bytes.length));
    } else if (frame.type === "taken") this.#flow.read(frame.stream, frame.bytes);
    else if (frame.type === "status") {
      for (const type of ["stdout", "stderr"]) this.#end(type);
      this.#spdy.send(this.#streams.get("error")!, Buffer.from(JSON.stringify(frame.status)));
      this.#end("error");
    }
  }

  #end(type: string): void {
    const stream = this.#streams.get(type);
    if (stream !== undefined) this.#spdy.end(stream);
  }

  #opened(stream: number, headers: SpdyHeaders): void {
    const type = headers.get("streamtype") ?? "";
    if (!this.#expected.includes(type) || this.#streams.has(type)) return this.#spdy.reset(stream);
    this.#streams.set(type, stream);
    if (this.#streams.size < this.#expected.length) return;
    const early = this.#early ?? [];
    this.#early = undefined;
    for (const event of early) this.hear(event);
  }

  #data(stream: number, bytes: Buffer): void {
    if (stream === this.#streams.get("stdin")) this.#flow.send(0, bytes);
    else if (stream === this.#streams.get("resize")) {
      const size = terminalSize(bytes);
      if (size) this.#handle.input({ type: "resize", ...size });
    }
  }
}

function expectedStreams(url: string): string[] {
  const query = new URLSearchParams(url.split("?")[1] ?? "");
  const wants = (name: string): boolean => ["true", "1"].includes(query.get(name) ?? "");
  const tty = wants("tty");
  return [
    "error",
    ...(wants("stdin") ? ["stdin"] : []),
    ...(wants("stdout") ? ["stdout"] : []),
    ...(wants("stderr") && !tty ? ["stderr"] : []),
    ...(tty ? ["resize"] : []),
  ];
}
