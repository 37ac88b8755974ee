import { attempt, Errno, join, open, type OpenFile, type Stat } from "../../sim/host/index.ts";
import type { Bytes } from "../../sim/kernel/index.ts";
import type { Call } from "../gnu/tool.ts";
import { BLOCK, header, padding, RECORD, type Member } from "./header.ts";
import { listing } from "./listing.ts";

export interface CreateOptions {
  readonly directory: string;
  readonly dereference: boolean;
  readonly verbose: boolean;
  /** Names as in a shell's pattern that are left out. */
  readonly excluded: (name: string) => boolean;
  /** Where names of members are told: standard error if the archive goes to standard output. */
  readonly tell: (line: string) => Promise<void>;
}

/** Takes pieces of the archive. */
export type Sink = (bytes: Bytes) => Promise<void>;

/** Writes an archive of files and directories. */
export class Creator {
  readonly #call: Call<string>;
  readonly #options: CreateOptions;
  readonly #sink: Sink;
  readonly #linked = new Map<number, string>();
  #written = 0;
  #toldSlash = false;

  constructor(call: Call<string>, options: CreateOptions, sink: Sink) {
    this.#call = call;
    this.#options = options;
    this.#sink = sink;
  }

  async add(operand: string): Promise<void> {
    await this.#member(operand, operand);
  }

  /** Two empty blocks end an archive; it is filled up to whole records. */
  async end(): Promise<void> {
    const size = this.#written + 2 * BLOCK;
    await this.#sink("\0".repeat(Math.ceil(size / RECORD) * RECORD - this.#written));
  }

  async #member(path: string, name: string): Promise<void> {
    const { process } = this.#call;
    const { files } = process.host;
    if (this.#options.excluded(name)) return;
    const full = this.#place(path);
    const found = attempt(() => (this.#options.dereference ? files.stat(full, process) : files.lstat(full, process)));
    if (found instanceof Errno) return this.#cannot("stat", name, found);
    const shown = await this.#relative(name);
    if (found.type === "dir") return this.#directory(path, name, shown, found);
    if (found.type === "file") return this.#file(full, name, shown, found);
    if (found.type === "link") {
      const target = files.readlink(full, process);
      return this.#put({ ...this.#attributes(found), name: shown, type: "link", size: 0, target, mode: 0o777 }, name);
    }
    if (found.type === "fifo")
      return this.#put({ ...this.#attributes(found), name: shown, type: "fifo", size: 0, target: "" }, name);
    if (found.type === "socket") return this.#call.say(`${name}: socket ignored`);
    return void (await this.#call.notSimulated("a device in an archive"));
  }

  /** What `-C` says is for names that are not absolute. */
  #place(path: string): string {
    return path.startsWith("/") ? path : join(this.#options.directory, path);
  }

  async #directory(path: string, name: string, shown: string, stat: Stat): Promise<void> {
    const { process } = this.#call;
    const slashed = `${shown.replace(/\/+$/, "")}/`;
    await this.#put({ ...this.#attributes(stat), name: slashed, type: "dir", size: 0, target: "" }, name);
    const names = attempt(() => process.host.files.list(this.#place(path), process));
    if (names instanceof Errno) return this.#cannot("open", name, names);
    for (const each of names) {
      await process.pause();
      await this.#member(`${path.replace(/\/+$/, "")}/${each}`, `${name.replace(/\/+$/, "")}/${each}`);
    }
  }

  async #file(full: string, name: string, shown: string, stat: Stat): Promise<void> {
    const { process } = this.#call;
    const earlier = stat.links > 1 ? this.#linked.get(stat.ino) : undefined;
    if (earlier !== undefined)
      return this.#put({ ...this.#attributes(stat), name: shown, type: "hard", size: 0, target: earlier }, name);
    if (stat.links > 1) this.#linked.set(stat.ino, shown);
    const file = attempt(() => open(process.host, full, { read: true }, process));
    if (file instanceof Errno) return this.#cannot("open", name, file);
    const data = await this.#content(file);
    await this.#put({ ...this.#attributes(stat), name: shown, type: "file", size: data.length, target: "" }, name);
    if (data !== "") await this.#write(data + padding(data.length));
  }

  async #content(file: OpenFile): Promise<Bytes> {
    const { process } = this.#call;
    let all = "";
    for (;;) {
      const piece = await file.read(process, 1_048_576);
      if (piece === "") return all;
      all += piece;
    }
  }

  #attributes({ mode, uid, gid, mtime }: Stat): Pick<Member, "mode" | "uid" | "gid" | "mtime" | "owner" | "group"> {
    const { users } = this.#call.process.host;
    const owner = users.byUid(uid)?.name ?? "";
    return { mode, uid, gid, mtime, owner, group: users.groupByGid(gid)?.name ?? "" };
  }

  async #put(member: Member, name: string): Promise<void> {
    if (this.#options.verbose) await this.#options.tell(listing(member, false, member.type === "dir" ? `${name}/`.replace(/\/+$/, "/") : name)); // prettier-ignore
    await this.#write(header(member));
  }

  async #write(bytes: Bytes): Promise<void> {
    this.#written += bytes.length;
    await this.#sink(bytes);
  }

  /** Members have no absolute names (GNU tar names.c safer_name_suffix). */
  async #relative(name: string): Promise<string> {
    const prefix = /^(?:.*\/)?\.\.\/|^\/+/.exec(name)?.[0] ?? "";
    const rest = name.slice(prefix.length).replace(/^\/+/, "");
    if (prefix !== "" && !this.#toldSlash) {
      this.#toldSlash = true;
      await this.#call.say(`Removing leading \`${prefix.replace(/\/+$/, "/")}' from member names`);
    }
    return rest === "" ? "./" : rest;
  }

  async #cannot(what: string, name: string, { message }: Errno): Promise<void> {
    await this.#call.warn(`${name}: Cannot ${what}: ${message}`, 2);
  }
}
