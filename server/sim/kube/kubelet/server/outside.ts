import { makePipe, OpenFile, Tty, TtyFile, type Machine, type Process, type WriteEnd } from "../../../host/index.ts";
import type { Bytes } from "../../../kernel/index.ts";
import type { Status } from "../../api/index.ts";

/** A client of exec or attach that is no process of this world: which streams it wants, and where they go. */
export interface OutsideClient {
  readonly stdin: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
  readonly tty: boolean;
  output(stream: 1 | 2, bytes: Bytes): void;
  /** So many bytes of its input were read. */
  taken(bytes: number): void;
  /** How it ended: the last that it hears. */
  ended(status: Status): void;
}

/** What such a client does. */
export interface OutsideInput {
  input(bytes: Bytes): void;
  inputEnded(): void;
  resize(cols: number, rows: number): void;
  /** It has taken so many bytes of a stream. */
  taken(stream: 1 | 2, bytes: number): void;
  /** It is gone. */
  cut(): void;
}

/** A client to whom nothing happens any more. */
export const NO_INPUT: OutsideInput = { input() {}, inputEnded() {}, resize() {}, taken() {}, cut() {} };

/** So many bytes may be on their way to a client before who writes has to wait. */
const WINDOW = 1_048_576;

/** How much of a stream is on its way to a client. */
export class Window {
  #sent = 0;
  #closed = false;
  readonly #waiting = new Set<() => void>();

  get open(): boolean {
    return this.#closed || this.#sent < WINDOW;
  }

  /** Bytes that the client has not taken. */
  get sent(): number {
    return this.#sent;
  }

  get closed(): boolean {
    return this.#closed;
  }

  send(bytes: number): void {
    this.#sent += bytes;
  }

  taken(bytes: number): void {
    this.#sent = Math.max(0, this.#sent - bytes);
    if (this.open) this.#wake();
  }

  /** Nobody will take anything any more. */
  close(): void {
    this.#closed = true;
    this.#wake();
  }

  onOpen(wake: () => void): () => void {
    this.#waiting.add(wake);
    return () => this.#waiting.delete(wake);
  }

  #wake(): void {
    for (const wake of this.#waiting) wake();
  }
}

/** Where a remote process prints: its writer waits while the client is behind. */
export class OutsideOutput extends OpenFile {
  readonly name: string;
  readonly window: Window;
  readonly #put: (bytes: Bytes) => void;

  constructor(inode: number, window: Window, put: (bytes: Bytes) => void) {
    super();
    this.name = `pipe:[${inode}]`;
    this.window = window;
    this.#put = put;
  }

  override write(process: Process, data: Bytes): void | Promise<void> {
    if (this.window.open && !this.window.closed) return this.writeNow(data);
    return this.#wait(process, data);
  }

  override writeNow(data: Bytes): void {
    if (this.window.closed) return;
    this.window.send(data.length);
    this.#put(data);
  }

  async #wait(process: Process, data: Bytes): Promise<void> {
    while (!this.window.open) await process.block<void>((wake) => this.window.onOpen(() => wake()));
    if (this.window.closed) process.brokenPipe();
    this.writeNow(data);
  }
}

/** A terminal whose screen is the client's: who prints to it waits while the client is behind. */
class OutsideTtyFile extends TtyFile {
  readonly #window: Window;

  constructor(tty: Tty, window: Window) {
    super(tty);
    this.#window = window;
  }

  override write(process: Process, data: Bytes): void | Promise<void> {
    return this.#window.open ? super.write(process, data) : this.#wait(process, data);
  }

  async #wait(process: Process, data: Bytes): Promise<void> {
    while (!this.#window.open) await process.block<void>((wake) => this.#window.onOpen(() => wake()));
    await super.write(process, data);
  }
}

/** Carries what a client sends into a pipe, as there is room in it. */
export class PipeFeed {
  readonly #writer: WriteEnd;
  readonly #taken: (bytes: number) => void;
  readonly #ended: () => void;
  readonly #undo: () => void;
  #waiting: Bytes[] = [];
  #over = false;
  #flowing = false;

  /** `ended` is called when all has gone in and the client has said that there is no more. */
  constructor(writer: WriteEnd, taken: (bytes: number) => void, ended: () => void) {
    this.#writer = writer;
    this.#taken = taken;
    this.#ended = ended;
    this.#undo = writer.onChange(() => this.#flow());
  }

  push(bytes: Bytes): void {
    if (this.#over || bytes === "") return;
    this.#waiting.push(bytes);
    this.#flow();
  }

  end(): void {
    if (this.#over) return;
    this.#over = true;
    this.#flow();
  }

  close(): void {
    this.#undo();
    this.#waiting = [];
    this.#over = true;
  }

  #flow(): void {
    // What is written wakes readers, and those call back.
    if (this.#flowing) return;
    this.#flowing = true;
    while (this.#waiting.length > 0 && this.#writer.room > 0) {
      const first = this.#waiting.shift()!;
      const piece = first.slice(0, this.#writer.room);
      if (piece.length < first.length) this.#waiting.unshift(first.slice(piece.length));
      this.#writer.writeNow(piece);
      this.#taken(piece.length);
    }
    this.#flowing = false;
    if (!this.#over || this.#waiting.length > 0) return;
    this.#undo();
    this.#ended();
  }
}

/** The descriptors of a remote process, and how its client feeds them. */
export interface OutsideStreams {
  readonly stdin: OpenFile | undefined;
  readonly stdout: OpenFile | undefined;
  readonly stderr: OpenFile | undefined;
  readonly tty: boolean;
  readonly input: Omit<OutsideInput, "cut">;
  /** The process has ended, or its client is gone. */
  close(): void;
}

/** Streams of a client for a process on that machine: pipes, or a terminal of its own. */
export function outsideStreams(machine: Machine, client: OutsideClient): OutsideStreams {
  return client.tty ? terminalOf(machine, client) : pipesOf(machine, client);
}

function terminalOf(machine: Machine, client: OutsideClient): OutsideStreams {
  const window = new Window();
  const tty = new Tty(machine.freeTtyName(), {
    cols: 80,
    rows: 24,
    inputLimit: machine.kernel.limits.ttyInput,
    display: (bytes) => {
      if (!client.stdout || window.closed) return;
      window.send(bytes.length);
      client.output(1, bytes);
    },
  });
  machine.addTty(tty);
  const file = new OutsideTtyFile(tty, window);
  const typist = new Typist(tty, (bytes) => client.taken(bytes));
  return {
    stdin: file,
    stdout: file,
    stderr: file,
    tty: true,
    input: {
      input: (bytes) => typist.type(bytes),
      // A terminal has no end of file: Ctrl-D is a key.
      inputEnded() {},
      resize: (cols, rows) => tty.resize(cols, rows),
      taken: (_stream, bytes) => window.taken(bytes),
    },
    close() {
      window.close();
      tty.hangUp();
      if (machine.tty(tty.name) === tty) machine.removeTty(tty.name);
    },
  };
}

/** Types into a terminal what a client sends; what finds no room is offered again with what comes next. */
export class Typist {
  readonly #tty: Tty;
  readonly #taken: (bytes: number) => void;
  #waiting: Bytes = "";

  constructor(tty: Tty, taken: (bytes: number) => void) {
    this.#tty = tty;
    this.#taken = taken;
  }

  type(bytes: Bytes): void {
    const all = this.#waiting + bytes;
    const taken = this.#tty.input(all);
    this.#waiting = all.slice(taken);
    if (taken > 0) this.#taken(taken);
  }
}

function pipesOf(machine: Machine, client: OutsideClient): OutsideStreams {
  const windows = { 1: new Window(), 2: new Window() };
  const output = (stream: 1 | 2): OpenFile =>
    new OutsideOutput(machine.nextInode(), windows[stream], (bytes) => client.output(stream, bytes));
  let feed: PipeFeed | undefined;
  let stdin: OpenFile | undefined;
  if (client.stdin) {
    const { reader, writer } = makePipe(machine.nextInode(), machine.kernel.limits.pipeBuffer);
    writer.retain();
    stdin = reader;
    feed = new PipeFeed(
      writer,
      (bytes) => client.taken(bytes),
      () => writer.drop(),
    );
  }
  return {
    stdin,
    stdout: client.stdout ? output(1) : undefined,
    stderr: client.stderr ? output(2) : undefined,
    tty: false,
    input: {
      input: (bytes) => feed?.push(bytes),
      inputEnded: () => feed?.end(),
      resize() {},
      taken: (stream, bytes) => windows[stream].taken(bytes),
    },
    close() {
      feed?.end();
      feed?.close();
      windows[1].close();
      windows[2].close();
    },
  };
}
