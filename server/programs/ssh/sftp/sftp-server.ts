import { SECOND, type Bytes } from "../../../sim/kernel/index.ts";
import {
  Errno,
  join,
  open,
  type ErrnoCode,
  type OpenFile,
  type Process,
  type Program,
} from "../../../sim/host/index.ts";
import { attributesOf, KIND, OPEN, Packets, PacketReader, PacketWriter, STATUS, statusWords, type Attributes } from "./packet.ts"; // prettier-ignore

const VERSION = 3;
/** So much is read for one request (sftp-server.c process_read). */
const MOST_READ = 256 * 1024 - 1024;
/** Names in one answer to readdir. */
const NAMES = 100;

type Handle =
  | { readonly path: string; readonly file: OpenFile }
  | { readonly path: string; readonly names: readonly string[]; at: number };

/** OpenSSH's sftp-server: requests for files come in on standard input, answers go out. */
export const sftpServer: Program = {
  name: "sftp-server",
  summary: "OpenSSH SFTP server subsystem",
  async run(process, args) {
    if (args.length > 0) {
      await process.error(`drydock: sftp-server: '${args[0]}' is not simulated\n`);
      return 64;
    }
    const server = new Server(process);
    const packets = new Packets();
    try {
      for (;;) {
        const bytes = await process.read(0);
        if (bytes === "") return 0;
        packets.add(bytes);
        for (let body = packets.next(); body !== undefined; body = packets.next())
          await process.write(1, await server.answer(body));
      }
    } catch (error) {
      // What is no SFTP ends it, as sftp-server.c does.
      if (error instanceof RangeError) return 255;
      throw error;
    } finally {
      server.close();
    }
  },
};

class Server {
  readonly #process: Process;
  readonly #handles = new Map<Bytes, Handle>();
  #numbers = 0;

  constructor(process: Process) {
    this.#process = process;
  }

  /** The answer to a request, as a packet. */
  async answer(body: Bytes): Promise<Bytes> {
    const request = new PacketReader(body);
    const kind = request.u8();
    const number = request.u32();
    // The first packet has its version where others have a number.
    if (kind === KIND.init) return new PacketWriter().u8(KIND.version).u32(VERSION).packet;
    try {
      return await this.#do(kind, number, request);
    } catch (error) {
      if (error instanceof Errno) return status(number, statusOf(error.code));
      throw error;
    }
  }

  close(): void {
    for (const handle of this.#handles.values()) if ("file" in handle) handle.file.drop();
    this.#handles.clear();
  }

  async #do(kind: number, number: number, request: PacketReader): Promise<Bytes> {
    const { files } = this.#process.host;
    const as = this.#process;
    switch (kind) {
      case KIND.open:
        return this.#open(number, request);
      case KIND.opendir: {
        const path = request.text();
        return this.#handle(number, { path, names: [".", "..", ...files.list(path, as)], at: 0 });
      }
      case KIND.close:
        return this.#close(number, request.bytes());
      case KIND.read:
        return this.#read(number, request);
      case KIND.write:
        return this.#write(number, request);
      case KIND.readdir:
        return this.#names(number, request.bytes());
      case KIND.mkdir: {
        const path = request.text();
        const { mode = 0o777 } = request.attributes();
        files.mkdir(path, { mode: mode & 0o7777 }, as);
        return status(number, STATUS.ok);
      }
      case KIND.realpath: {
        const path = request.text();
        const real = files.realpath(path === "" ? "." : path, as, true);
        return new PacketWriter().u8(KIND.name).u32(number).u32(1).text(real).text(real).attributes({}).packet;
      }
      case KIND.stat:
        return new PacketWriter().u8(KIND.attrs).u32(number).attributes(attributesOf(files.stat(request.text(), as))).packet; // prettier-ignore
      case KIND.setstat:
        return this.#set(number, request.text(), request.attributes());
      case KIND.fsetstat: {
        const handle = this.#handles.get(request.bytes());
        if (!handle) return status(number, STATUS.failure);
        return this.#set(number, handle.path, request.attributes());
      }
      default:
        return status(number, STATUS.unsupported);
    }
  }

  #open(number: number, request: PacketReader): Bytes {
    const path = request.text();
    const flags = request.u32();
    const { mode = 0o666 } = request.attributes();
    const write = (flags & OPEN.write) !== 0;
    const file = open(
      this.#process.host,
      path,
      {
        read: (flags & OPEN.read) !== 0,
        write,
        append: (flags & OPEN.append) !== 0,
        truncate: (flags & OPEN.truncate) !== 0,
        exclusive: (flags & OPEN.exclusive) !== 0,
        existing: write && (flags & OPEN.create) === 0,
        mode: mode & 0o7777,
      },
      this.#process,
    );
    return this.#handle(number, { path, file: file.retain() });
  }

  #handle(number: number, handle: Handle): Bytes {
    const name = new PacketWriter().u32(this.#numbers++).packet.slice(4);
    this.#handles.set(name, handle);
    return new PacketWriter().u8(KIND.handle).u32(number).bytes(name).packet;
  }

  #close(number: number, name: Bytes): Bytes {
    const handle = this.#handles.get(name);
    if (handle && "file" in handle) handle.file.drop();
    return status(number, this.#handles.delete(name) ? STATUS.ok : STATUS.failure);
  }

  async #read(number: number, request: PacketReader): Promise<Bytes> {
    const handle = this.#handles.get(request.bytes());
    if (!handle || !("file" in handle)) return status(number, STATUS.failure);
    const [offset, length] = [request.u64(), request.u32()];
    const { file } = handle;
    // What cannot seek, as files in /proc, goes on where it was.
    if (file.position !== undefined) file.seek(offset);
    const bytes = await file.read(this.#process, Math.min(length, MOST_READ));
    if (bytes === "") return status(number, STATUS.eof);
    return new PacketWriter().u8(KIND.data).u32(number).bytes(bytes).packet;
  }

  async #write(number: number, request: PacketReader): Promise<Bytes> {
    const handle = this.#handles.get(request.bytes());
    if (!handle || !("file" in handle)) return status(number, STATUS.failure);
    const { file } = handle;
    const offset = request.u64();
    if (file.position !== undefined) file.seek(offset);
    await file.write(this.#process, request.bytes());
    return status(number, STATUS.ok);
  }

  #names(number: number, name: Bytes): Bytes {
    const handle = this.#handles.get(name);
    if (!handle || !("names" in handle)) return status(number, STATUS.failure);
    const names = handle.names.slice(handle.at, handle.at + NAMES);
    if (names.length === 0) return status(number, STATUS.eof);
    handle.at += names.length;
    const answer = new PacketWriter().u8(KIND.name).u32(number).u32(names.length);
    for (const each of names) {
      const stat = this.#process.host.files.lstat(join(handle.path, each), this.#process);
      answer.text(each).text(each).attributes(attributesOf(stat));
    }
    return answer.packet;
  }

  #set(number: number, path: string, { size, mode, mtime }: Attributes): Bytes {
    const { files } = this.#process.host;
    if (size !== undefined) return status(number, STATUS.unsupported);
    if (mode !== undefined) files.chmod(path, mode & 0o7777, this.#process);
    if (mtime !== undefined) files.utimes(path, mtime * SECOND, this.#process);
    return status(number, STATUS.ok);
  }
}

function status(number: number, code: number): Bytes {
  const words = code === STATUS.ok ? "Success" : statusWords(code);
  return new PacketWriter().u8(KIND.status).u32(number).u32(code).text(words).text("").packet;
}

/** As sftp-server.c errno_to_portable. */
function statusOf(code: ErrnoCode): number {
  switch (code) {
    case "ENOENT":
    case "ENOTDIR":
    case "EBADF":
    case "ELOOP":
      return STATUS.noSuchFile;
    case "EPERM":
    case "EACCES":
      return STATUS.denied;
    case "ENAMETOOLONG":
    case "EINVAL":
      return STATUS.badMessage;
    default:
      return STATUS.failure;
  }
}
