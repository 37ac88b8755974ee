import { Errno, join, resolve, type Process } from "../../../sim/host/index.ts";
import { SftpError } from "../sftp/client.ts";
import { statusWords } from "../sftp/packet.ts";
import { Progress } from "./progress.ts";

/** scp gives up at once. */
export class ScpFatal extends Error {}

/** What all copies of one scp have in common: how they are done, and its words. */
export class Copying {
  readonly process: Process;
  readonly recursive: boolean;
  readonly preserve: boolean;
  readonly #shows: boolean;

  constructor(process: Process, how: { recursive: boolean; preserve: boolean; quiet: boolean }) {
    this.process = process;
    this.recursive = how.recursive;
    this.preserve = how.preserve;
    this.#shows = !how.quiet && process.isTty(1);
  }

  /** Says what went wrong; false, for who returns whether all went well. */
  async wrong(words: string): Promise<false> {
    await this.process.error(`scp: ${words}\n`);
    return false;
  }

  progress(path: string, size: number): Promise<Progress> | undefined {
    return this.#shows ? Progress.of(this.process, path, size) : undefined;
  }

  /** The full path of a file here. */
  here(path: string): string {
    return resolve(this.process.cwd, path) + (path.endsWith("/") ? "/" : "");
  }
}

/** What a server or the machine said instead of doing it; other errors go on. */
export function wordsOf(error: unknown): string {
  if (error instanceof SftpError) return statusWords(error.status);
  if (error instanceof Errno) return error.message;
  throw error;
}

/** A path for the server: `~` is where it begins (scp.c prepare_remote_path). */
export function remotePath(path: string): string {
  if (path === "" || path === "~") return ".";
  if (path.startsWith("~/")) return path.slice(2).replace(/^\/+/, "") || ".";
  if (path.startsWith("~")) throw new ScpFatal(`drydock: paths as '${path}' are not simulated`);
  return path;
}

/** As sftp-common.c path_append. */
export function append(directory: string, name: string): string {
  return join(directory, name);
}
