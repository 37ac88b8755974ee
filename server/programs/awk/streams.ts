import { decode, type Bytes } from "../../sim/kernel/index.ts";
import {
  attempt,
  Errno,
  exitCode,
  FdTable,
  open,
  spawnChild,
  type OpenFile,
  type Process,
} from "../../sim/host/index.ts";
import { findCommand } from "../gnu/execute.ts";
import type { Output } from "../gnu/output.ts";
import { RecordReader } from "./reader.ts";

interface Sink {
  readonly file: OpenFile;
  buffer: Bytes;
  readonly fd: number;
  readonly pid: number | undefined;
}

const FULL = 65_536;

/** Files and commands that a program reads from and writes to, by the text that names them. */
export class Streams {
  readonly #process: Process;
  readonly stdout: Output;
  readonly #sinks = new Map<string, Sink>();
  readonly #sources = new Map<
    string,
    { readonly reader: RecordReader; readonly fd: number; readonly pid: number | undefined }
  >();

  constructor(process: Process, stdout: Output) {
    this.#process = process;
    this.stdout = stdout;
  }

  /** Writes to a file or command, which is opened with the first write. */
  async write(how: ">" | ">>" | "|", name: string, bytes: Bytes): Promise<void> {
    if (how !== "|" && (name === "/dev/stdout" || name === "-")) return this.stdout.put(bytes);
    if (how !== "|" && name === "/dev/stderr") {
      await this.stdout.flush();
      await this.#process.write(2, bytes);
      return;
    }
    const sink = this.#sinks.get(name) ?? (await this.#openSink(how, name));
    sink.buffer += bytes;
    if (sink.buffer.length >= FULL) await this.#flushSink(sink);
  }

  async #openSink(how: ">" | ">>" | "|", name: string): Promise<Sink> {
    const process = this.#process;
    let sink: Sink;
    if (how === "|") {
      await this.flush();
      const { reader, writer } = process.pipe();
      const pid = this.#spawn(name, [
        [0, reader],
        [1, process.fds.find(1)],
        [2, process.fds.find(2)],
      ]);
      sink = { file: writer, buffer: "", fd: process.fds.add(writer, 3), pid };
    } else {
      const file = open(
        process.host,
        decode(name),
        { write: true, ...(how === ">" ? { truncate: true } : { append: true }) },
        process,
      );
      sink = { file, buffer: "", fd: process.fds.add(file, 3), pid: undefined };
    }
    this.#sinks.set(name, sink);
    return sink;
  }

  #spawn(command: string, files: readonly (readonly [number, OpenFile | undefined])[]): number {
    const found = findCommand(this.#process, ["/bin/sh", "-c", decode(command)]);
    if (found instanceof Errno) throw found;
    const fds = new FdTable(files.flatMap(([fd, file]) => (file ? [[fd, file] as const] : [])));
    return spawnChild(this.#process, { ...found, argv: ["sh", "-c", decode(command)], fds });
  }

  async #flushSink(sink: Sink): Promise<void> {
    const bytes = sink.buffer;
    sink.buffer = "";
    if (bytes !== "") await this.#process.write(sink.fd, bytes);
  }

  /** Everything that was written goes out. */
  async flush(): Promise<void> {
    await this.stdout.flush();
    for (const sink of this.#sinks.values()) await this.#flushSink(sink);
  }

  /** A reader of a file or of a command's output; undefined if it cannot be opened. */
  async source(from: "file" | "command", name: string): Promise<RecordReader | undefined> {
    const known = this.#sources.get(name);
    if (known) return known.reader;
    const process = this.#process;
    if (from === "command") {
      await this.flush();
      const { reader, writer } = process.pipe();
      const pid = this.#spawn(name, [
        [0, process.fds.find(0)],
        [1, writer],
        [2, process.fds.find(2)],
      ]);
      // The child holds its end alone, so that its end is seen.
      writer.retain().drop();
      const source = { reader: new RecordReader(process, reader, this.stdout), fd: process.fds.add(reader, 3), pid };
      this.#sources.set(name, source);
      return source.reader;
    }
    const standard = name === "-" || name === "/dev/stdin";
    const file = standard
      ? process.fds.find(0)
      : attempt(() => open(process.host, decode(name), { read: true }, process));
    if (!file || file instanceof Errno) return undefined;
    const reader = new RecordReader(process, file, this.stdout);
    this.#sources.set(name, { reader, fd: standard ? -1 : process.fds.add(file, 3), pid: undefined });
    return reader;
  }

  /** Closes what the name stands for, and waits for its command. -1 if nothing is open by that name. */
  async close(name: string): Promise<number> {
    const sink = this.#sinks.get(name);
    const source = this.#sources.get(name);
    if (!sink && !source) return -1;
    let code = 0;
    if (sink) {
      await this.#flushSink(sink);
      this.#sinks.delete(name);
      this.#process.fds.close(sink.fd);
      if (sink.pid !== undefined) code = await this.#ended(sink.pid);
    }
    if (source) {
      this.#sources.delete(name);
      if (source.fd >= 0) this.#process.fds.close(source.fd);
      if (source.pid !== undefined) code = await this.#ended(source.pid);
    }
    return code;
  }

  async closeAll(): Promise<void> {
    for (const name of [...this.#sinks.keys(), ...this.#sources.keys()]) await this.close(name);
  }

  async system(command: string): Promise<number> {
    await this.flush();
    const { fds } = this.#process;
    return this.#ended(
      this.#spawn(
        command,
        [0, 1, 2].map((fd) => [fd, fds.find(fd)] as const),
      ),
    );
  }

  async #ended(pid: number): Promise<number> {
    for (;;) {
      const { change, status } = await this.#process.wait([pid]);
      if (change === "exited") return exitCode(status!);
    }
  }
}
