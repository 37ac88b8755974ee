import { attempt, dirname, Ended, Errno, type Process } from "../../../../sim/host/index.ts";
import type { Bytes } from "../../../../sim/kernel/index.ts";
import { BLOCK } from "../../../tar/header.ts";
import { ArchiveReader, BadArchive } from "../../../tar/read.ts";
import { GoError } from "../../errors/go-error.ts";
import { quote } from "../../output/index.ts";
import { besides } from "../../parallel.ts";
import { below, liesIn, memberPrefix, remotePath, type FileSpec } from "./file-spec.ts";
import { dirPath } from "./go-path.ts";
import { Frames } from "./frames.ts";
import type { PodExec } from "./pod-exec.ts";

/** Lets the container's tar pack a path and unpacks it here; done with the archive's end, whatever tar still has to say. */
export async function copyFromPod(
  process: Process,
  exec: PodExec,
  source: FileSpec,
  target: string,
  retries: number,
): Promise<void> {
  const pipe = new TarPipe(process, exec, source.path, retries);
  try {
    await pipe.during(() => unpack(process, pipe, source, target));
  } finally {
    pipe.close();
  }
}

/** What tar writes in the container; a stream that breaks off may be begun again where it stopped (cp.go TarPipe). */
class TarPipe {
  readonly #process: Process;
  readonly #exec: PodExec;
  readonly #path: string;
  readonly #most: number;
  #frames: Frames | undefined;
  #fail: (error: unknown) => void = () => {};
  #got = 0;
  #retries = 0;

  constructor(process: Process, exec: PodExec, path: string, retries: number) {
    this.#process = process;
    this.#exec = exec;
    this.#path = path;
    this.#most = retries;
  }

  /** Runs `read` while tar writes; tar's failure is that of both. */
  async during(read: () => Promise<void>): Promise<void> {
    await besides(this.#process, read, (fail) => {
      this.#fail = fail;
      this.#begin(0);
      return Promise.resolve();
    });
  }

  readonly read = async (max: number): Promise<Bytes> => {
    for (;;) {
      const piece = await this.#frames!.read(this.#process, max);
      this.#got += piece.length;
      if (piece !== "") return piece;
      if (this.#most >= 0 && this.#retries >= this.#most) {
        await this.#process.print(`Dropping out copy after ${this.#retries} retries\n`);
        return "";
      }
      this.#retries++;
      await this.#process.print(`Resuming copy at ${this.#got} bytes, retry ${this.#retries}/${this.#most}\n`);
      this.close();
      this.#begin(this.#got + 1);
    }
  };

  /** What came is no archive; nothing at all is an empty one (archive/tar Reader.Next). */
  async complain(): Promise<void> {
    if (this.#got > 0) throw new GoError(this.#got < BLOCK ? "unexpected EOF" : "archive/tar: invalid tar header");
  }

  close(): void {
    this.#frames?.close();
    this.#frames = undefined;
  }

  #begin(from: number): void {
    // What tar says of itself comes on standard output.
    const frames = new Frames(this.#process, (data) => this.#process.write(1, data));
    this.#frames = frames;
    const command =
      this.#most === 0 ? ["tar", "cf", "-", this.#path] : ["sh", "-c", `tar cf - ${this.#path} | tail -c+${from}`];
    this.#process.kernel.start(async () => {
      try {
        await this.#exec.run(command, { stdout: frames.stdout, stderr: frames.stderr });
        frames.stdout.drop();
      } catch (error) {
        if (!(error instanceof Ended)) await frames.rest();
        this.#fail(error);
      }
    });
  }
}

/** cp.go untarAll */
async function unpack(
  process: Process,
  pipe: TarPipe,
  { namespace, pod, path }: FileSpec,
  target: string,
): Promise<void> {
  const { files } = process.host;
  const prefix = memberPrefix(path);
  const archive = new ArchiveReader(pipe.read, () => pipe.complain(), false);
  let toldLinks = false;
  for (;;) {
    const member = await archive.next().catch(asGo);
    if (!member) return;
    if (!member.name.startsWith(prefix)) throw new GoError("tar contents corrupted");
    const place = below(target, remotePath(member.name.slice(prefix.length)));
    if (!liesIn(target, place)) {
      await process.error(`warning: file ${quote(place)} is outside target destination, skipping\n`);
      continue;
    }
    makeFolder(process, dirPath(place));
    if (member.type === "dir") makeFolder(process, place);
    else if (member.type === "link") {
      const hint = toldLinks
        ? ""
        : ` (consider using "kubectl exec -n ${quote(namespace)} ${quote(pod)} -- tar cf - ${quote(path)} | tar xf -")`;
      toldLinks = true;
      await process.error(`warning: skipping symlink: ${quote(place)} -> ${quote(member.target)}${hint}\n`);
    } else {
      const data = member.type === "file" ? await archive.content(member).catch(asGo) : "";
      const written = attempt(() => files.write(place, data, {}, process));
      if (written instanceof Errno) throw new GoError(`open ${place}: ${written.message.toLowerCase()}`);
    }
    await process.pause();
  }
}

function asGo(error: unknown): never {
  throw error instanceof BadArchive ? new GoError("unexpected EOF") : error;
}

/** os.MkdirAll */
function makeFolder(process: Process, path: string): void {
  const { files } = process.host;
  const there = attempt(() => files.stat(path, process));
  if (!(there instanceof Errno)) {
    if (there.type !== "dir") throw new GoError(`mkdir ${path}: not a directory`);
    return;
  }
  const parent = dirname(path);
  if (parent !== path) makeFolder(process, parent);
  const made = attempt(() => files.mkdir(path, { mode: 0o755 }, process));
  if (made instanceof Errno) throw new GoError(`mkdir ${path}: ${made.message.toLowerCase()}`);
}
