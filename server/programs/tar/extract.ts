import { attempt, dirname, Errno, join } from "../../sim/host/index.ts";
import type { Call } from "../gnu/tool.ts";
import type { Member } from "./header.ts";
import type { ArchiveReader } from "./read.ts";

export interface ExtractOptions {
  readonly directory: string;
  readonly strip: number;
  readonly keepTimes: boolean;
  readonly sameOwner: boolean;
  readonly samePermissions: boolean;
}

/** Makes what an archive holds. */
export class Extractor {
  readonly #call: Call<string>;
  readonly #options: ExtractOptions;
  /** Directories get their modes and times when all in them is there. */
  readonly #later: { readonly path: string; readonly member: Member }[] = [];
  #toldSlash = false;

  constructor(call: Call<string>, options: ExtractOptions) {
    this.#call = call;
    this.#options = options;
  }

  async make(member: Member, archive: ArchiveReader): Promise<void> {
    const name = await this.#safe(member.name);
    if (name === undefined) return;
    const path = join(this.#options.directory, name);
    const { process } = this.#call;
    const { files } = process.host;
    this.#parents(path);
    let made: unknown;
    switch (member.type) {
      case "dir": {
        const there = attempt(() => files.stat(path, process));
        if (there instanceof Errno || there.type !== "dir") made = attempt(() => files.mkdir(path, {}, process));
        this.#later.push({ path, member });
        break;
      }
      case "file": {
        const data = await archive.content(member);
        this.#remove(path);
        made = attempt(() => files.write(path, data, { mode: member.mode & 0o777 }, process));
        break;
      }
      case "link":
        this.#remove(path);
        made = attempt(() => files.symlink(member.target, path, process));
        break;
      case "hard": {
        const target = (await this.#safe(member.target)) ?? member.target;
        this.#remove(path);
        made = attempt(() => files.link(join(this.#options.directory, target), path, process));
        break;
      }
      case "fifo":
        return void (await this.#call.notSimulated("a pipe in an archive"));
    }
    if (made instanceof Errno) await this.#cannot(name, made, member);
    else if (member.type !== "dir") this.#finish(path, member);
  }

  end(): void {
    for (const { path, member } of this.#later.reverse()) this.#finish(path, member);
  }

  #finish(path: string, member: Member): void {
    const { process } = this.#call;
    const { files } = process.host;
    const { sameOwner, samePermissions, keepTimes } = this.#options;
    if (sameOwner) attempt(() => files.chown(path, member.uid, member.gid, process, false));
    if (member.type !== "link") {
      const mode = samePermissions ? member.mode : member.mode & 0o777 & ~process.row.umask;
      attempt(() => files.chmod(path, mode, process));
    }
    if (keepTimes && member.type !== "link") attempt(() => files.utimes(path, member.mtime, process));
  }

  #parents(path: string): void {
    const { process } = this.#call;
    const parent = dirname(path);
    if (!process.host.files.exists(parent, process))
      attempt(() => process.host.files.mkdir(parent, { parents: true }, process));
  }

  #remove(path: string): void {
    const { process } = this.#call;
    attempt(() => process.host.files.unlink(path, process));
  }

  /** Nothing is made outside of the directory (GNU tar safer_name_suffix), and leading parts are left out. */
  async #safe(name: string): Promise<string | undefined> {
    const prefix = /^(?:.*\/)?\.\.\/|^\/+/.exec(name)?.[0] ?? "";
    if (prefix !== "" && !this.#toldSlash) {
      this.#toldSlash = true;
      await this.#call.say(`Removing leading \`${prefix.replace(/\/+$/, "/")}' from member names`);
    }
    const parts = name
      .slice(prefix.length)
      .split("/")
      .filter((part) => part !== "");
    const left = parts.slice(this.#options.strip);
    if (left.length === 0 && this.#options.strip > 0) return undefined;
    return left.join("/") || ".";
  }

  async #cannot(name: string, { message }: Errno, member: Member): Promise<void> {
    const what =
      member.type === "dir"
        ? `Cannot mkdir`
        : member.type === "link"
          ? `Cannot create symlink to '${member.target}'`
          : member.type === "hard"
            ? `Cannot hard link to '${member.target}'`
            : "Cannot open";
    await this.#call.warn(`${name}: ${what}: ${message}`, 2);
  }
}
