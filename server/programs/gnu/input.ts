import type { Bytes } from "../../sim/kernel/index.ts";
import { attempt, Errno, open, type OpenFile, type Process } from "../../sim/host/index.ts";
import type { Output } from "./output.ts";

/** What simple work on so many bytes costs: a gigabyte a second. */
const BYTES_PER_MICROSECOND = 1_000;

const CHUNK = 65_536;

/** Lets the time pass that work on so many bytes took. */
export function worked(process: Process, bytes: number): void | Promise<void> {
  if (process.spend(1 + bytes / BYTES_PER_MICROSECOND)) return process.pause();
}

/** Opens an operand for reading; `-` is standard input. */
export function openOperand(process: Process, name: string): OpenFile | Errno {
  if (name === "-") return process.fds.find(0) ?? new Errno("EBADF");
  return attempt(() => {
    const file = open(process.host, name, { read: true }, process);
    process.fds.add(file, 3);
    return file;
  });
}

/** Closes what `openOperand` opened. */
export function closeOperand(process: Process, file: OpenFile): void {
  for (const [fd, other] of process.fds.entries()) if (fd > 2 && other === file) process.fds.close(fd);
}

/** The next bytes of a file, `""` at its end. What the program has written so far goes out before it waits. */
export async function nextChunk(process: Process, file: OpenFile, out: Output, max = CHUNK): Promise<Bytes> {
  if (!file.readable) await out.flush();
  const chunk = await file.read(process, max);
  await worked(process, chunk.length);
  return chunk;
}

/** A file as it comes, in pieces. */
export async function* chunks(process: Process, file: OpenFile, out: Output): AsyncGenerator<Bytes> {
  for (;;) {
    const chunk = await nextChunk(process, file, out);
    if (chunk === "") return;
    yield chunk;
  }
}

/** A file as it comes, in pieces that end with the delimiter; the last may not. */
export async function* blocks(process: Process, file: OpenFile, out: Output, delimiter = "\n"): AsyncGenerator<Bytes> {
  let rest: Bytes[] = [];
  for await (const chunk of chunks(process, file, out)) {
    const end = chunk.lastIndexOf(delimiter) + 1;
    if (end === 0) {
      rest.push(chunk);
      continue;
    }
    rest.push(chunk.slice(0, end));
    yield rest.join("");
    rest = end < chunk.length ? [chunk.slice(end)] : [];
  }
  if (rest.length > 0) yield rest.join("");
}

/** Everything that a file holds, in one string. */
export async function readWhole(process: Process, file: OpenFile, out: Output): Promise<Bytes> {
  const pieces: Bytes[] = [];
  let size = 0;
  for await (const chunk of chunks(process, file, out)) {
    size += chunk.length;
    if (size > process.kernel.limits.memory || !process.hold(size)) throw new Errno("ENOMEM");
    pieces.push(chunk);
  }
  return pieces.join("");
}

/** The lines of a block or file, without delimiters. */
export function splitLines(block: Bytes, delimiter = "\n"): Bytes[] {
  const lines = block.split(delimiter);
  if (lines.at(-1) === "") lines.pop();
  return lines;
}
