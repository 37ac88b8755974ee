import { Errno, join, readAll, type Process } from "../../../sim/host/index.ts";
import { decode, SECOND } from "../../../sim/kernel/index.ts";
import { aggregate, ConnectionError, GoError, NotSimulated } from "../errors/go-error.ts";
import type { Ports } from "../ports.ts";
import { parseWebUrl } from "../../http/go-url.ts";
import { readBytes } from "../read-file.ts";
import { glob } from "./glob.ts";

/** What `-f`, `-R` and `-k` say. */
export interface FilenameOptions {
  readonly filenames: readonly string[];
  readonly kustomize: string;
  readonly recursive: boolean;
}

/** A text with objects in it. */
export interface Source {
  /** As messages name it: the path, the URL, `STDIN`. */
  readonly name: string;
  read(): Promise<string>;
}

export interface Sources {
  readonly sources: readonly Source[];
  /** Whether it can only be one object (cli-runtime builder.go singleItemImplied). */
  readonly single: boolean;
}

const EXTENSIONS = [".json", ".yaml", ".yml"];

/** Finds the files that `-f` names; throws what is wrong with it. */
export function openSources(process: Process, ports: Ports, options: FilenameOptions): Sources {
  const { filenames, kustomize, recursive } = options;
  const refused = aggregate(togetherRefused(options));
  if (refused) throw refused;
  if (kustomize !== "")
    return { sources: [{ name: kustomize, read: () => build(process, ports, kustomize) }], single: true };
  const sources: Source[] = [];
  const errors: GoError[] = [];
  let several = false;
  for (const name of filenames) {
    if (name === "-") {
      if (several) errors.push(new GoError("standard input cannot be used for multiple arguments"));
      several = true;
      sources.push({ name: "STDIN", read: () => readStdin(process) });
    } else if (/^https?:\/\//.test(name)) {
      const url = parseWebUrl(name);
      if ("malformed" in url)
        errors.push(new GoError(`the URL passed to filename ${JSON.stringify(name)} is not valid: ${url.malformed}`));
      else sources.push({ name, read: () => download(process, ports, name) });
    } else {
      try {
        const found = expand(process, name).flatMap((path) => walk(process, path, recursive));
        if (found.length > 1) several = true;
        if (found.length === 0)
          throw new GoError(`error reading [${name}]: recognized file extensions are [${EXTENSIONS.join(" ")}]`);
        sources.push(...found.map((path) => ({ name: path, read: () => readFile(process, path) })));
      } catch (error) {
        if (!(error instanceof GoError)) throw error;
        errors.push(error);
      }
    }
  }
  if (errors.length > 0) throw errors[0]!;
  return { sources, single: !several && sources.length === 1 };
}

function togetherRefused({ filenames, kustomize, recursive }: FilenameOptions): GoError[] {
  const refused: GoError[] = [];
  if (kustomize === "") return refused;
  if (filenames.length > 0) refused.push(new GoError("only one of -f or -k can be specified"));
  if (recursive) refused.push(new GoError("the -k flag can't be used with -f or -R"));
  return refused;
}

/** What `-k` stands for, in the order in which `kubectl kustomize` prints it (cli-runtime pkg/resource/kustomizevisitor.go). */
async function build(process: Process, ports: Ports, folder: string): Promise<string> {
  const { buildKustomization } = await process.kernel.busy(import("../kustomize/index.ts"));
  return (await buildKustomization(folder, { process, ports })).yaml();
}

/** Standard input in full. */
export async function readStdin(process: Process): Promise<string> {
  const stdin = process.fds.find(0);
  const bytes = stdin && (await readAll(process, stdin, process.kernel.limits.memory));
  if (bytes === undefined) throw new GoError("the input is too large");
  return withoutMark(decode(bytes));
}

export async function readFile(process: Process, path: string): Promise<string> {
  return withoutMark(decode(await readBytes(process, path)));
}

function withoutMark(text: string): string {
  return text.startsWith("\ufeff") ? text.slice(1) : text;
}

async function download(process: Process, ports: Ports, url: string): Promise<string> {
  if (!ports.fetch) throw new NotSimulated(`fetching ${url}`);
  let reply = await ports.fetch(process, url);
  for (let tried = 1; tried < MOST_TRIES && ("error" in reply || reply.status >= 500); tried++) {
    await process.sleep(SECOND);
    reply = await ports.fetch(process, url);
  }
  if ("error" in reply) throw new ConnectionError("GET", reply.url, reply.error);
  const { status, reason, text, cut } = reply;
  if (status !== 200)
    throw new GoError(
      `unable to read URL ${JSON.stringify(url)}, server reported ${[status, reason].join(" ").trim()}, status code=${status}`,
    );
  if (cut) throw new GoError(`error parsing ${url}: unexpected EOF`);
  return withoutMark(text);
}

/** cli-runtime pkg/resource/visitor.go: a web server is asked three times. */
const MOST_TRIES = 3;

/** What is open already: standard input, a process substitution. */
function isDescriptor(path: string): boolean {
  return /^\/(?:dev\/(?:stdin|fd\/\d+)|proc\/(?:self|\d+)\/fd\/\d+)$/.test(path);
}

/** The paths that a name stands for: itself, or what a pattern matches. */
function expand(process: Process, name: string): readonly string[] {
  if (isDescriptor(name) || process.host.files.exists(name, process)) return [name];
  const found = glob(process, name);
  if (found.length === 0) throw new GoError(`the path ${JSON.stringify(name)} does not exist`);
  return found;
}

/** A file, or a folder's files with the right extensions, in the order of their names. */
function walk(process: Process, path: string, recursive: boolean): string[] {
  const { files } = process.host;
  if (isDescriptor(path) || files.stat(path, process).type !== "dir") return [path];
  const found: string[] = [];
  const visit = (folder: string): void => {
    for (const name of files.list(folder, process).sort()) {
      const inner = join(folder, name);
      if (files.lstat(inner, process).type === "dir") {
        if (recursive) visit(inner);
      } else if (EXTENSIONS.some((extension) => name.endsWith(extension))) found.push(inner);
    }
  };
  try {
    visit(path);
  } catch (error) {
    if (error instanceof Errno)
      throw new GoError(`error reading ${JSON.stringify(path)}: open ${path}: ${error.message.toLowerCase()}`);
    throw error;
  }
  return found;
}
