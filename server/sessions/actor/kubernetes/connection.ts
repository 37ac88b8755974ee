import { flag, type ApiRequest, type Status } from "../../../sim/kube/api/index.ts";
import {
  forwardPort,
  PortForward,
  type ForwardedPort,
  type OutsideInput,
  type RemoteCommand,
} from "../../../sim/kube/kubelet/index.ts";
import type { ApiInput, ApiOutput } from "../../protocol/index.ts";

/** A connection of exec, attach or port-forward. What the client says goes in by `input`; `post` takes what it hears. */
export interface Connection {
  input(frame: ApiInput): void;
  /** The client is gone. */
  cut(): void;
}

type Post = (frame: ApiOutput) => void;

/** Serves what the API handed over (its answer `upgrade`). `over` is called when nothing more comes. */
export function connect(connection: unknown, request: ApiRequest, post: Post, over: () => void): Connection {
  return connection instanceof PortForward
    ? new Ports(connection, post)
    : new Command(connection as RemoteCommand, request, post, over);
}

/**
 * What is said at the end, or where nobody runs: a Status without its kind, and without a code where the command itself
 * ended (kubelet/pkg/cri/streaming/remotecommand/exec.go ServeExec).
 */
export function endedWith({ kind: _kind, apiVersion: _version, code, ...status }: Status, post: Post): void {
  const ran = status.status === "Success" || status.reason === "NonZeroExitCode";
  post({ type: "status", status: { ...status, ...(ran ? {} : { code }) } });
}

const STDIN = 0;

class Command implements Connection {
  readonly #input: OutsideInput;

  constructor(command: RemoteCommand, { query }: ApiRequest, post: Post, over: () => void) {
    const tty = flag(query, "tty");
    this.#input = command.serve({
      stdin: flag(query, "stdin"),
      stdout: flag(query, "stdout"),
      // With a terminal there is one stream for both.
      stderr: flag(query, "stderr") && !tty,
      tty,
      output: (stream, bytes) => post({ type: "data", stream, bytes }),
      taken: (bytes) => post({ type: "taken", stream: STDIN, bytes }),
      ended: (status) => {
        endedWith(status, post);
        over();
      },
    });
  }

  input(frame: ApiInput): void {
    switch (frame.type) {
      case "data":
        return frame.stream === STDIN ? this.#input.input(frame.bytes) : undefined;
      case "end":
        return frame.stream === STDIN ? this.#input.inputEnded() : undefined;
      case "resize":
        return this.#input.resize(frame.cols, frame.rows);
      case "taken":
        return frame.stream === 1 || frame.stream === 2 ? this.#input.taken(frame.stream, frame.bytes) : undefined;
      case "connect":
      case "reset":
        return undefined;
    }
  }

  cut(): void {
    this.#input.cut();
  }
}

/** So many connections at once through one port-forward. */
const MOST_PORTS = 256;

class Ports implements Connection {
  readonly #forward: PortForward;
  readonly #post: Post;
  readonly #open = new Map<number, ForwardedPort>();

  constructor(forward: PortForward, post: Post) {
    this.#forward = forward;
    this.#post = post;
  }

  input(frame: ApiInput): void {
    if (frame.type === "resize") return;
    const { stream } = frame;
    if (frame.type === "connect") return this.#connect(stream, frame.port);
    const port = this.#open.get(stream);
    if (!port) return;
    if (frame.type === "data") port.send(frame.bytes);
    else if (frame.type === "end") port.end();
    else if (frame.type === "taken") port.taken(frame.bytes);
    else {
      this.#open.delete(stream);
      port.cut();
    }
  }

  cut(): void {
    for (const port of this.#open.values()) port.cut();
    this.#open.clear();
  }

  #connect(stream: number, number: number): void {
    const post = this.#post;
    if (this.#open.has(stream) || this.#open.size >= MOST_PORTS) return post({ type: "reset", stream });
    const port = forwardPort(this.#forward, number, {
      data: (bytes) => post({ type: "data", stream, bytes }),
      ended: () => post({ type: "end", stream }),
      reset: () => {
        this.#open.delete(stream);
        post({ type: "reset", stream });
      },
      taken: (bytes) => post({ type: "taken", stream, bytes }),
    });
    if (!("error" in port)) this.#open.set(stream, port);
    else post({ type: "error", stream, message: this.#forward.failure(number, port.error) });
  }
}
