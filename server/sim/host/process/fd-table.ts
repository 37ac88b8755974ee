import { Errno } from "../errno.ts";
import type { OpenFile } from "./open-file.ts";

/** The file descriptors of one process. */
export class FdTable {
  readonly #files = new Map<number, OpenFile>();
  readonly #limit: number;

  constructor(files: Iterable<readonly [number, OpenFile]> = [], limit = 1024) {
    this.#limit = limit;
    for (const [fd, file] of files) this.set(fd, file);
  }

  find(fd: number): OpenFile | undefined {
    return this.#files.get(fd);
  }

  get(fd: number): OpenFile {
    const file = this.#files.get(fd);
    if (!file) throw new Errno("EBADF");
    return file;
  }

  /** Opens `fd` on the file; what it referred to before is closed. */
  set(fd: number, file: OpenFile): void {
    if (fd >= this.#limit) throw new Errno("EMFILE");
    file.retain();
    this.#files.get(fd)?.drop();
    this.#files.set(fd, file);
  }

  /** Opens the lowest free descriptor from `from` on. */
  add(file: OpenFile, from = 0): number {
    let fd = from;
    while (this.#files.has(fd)) fd++;
    this.set(fd, file);
    return fd;
  }

  close(fd: number): void {
    const file = this.get(fd);
    this.#files.delete(fd);
    file.drop();
  }

  closeAll(): void {
    const files = [...this.#files.values()];
    this.#files.clear();
    for (const file of files) file.drop();
  }

  entries(): [number, OpenFile][] {
    return [...this.#files].sort(([a], [b]) => a - b);
  }

  /** A table with the same open files, as fork(2) makes it. */
  copy(): FdTable {
    return new FdTable(this.#files, this.#limit);
  }
}
