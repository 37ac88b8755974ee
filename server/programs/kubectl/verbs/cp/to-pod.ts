import { attempt, Errno, MemoryOutput, type OpenFile, type Process, type Stat } from "../../../../sim/host/index.ts";
import { header, padding, type Member } from "../../../tar/header.ts";
import { GoError, NotSimulated } from "../../errors/go-error.ts";
import { besides } from "../../parallel.ts";
import { glob } from "../../resource/glob.ts";
import { below, splitPath } from "./file-spec.ts";
import type { PodExec } from "./pod-exec.ts";

const BLOCK = 512;

/** Packs a file or folder here and lets the container's tar unpack it. A folder as target gets it inside. */
export async function copyToPod(
  process: Process,
  exec: PodExec,
  source: string,
  target: string,
  noPreserve: boolean,
): Promise<void> {
  if (attempt(() => process.host.files.stat(source, process)) instanceof Errno)
    throw new GoError(`${source} doesn't exist in local filesystem`);
  const place = (await isFolder(exec, target)) ? below(target, splitPath(source)[1]) : target;
  const [folder, name] = splitPath(place);
  const { reader, writer } = process.pipe();
  reader.retain();
  writer.retain();
  const flags = noPreserve ? ["--no-same-permissions", "--no-same-owner"] : [];
  const command = ["tar", ...flags, "-xmf", "-", "-C", folder];
  const [stdout, stderr] = [process.fds.get(1), process.fds.get(2)];
  await besides(
    process,
    () => exec.run(command, { stdin: reader, stdout, stderr }),
    async () => {
      await new Packer(process, writer).pack(source, name);
      writer.drop();
    },
  );
}

/** Whatever goes wrong here will go wrong again. */
async function isFolder(exec: PodExec, path: string): Promise<boolean> {
  const nowhere = new MemoryOutput(0);
  try {
    await exec.run(["test", "-d", path], { stdout: nowhere, stderr: nowhere });
    return true;
  } catch (error) {
    if (error instanceof GoError) return false;
    throw error;
  }
}

/** Writes an archive as cp.go recursiveTar: files and links with their names below the target, folders only if they are empty. */
class Packer {
  readonly #process: Process;
  readonly #writer: OpenFile;

  constructor(process: Process, writer: OpenFile) {
    this.#process = process;
    this.#writer = writer;
  }

  async pack(source: string, name: string): Promise<void> {
    await this.#add(below(...splitPath(source)), name);
    await this.#writer.write(this.#process, "\0".repeat(2 * BLOCK));
  }

  async #add(pattern: string, name: string): Promise<void> {
    const { files } = this.#process.host;
    const paths = /[*?[\\]/.test(pattern) ? glob(this.#process, pattern) : [pattern];
    for (const path of paths) {
      const stat = go("lstat", path, () => files.lstat(path, this.#process));
      if (stat.type === "dir") {
        const names = go("open", path, () => files.list(path, this.#process)).sort();
        if (names.length === 0) await this.#put(stat, { name: `${name}/`, type: "dir", size: 0, target: "" });
        for (const each of names) await this.#add(below(pattern, each), below(name, each));
        return;
      }
      if (stat.type === "link") {
        const target = files.readlink(path, this.#process);
        await this.#put(stat, { name, type: "link", size: 0, target });
      } else if (stat.type === "file") {
        const data = go("open", path, () => files.read(path, this.#process));
        await this.#put(stat, { name, type: "file", size: data.length, target: "" });
        await this.#writer.write(this.#process, data + padding(data.length));
        return;
      } else if (stat.type === "socket") throw new GoError("archive/tar: sockets not supported");
      else throw new NotSimulated(`'cp' of a ${stat.type}`);
    }
  }

  async #put(stat: Stat, member: Pick<Member, "name" | "type" | "size" | "target">): Promise<void> {
    const { users } = this.#process.host;
    const { mode, uid, gid, mtime } = stat;
    const owner = users.byUid(uid)?.name ?? "";
    const group = users.groupByGid(gid)?.name ?? "";
    await this.#writer.write(this.#process, header({ ...member, mode, uid, gid, mtime, owner, group }));
  }
}

/** A call of Go's os package: its errors are `open x: permission denied`. */
function go<T>(operation: string, path: string, call: () => T): T {
  const result = attempt(call);
  if (result instanceof Errno) throw new GoError(`${operation} ${path}: ${result.message.toLowerCase()}`);
  return result;
}
