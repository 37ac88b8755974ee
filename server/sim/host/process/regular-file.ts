import type { Bytes } from "../../kernel/index.ts";
import { attempt, Errno } from "../errno.ts";
import type { WriteOptions } from "../files/files.ts";
import type { RegularFile } from "../files/inode.ts";
import type { Caller } from "../files/mount-namespace.ts";
import { resolve } from "../files/path.ts";
import type { Host } from "../host.ts";
import { deviceFile } from "./device-file.ts";
import { OpenFile } from "./open-file.ts";
import type { Process } from "./process.ts";

export interface OpenFlags extends WriteOptions {
  readonly read?: boolean;
  readonly write?: boolean;
  readonly truncate?: boolean;
}

/** Opens a file as open(2) does. */
export function open(
  host: Host,
  path: string,
  flags: OpenFlags,
  as: Caller & { readonly tty?: { readonly name: string } | undefined },
): OpenFile {
  const descriptor = behindDescriptor(host, path, as);
  if (descriptor && (descriptor.tty || !descriptor.name.startsWith("/"))) return descriptor;
  if (descriptor && descriptor.name !== path) return open(host, descriptor.name, flags, as);
  const found = attempt(() => host.files.stat(path, as));
  if (found instanceof Errno || flags.exclusive) {
    if (found instanceof Errno && (found.code !== "ENOENT" || !flags.write || flags.existing)) throw found;
    host.files.write(path, "", flags, as);
  }
  const stat = found instanceof Errno ? host.files.stat(path, as) : found;
  if (stat.type === "dir" && flags.write) throw new Errno("EISDIR", path);
  if ((flags.read && !host.files.access(path, 4, as)) || (flags.write && !host.files.access(path, 2, as))) {
    throw new Errno(flags.write && host.files.mountOf(path, as).readOnly ? "EROFS" : "EACCES", path);
  }
  const name = host.files.realpath(path, as);
  if (stat.type === "char" || stat.type === "block") return deviceFile(host, name, stat.device ?? "", as);
  if (stat.type === "fifo" || stat.type === "socket") throw new Errno("ENXIO", path);
  const place = host.files.locate(path, as);
  if (!place) return new ViewFile(host, name, resolve(as.cwd, path), as);
  if (stat.type === "dir") return new OpenDirectory(name);
  if (flags.truncate && stat.size > 0) host.files.write(path, "", {}, as);
  return new OpenRegularFile(host, name, place, flags);
}

const DESCRIPTOR = /^\/(?:dev\/fd\/(\d+)|dev\/(stdin|stdout|stderr)|proc\/(self|\d+)\/fd\/(\d+))$/;

/**
 * What a descriptor's name in /proc or /dev leads to: pipes and sockets have no other name. As proc(5) on
 * /proc/PID/fd. Undefined for other paths; ENOENT if there is no such descriptor.
 */
function behindDescriptor(host: Host, path: string, as: Caller): OpenFile | undefined {
  const match = path.startsWith("/") ? DESCRIPTOR.exec(path) : null;
  if (!match) return undefined;
  const [, ofDev, standard, whose, ofProc] = match;
  const pid = whose === undefined || whose === "self" ? as.pid : host.processByPid(Number(whose))?.pid;
  const fd = standard === undefined ? Number(ofDev ?? ofProc) : ["stdin", "stdout", "stderr"].indexOf(standard);
  const file = pid === undefined ? undefined : host.machine.liveProcess(pid)?.fds.find(fd);
  if (!file) throw new Errno("ENOENT", path);
  return file;
}

class OpenDirectory extends OpenFile {
  readonly name: string;

  constructor(name: string) {
    super();
    this.name = name;
  }

  override read(): never {
    throw new Errno("EISDIR");
  }
}

class OpenRegularFile extends OpenFile {
  readonly name: string;
  readonly #host: Host;
  readonly #place: { readonly id: string; readonly ino: number; readonly directory: number };
  readonly #flags: OpenFlags;
  #offset = 0;
  /** What the file was when it was last seen: an unlinked file lives on for those who have it open. */
  #last: RegularFile;

  constructor(host: Host, name: string, place: { id: string; ino: number; directory: number }, flags: OpenFlags) {
    super();
    this.name = name;
    this.#host = host;
    this.#place = place;
    this.#flags = flags;
    this.#last = host.fileSystem(place.id).get(place.ino) as RegularFile;
  }

  #inode(): RegularFile {
    const files = this.#host.fileSystem(this.#place.id);
    if (files.has(this.#place.ino)) this.#last = files.get(this.#place.ino) as RegularFile;
    return this.#last;
  }

  override read(_process: Process, max: number): Bytes {
    if (!this.#flags.read) throw new Errno("EBADF");
    const bytes = this.#inode().data.slice(this.#offset, this.#offset + max);
    this.#offset += bytes.length;
    return bytes;
  }

  override get position(): { offset: number; size: number } {
    return { offset: this.#offset, size: this.#inode().data.length };
  }

  override seek(offset: number): void {
    this.#offset = offset;
  }

  override readUntil(process: Process, delimiter: string, max: number): Bytes {
    const end = this.#inode().data.indexOf(delimiter, this.#offset);
    return this.read(process, end < 0 ? max : Math.min(max, end + 1 - this.#offset));
  }

  override write(_process: Process, data: Bytes): void {
    this.writeNow(data);
  }

  override writeNow(data: Bytes): void {
    if (!this.#flags.write) throw new Errno("EBADF");
    const { data: old } = this.#inode();
    if (this.#flags.append) this.#offset = old.length;
    const next = this.#offset === old.length ? old + data : overwrite(old, this.#offset, data);
    this.#offset += data.length;
    const { id, ino, directory } = this.#place;
    if (this.#host.fileSystem(id).has(ino)) this.#host.files.replaceData(id, ino, directory, next);
    else this.#last = { ...this.#last, data: next };
  }
}

function overwrite(old: Bytes, offset: number, data: Bytes): Bytes {
  return old.slice(0, offset).padEnd(offset, "\0") + data + old.slice(offset + data.length);
}

/** A file in /proc or /sys: read whole at the first read, written whole by every write. */
class ViewFile extends OpenFile {
  readonly name: string;
  readonly #host: Host;
  readonly #path: string;
  readonly #as: Caller;
  #rest: Bytes | undefined;

  constructor(host: Host, name: string, path: string, as: Caller) {
    super();
    this.name = name;
    this.#host = host;
    this.#path = path;
    this.#as = as;
  }

  override read(_process: Process, max: number): Bytes {
    this.#rest ??= this.#host.files.read(this.#path, this.#as);
    const bytes = this.#rest.slice(0, max);
    this.#rest = this.#rest.slice(bytes.length);
    return bytes;
  }

  override write(_process: Process, data: Bytes): void {
    this.writeNow(data);
  }

  override writeNow(data: Bytes): void {
    this.#host.files.write(this.#path, data, {}, this.#as);
  }
}
