import { Errno, findInPath, type Process } from "../../../sim/host/index.ts";
import { decode } from "../../../sim/kernel/index.ts";
import { GoError, NotSimulated } from "../errors/go-error.ts";
import { quote } from "../output/index.ts";
import type { Ports } from "../ports.ts";

/** A remote file that a web server refused; nothing else is tried then. */
export class HttpError extends GoError {}

export interface LoaderOptions {
  readonly process: Process;
  readonly ports: Ports;
  /** Files may lie outside of the folder of the kustomization that names them. */
  readonly anywhere: boolean;
}

/** A kustomization's folder and how its files are read (api/internal/loader/fileloader.go). */
export class Loader {
  /** Absolute, without links. */
  readonly root: string;
  readonly #options: LoaderOptions;
  readonly #referrer: Loader | undefined;

  private constructor(options: LoaderOptions, root: string, referrer?: Loader) {
    this.#options = options;
    this.root = root;
    this.#referrer = referrer;
  }

  /** Opens the folder that the user named. */
  static async open(options: LoaderOptions, target: string): Promise<Loader> {
    if (isRepository(target)) throw noRepository(options.process, target);
    return new Loader(options, confirmFolder(options.process, target, "must build at directory"));
  }

  /** Opens a folder that this kustomization names. */
  async folder(path: string): Promise<Loader> {
    if (path === "") throw new GoError("new root cannot be empty");
    if (isRepository(path)) throw noRepository(this.#options.process, path);
    if (path.startsWith("/")) throw new GoError(`new root '${path}' cannot be absolute`);
    const root = confirmFolder(this.#options.process, join(this.root, path), "must build at directory");
    this.#refuseCycle(root);
    return new Loader(this.#options, root, this);
  }

  /** Neither this folder nor one that led to it may lie in what is to be opened. */
  #refuseCycle(root: string): void {
    if (isWithin(this.root, root))
      throw new GoError(`cycle detected: candidate root '${root}' contains visited root '${this.root}'`);
    if (this.#referrer) this.#referrer.#refuseCycle(root);
  }

  /** A file's text as bytes. */
  async bytes(path: string): Promise<string> {
    if (/^https?:\/\//i.test(path)) return this.#download(path);
    const { process, anywhere } = this.#options;
    const absolute = path.startsWith("/") ? clean(path) : join(this.root, path);
    const found = cleanedAbs(process, absolute);
    if (found.file === "") throw new GoError(`'${absolute}' must resolve to a file`);
    if (!anywhere && !isWithin(found.folder, this.root))
      throw new GoError(`security; file '${absolute}' is not in or below '${this.root}'`);
    const real = join(found.folder, found.file);
    try {
      return process.host.files.read(real, process);
    } catch (error) {
      if (error instanceof Errno) throw new GoError(`open ${real}: ${error.message.toLowerCase()}`);
      throw error;
    }
  }

  async text(path: string): Promise<string> {
    return decode(await this.bytes(path));
  }

  async #download(url: string): Promise<string> {
    const { process, ports } = this.#options;
    if (!ports.fetch) throw new NotSimulated(`fetching ${url}`);
    const reply = await ports.fetch(process, url);
    if ("error" in reply) throw new GoError(`Get ${quote(reply.url)}: ${reply.error}`);
    if (reply.status >= 200 && reply.status <= 299) return reply.text;
    if (isRepository(url)) throw new GoError("URL is a git repository");
    throw new HttpError(`HTTP Error: status code ${reply.status} (${STATUS[reply.status] ?? ""})`);
  }
}

const STATUS: Readonly<Record<number, string>> = { 400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 500: "Internal Server Error", 502: "Bad Gateway", 503: "Service Unavailable" }; // prettier-ignore

/** Names of git repositories (api/internal/git/repospec.go): with a scheme, a user, `github.com` or `.git`. */
function isRepository(path: string): boolean {
  if (path.startsWith("/") || path.startsWith(".")) return false;
  if (/^(git::|ssh:\/\/|git@|org-\d+@|file:\/\/|gh:)/i.test(path)) return true;
  const rest = path.replace(/^https?:\/\//i, "");
  const remote = rest !== path;
  if (/^github\.com[:/][^/]+\/[^/]+/i.test(rest)) return true;
  if (/\.git(\/|\?|$)/.test(rest) || rest.includes("/_git/")) return rest.includes("/");
  return remote && rest.replace(/\?.*$/, "").includes("//");
}

function noRepository(process: Process, path: string): GoError {
  if (findInPath(process.host, "git", process.env["PATH"], process) === undefined)
    return new GoError(`no 'git' program on path: exec: "git": executable file not found in $PATH`);
  return new NotSimulated(`kustomize with the remote repository ${path}`);
}

function confirmFolder(process: Process, path: string, doing: string): string {
  if (path === "") throw new GoError("directory path cannot be empty");
  let found: { folder: string; file: string };
  try {
    found = cleanedAbs(process, path);
  } catch (error) {
    if (!(error instanceof GoError)) throw error;
    throw new GoError(`${doing}: not a valid directory: ${error.message}`);
  }
  if (found.file !== "") throw new GoError(`${doing}: '${path}': file is not directory`);
  return found.folder;
}

/** The path without links, as folder and file (kyaml/filesys/fsondisk.go CleanedAbs). */
function cleanedAbs(process: Process, path: string): { folder: string; file: string } {
  const absolute = path.startsWith("/") ? clean(path) : join(process.cwd, path);
  const real = followed(process, path, absolute);
  if (process.host.files.stat(real, process).type === "dir") return { folder: real, file: "" };
  const slash = real.lastIndexOf("/");
  return { folder: real.slice(0, slash) || "/", file: real.slice(slash + 1) };
}

function followed(process: Process, path: string, absolute: string): string {
  const { files } = process.host;
  try {
    return files.realpath(absolute, process);
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    throw new GoError(`evalsymlink failure on '${path}' : lstat ${firstMissing(process, absolute)}: ${error.message.toLowerCase()}`); // prettier-ignore
  }
}

/** The part of a path at which it ends to exist. */
function firstMissing(process: Process, path: string): string {
  const parts = path.split("/").filter((part) => part !== "");
  for (let count = 1; count <= parts.length; count++) {
    const part = `/${parts.slice(0, count).join("/")}`;
    if (!process.host.files.exists(part, process)) return part;
  }
  return path;
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || folder === "/" || path.startsWith(`${folder}/`);
}

function join(folder: string, path: string): string {
  return clean(`${folder}/${path}`);
}

/** Go's filepath.Clean of an absolute path. */
function clean(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return `/${parts.join("/")}`;
}
