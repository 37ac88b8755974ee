import {
  makePipe,
  OpenFile,
  Tty,
  TtyFile,
  type Machine,
  type Process,
  type Shown,
  type WriteEnd,
} from "../../../../host/index.ts";
import type { Bytes } from "../../../../kernel/index.ts";

/** Somebody who is attached to a container: where its output goes, and who is told of its end. */
export interface Client {
  write(stream: 1 | 2, data: Bytes, what: Shown): void;
  ended(): void;
}

/** What a container was created with. */
export interface IoOptions {
  readonly stdin: boolean;
  readonly stdinOnce: boolean;
  readonly tty: boolean;
}

/**
 * The streams of a running container: its log and those who are attached take what it prints, its input comes from them. With
 * a terminal it has one of its own, whose other end is here.
 */
export class ContainerIo {
  readonly console: Tty | undefined;
  readonly #log: (stream: 1 | 2, data: Bytes) => void;
  readonly #options: IoOptions;
  readonly #clients = new Set<Client>();
  readonly #machine: Machine;
  readonly #input: { reader: OpenFile; writer: WriteEnd } | undefined;
  #inputOpen = true;

  constructor(machine: Machine, options: IoOptions, log: (stream: 1 | 2, data: Bytes) => void) {
    this.#machine = machine;
    this.#options = options;
    this.#log = log;
    const { pipeBuffer, ttyInput } = machine.kernel.limits;
    if (options.tty) {
      const display = (data: Bytes, what: Shown): void => this.print(1, data, what);
      this.console = new Tty(machine.freeTtyName(), { cols: 80, rows: 24, display, inputLimit: ttyInput });
      machine.addTty(this.console);
    } else if (options.stdin) {
      this.#input = makePipe(machine.nextInode(), pipeBuffer);
      this.#input.writer.retain();
    }
  }

  /** The descriptors of its first process. */
  files(): [number, OpenFile][] {
    if (this.console) {
      const file = new TtyFile(this.console);
      return [0, 1, 2].map((fd): [number, OpenFile] => [fd, file]);
    }
    return [
      [0, this.#input?.reader ?? new NoInput()],
      [1, new Output((data) => this.print(1, data))],
      [2, new Output((data) => this.print(2, data))],
    ];
  }

  /** The container prints. */
  print(stream: 1 | 2, data: Bytes, what: Shown = "output"): void {
    this.#log(stream, data);
    for (const client of this.#clients) client.write(stream, data, what);
  }

  get takesInput(): boolean {
    return this.#options.stdin && this.#inputOpen;
  }

  attach(client: Client): () => void {
    this.#clients.add(client);
    return () => this.#clients.delete(client);
  }

  /** What somebody who is attached has typed or sent, in the name of his process. */
  async type(process: Process, data: Bytes): Promise<void> {
    if (this.console) this.console.input(data);
    else if (this.takesInput) await this.#input?.writer.write(process, data);
  }

  /** Where input goes that comes without a process of this world; undefined for a terminal, or if none is taken. */
  get inputPipe(): WriteEnd | undefined {
    return this.takesInput ? this.#input?.writer : undefined;
  }

  /** The input of a client has ended: with stdinOnce, so has that of the container. */
  inputEnded(): void {
    if (this.#options.stdinOnce) this.#closeInput();
  }

  #closeInput(): void {
    if (!this.#inputOpen) return;
    this.#inputOpen = false;
    this.#input?.writer.drop();
  }

  /** The container has ended. */
  close(): void {
    this.#closeInput();
    if (this.console) {
      this.console.hangUp();
      this.#machine.removeTty(this.console.name);
    }
    for (const client of this.#clients) client.ended();
    this.#clients.clear();
  }
}

/** A container without stdin reads from /dev/null. */
class NoInput extends OpenFile {
  readonly name = "/dev/null";

  override read(): Bytes {
    return "";
  }

  override write(): void {}
}

class Output extends OpenFile {
  readonly name = "pipe:[1]";
  readonly #take: (data: Bytes) => void;

  constructor(take: (data: Bytes) => void) {
    super();
    this.#take = take;
  }

  override write(_process: Process, data: Bytes): void {
    this.#take(data);
  }

  override writeNow(data: Bytes): void {
    this.#take(data);
  }
}
