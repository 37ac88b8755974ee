import { keepImage, type Engine } from "../../../sim/docker/index.ts";
import { resolve, type Process } from "../../../sim/host/index.ts";
import { findImage } from "../../../sim/kube/kubelet/index.ts";
import { Fatal } from "../command.ts";
import { pullInto } from "../image/pull.ts";
import { short, type Built, type Say, type StepMaker } from "./builder.ts";
import { changed, shellForm, type Written } from "./change.ts";
import { digestOf, type Context } from "./context.ts";
import { copySources, findSources, type Source } from "./copy.ts";
import type { Instruction } from "./dockerfile.ts";
import { processWord, splitWords, type Variables } from "./words.ts";

export interface BuildOptions {
  /** `--build-arg` */
  readonly args: Variables;
  readonly pull: boolean;
  /** The stage to end with. */
  readonly target: string;
}

/** Variables that every build may be given (builder/dockerfile/buildargs.go). */
const PREDEFINED = ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "FTP_PROXY", "ftp_proxy", "NO_PROXY", "no_proxy", "ALL_PROXY", "all_proxy"]; // prettier-ignore

interface Stage {
  readonly name: string;
  built: Built;
  /** ARGs of this stage that have a value. */
  args: Record<string, string>;
  readonly written: Written;
}

/** Does a Dockerfile's instructions one after the other (builder/dockerfile/builder.go). */
export class Builder {
  readonly #process: Process;
  readonly #engine: Engine;
  readonly #maker: StepMaker;
  readonly #context: Context | undefined;
  readonly #say: Say;
  readonly #options: BuildOptions;
  readonly #stages: Stage[] = [];
  /** ARGs before the first FROM. */
  readonly #globals: Record<string, string> = {};
  readonly #consumed = new Set<string>();

  constructor(
    process: Process,
    engine: Engine,
    maker: StepMaker,
    context: Context | undefined,
    say: Say,
    options: BuildOptions,
  ) {
    this.#process = process;
    this.#engine = engine;
    this.#maker = maker;
    this.#context = context;
    this.#say = say;
    this.#options = options;
  }

  async build(instructions: readonly Instruction[]): Promise<Built> {
    const all = this.#wanted(instructions);
    for (const [at, instruction] of all.entries()) {
      this.#say(`Step ${at + 1}/${all.length} : ${instruction.original}\n`);
      await this.#step(instruction);
    }
    const unused = Object.keys(this.#options.args).filter(
      (name) => !this.#consumed.has(name) && !PREDEFINED.includes(name),
    );
    if (unused.length > 0) this.#say(`[Warning] One or more build-args [${unused.join(" ")}] were not consumed\n`);
    return this.#stage.built;
  }

  /** Everything up to the end of the stage that is asked for. */
  #wanted(instructions: readonly Instruction[]): readonly Instruction[] {
    const first = instructions.find(({ keyword }) => keyword !== "ARG");
    if (first?.keyword !== "FROM") throw new Fatal("Error response from daemon: no build stage in current context");
    const { target } = this.#options;
    if (target === "") return instructions;
    const starts = instructions.flatMap(({ keyword }, at) => (keyword === "FROM" ? [at] : []));
    const index = starts.findIndex((at, number) => nameOfStage(instructions[at]!) === target.toLowerCase() || String(number) === target); // prettier-ignore
    if (index < 0) throw new Fatal(`Error response from daemon: failed to reach build target ${target} in Dockerfile`);
    return instructions.slice(0, starts[index + 1] ?? instructions.length);
  }

  get #stage(): Stage {
    return this.#stages.at(-1)!;
  }

  /** The image's variables, and the ARGs where it has none. */
  get #variables(): Variables {
    if (this.#stages.length === 0) return this.#globals;
    return { ...this.#stage.args, ...this.#environment };
  }

  get #environment(): Record<string, string> {
    const env = this.#stage.built.config.env ?? [];
    return Object.fromEntries(
      env.map((entry) => [entry.slice(0, entry.indexOf("=")), entry.slice(entry.indexOf("=") + 1)]),
    );
  }

  async #step(instruction: Instruction): Promise<void> {
    switch (instruction.keyword) {
      case "ARG":
        return this.#arg(instruction);
      case "FROM":
        return this.#from(instruction);
      case "RUN":
        return this.#run(instruction);
      case "COPY":
      case "ADD":
        return this.#copy(instruction);
      default:
        return this.#change(instruction);
    }
  }

  #arg({ rest, original }: Instruction): void {
    const scope = this.#stages.length === 0 ? this.#globals : this.#stage.args;
    for (const word of splitWords(rest)) {
      const at = word.indexOf("=");
      const name = at < 0 ? word : word.slice(0, at);
      const given = this.#options.args[name];
      if (given !== undefined) this.#consumed.add(name);
      const inherited = this.#stages.length === 0 ? undefined : this.#globals[name];
      const value = given ?? (at < 0 ? inherited : processWord(word.slice(at + 1), this.#variables));
      if (value !== undefined) scope[name] = value;
    }
    if (this.#stages.length > 0) this.#plain(original, this.#stage.built.config);
  }

  async #from(instruction: Instruction): Promise<void> {
    refuseFlags(instruction, []);
    const [given = ""] = splitWords(instruction.rest);
    const name = processWord(given, this.#globals);
    if (name === "") throw new Fatal(`base name (${given}) should not be blank`);
    if (name === "scratch") throw new Fatal("drydock: docker: 'FROM scratch' is not simulated", 64);
    const built = this.#stageNamed(name)?.built ?? (await this.#image(name, this.#options.pull));
    this.#say(` ---> ${short(built.id)}\n`);
    this.#stages.push({ name: nameOfStage(instruction), built, args: {}, written: { cmd: false } });
  }

  #stageNamed(name: string): Stage | undefined {
    return this.#stages.find((stage) => stage.name !== "" && stage.name === name.toLowerCase());
  }

  async #image(name: string, pull: boolean): Promise<Built> {
    const { runtime } = this.#engine;
    const refuse = (why: string): never => {
      throw new Fatal(why);
    };
    if (pull || !findImage(runtime, name)) await pullInto(this.#process, this.#engine, name, this.#say, refuse);
    const row = findImage(runtime, name)!;
    return { id: row.id, config: runtime.source.byName(row.name)!.config };
  }

  async #run(instruction: Instruction): Promise<void> {
    refuseFlags(instruction, []);
    const { built, args } = this.#stage;
    const words = instruction.list ?? shellForm(built.config, instruction.rest);
    const own = this.#environment;
    const env = Object.entries(args).flatMap(([name, value]) => (Object.hasOwn(own, name) ? [] : [`${name}=${value}`]));
    const step = `RUN ${JSON.stringify([words, env])}`;
    this.#stage.built = this.#maker.cached(built, step) ?? (await this.#maker.run(built, words, env, step));
  }

  async #copy(instruction: Instruction): Promise<void> {
    const { keyword, list, rest, flags } = instruction;
    refuseFlags(instruction, keyword === "COPY" ? ["from", "chown"] : ["chown"]);
    const words = (list ?? splitWords(rest)).map((word) => processWord(word, this.#variables));
    const sources = words.slice(0, -1);
    if (keyword === "ADD" && sources.some((source) => /^[a-z]+:\/\/|\.git$|\.(tar|tgz|tar\.(gz|bz2|xz))$/.test(source)))
      throw new Fatal(
        "drydock: docker: 'ADD' of addresses and archives is not simulated, only of files and folders",
        64,
      );
    const { built } = this.#stage;
    const given = words.at(-1)!;
    const target = `${resolve(built.config.workingDir || "/", given)}${/(^|\/)\.?$/.test(given) ? "/" : ""}`;
    const from = flags.get("from");
    await this.#withSource(from, (source) => {
      const paths = findSources(keyword, source, sources);
      const whole = paths.map((path) => resolve(source.root, path));
      const digest = digestOf(source.host.files, whole, (path) => source.ignored(path.slice(source.root.length).replace(/^\//, ""))); // prettier-ignore
      const chown = processWord(flags.get("chown") ?? "", this.#variables);
      const step = `${keyword} ${JSON.stringify([sources, target, chown, digest])}`;
      this.#stage.built =
        this.#maker.cached(built, step) ??
        this.#maker.make(built, built.config, step, {
          told: false,
          change: ({ id }) => {
            const host = this.#engine.machine.hosts.host(id)!;
            copySources(keyword, source, paths, { host, target, ...ownerOf(host.users, chown) });
          },
        });
    });
  }

  /** The context, a stage by name or number, or any image, of which a container is made for the while. */
  async #withSource(from: string | undefined, use: (source: Source) => void): Promise<void> {
    if (from === undefined) {
      const { folder, ignored } = this.#context ?? { folder: "", ignored: () => true };
      return use({ host: this.#process.host, root: folder, ignored });
    }
    const number = /^\d+$/.test(from) ? Number(from) : -1;
    if (number === this.#stages.length - 1)
      throw new Fatal(`invalid from flag value ${from}: refers to current build stage`);
    if (number >= this.#stages.length) throw new Fatal(`invalid from flag value ${from}: index out of bounds`);
    const built = this.#stages[number]?.built ?? this.#stageNamed(from)?.built ?? (await this.#image(from, false));
    this.#maker.look(built, (host) => use({ host, root: "/", ignored: () => false }));
  }

  #change(instruction: Instruction): void {
    const { keyword, original } = instruction;
    refuseFlags(instruction, []);
    const { built, written } = this.#stage;
    const config = changed(built.config, instruction, this.#variables, written);
    if ("error" in config) throw new Fatal(config.error);
    if (keyword !== "WORKDIR") return this.#plain(original, config);
    const folder = config.workingDir!;
    this.#plain(original, config, ({ id }) =>
      this.#engine.machine.hosts.host(id)!.files.mkdir(folder, { parents: true, mode: 0o755 }),
    );
  }

  /** A step that runs nothing. It is known again by what comes out of it. */
  #plain(original: string, config: Built["config"], change?: (row: { readonly id: string }) => void): void {
    const { built, args } = this.#stage;
    const step = `${original} ${JSON.stringify(original.toUpperCase().startsWith("ARG") ? args : config)}`;
    this.#stage.built =
      this.#maker.cached(built, step) ??
      this.#maker.make(built, config, step, { told: true, ...(change ? { change } : {}) });
  }
}

function nameOfStage({ rest }: Instruction): string {
  return (splitWords(rest)[2] ?? "").toLowerCase();
}

/** Options of instructions: what the classic builder knows and this one does not says so. */
function refuseFlags({ keyword, flags }: Instruction, known: readonly string[]): void {
  for (const name of flags.keys())
    if (!known.includes(name)) throw new Fatal(`drydock: docker: '${keyword} --${name}' is not simulated`, 64);
}

function ownerOf(
  users: {
    byName(name: string): { uid: number; gid: number } | undefined;
    groupByName(name: string): { gid: number } | undefined;
  },
  chown: string,
): { readonly owner?: { uid: number; gid: number } } {
  if (chown === "") return {};
  const [user = "", group = user] = chown.split(":");
  const id = (word: string, found: number | undefined, what: string): number => {
    if (/^\d+$/.test(word)) return Number(word);
    if (found === undefined)
      throw new Fatal(`unable to convert uid/gid chown string to host mapping: can't find ${what} for ${what === "uid" ? "user" : "group"} ${word}: no such ${what === "uid" ? "user" : "group"}: ${word}`); // prettier-ignore
    return found;
  };
  const uid = id(user, users.byName(user)?.uid, "uid");
  return { owner: { uid, gid: id(group, users.groupByName(group)?.gid, "gid") } };
}

/** An image that a build ends with is one that the machine has. */
export function keepBuilt(engine: Engine, { id }: Built): void {
  const row = engine.runtime.builtImages.get(id);
  if (row) keepImage(engine, row);
}
