import { Errno, open, readAll, type Process, type Stat } from "../../sim/host/index.ts";
import type { Bytes } from "../../sim/kernel/index.ts";
import { GoError } from "./errors/go-error.ts";

/** All that a path holds, also if it is no plain file: `/dev/null`, `/dev/fd/63` of a process substitution. Throws Errno. */
export async function readPath(process: Process, path: string): Promise<Bytes> {
  const file = open(process.host, path, { read: true }, process).retain();
  try {
    const bytes = await readAll(process, file, process.kernel.limits.memory);
    if (bytes === undefined) throw new GoError("the input is too large");
    return bytes;
  } finally {
    file.drop();
  }
}

/** The same without waiting, where only plain files and `/dev/null` make sense. Throws Errno. */
export function readPlain(process: Process, path: string): Bytes {
  return path === "/dev/null" ? "" : process.host.files.read(path, process);
}

/** A file's bytes, or Go's words for why it cannot be read. */
export async function readBytes(process: Process, path: string): Promise<Bytes> {
  try {
    return await readPath(process, path);
  } catch (error) {
    if (error instanceof Errno) throw new GoError(fileProblem(path, error));
    throw error;
  }
}

/** os.ReadFile: a folder can be opened, and not read. */
export function fileProblem(path: string, { code, message }: Errno): string {
  return `${code === "EISDIR" ? "read" : "open"} ${path}: ${message.toLowerCase()}`;
}

/** What a path leads to, as stat(2) says: a descriptor of the process' own is what was opened. Throws Errno. */
export function typeAt(process: Process, path: string): Stat["type"] {
  const fd = /^\/(?:dev|proc\/self)\/fd\/(\d+)$/.exec(path)?.[1];
  if (fd !== undefined && process.fds.find(Number(fd))) return "fifo";
  return process.host.files.stat(path, process).type;
}
