import { copyTree } from "../../../sim/docker/index.ts";
import { attempt, basename, dirname, Errno, join, resolve, type Host } from "../../../sim/host/index.ts";
import { Fatal } from "../command.ts";
import { nameMatches } from "./context.ts";

/** Where COPY and ADD take from: the context, or another image's files. */
export interface Source {
  readonly host: Host;
  /** `/` for an image. */
  readonly root: string;
  /** By its path below the root. */
  readonly ignored: (path: string) => boolean;
}

/** The paths below the root that were meant, each as it was written (builder/dockerfile/copy.go). */
export function findSources(keyword: string, source: Source, words: readonly string[]): string[] {
  const found = words.flatMap((word) => (/[*?]/.test(word) ? expanded(source, word) : [there(keyword, source, word)]));
  if (found.length === 0) throw new Fatal(`${keyword} failed: no source files were specified`);
  return found;
}

function there(keyword: string, { host, root, ignored }: Source, word: string): string {
  const path = resolve("/", word).slice(1);
  if (/^(\.\/)*\.\.(\/|$)/.test(word)) throw new Fatal(`${keyword} failed: forbidden path outside the build context: ${word} ()`); // prettier-ignore
  if (!host.files.exists(join(root, path)) || (path !== "" && ignored(path)))
    throw new Fatal(
      `${keyword} failed: file not found in build context or excluded by .dockerignore: stat ${word}: file does not exist`,
    );
  return path;
}

function expanded({ host, root, ignored }: Source, word: string): string[] {
  let found = [""];
  for (const part of resolve("/", word).slice(1).split("/"))
    found = found.flatMap((above) => {
      const names = attempt(() => host.files.list(join(root, above)));
      if (names instanceof Errno) return [];
      return names
        .filter((name) => nameMatches(part, name))
        .sort()
        .map((name) => (above === "" ? name : `${above}/${name}`));
    });
  return found.filter((path) => !ignored(path));
}

/** Copies sources into a container's files: folders by what is in them, files into a folder or to a name. */
export function copySources(
  keyword: string,
  source: Source,
  paths: readonly string[],
  {
    host,
    target,
    owner,
  }: { readonly host: Host; readonly target: string; readonly owner?: { uid: number; gid: number } },
): void {
  if (paths.length > 1 && !target.endsWith("/"))
    throw new Fatal(
      `When using ${keyword} with more than one source file, the destination must be a directory and end with a /`,
    );
  const plain = resolve("/", target);
  for (const path of paths) {
    const from = join(source.root, path);
    const real = source.host.files.realpath(from);
    const isFolder = source.host.files.stat(real).type === "dir";
    const there = attempt(() => host.files.stat(plain));
    const into = target.endsWith("/") || (!(there instanceof Errno) && there.type === "dir");
    const to = isFolder ? plain : into ? join(plain, basename(path)) : plain;
    const skip = (below: string): boolean => source.ignored(path === "" ? below : `${path}/${below}`);
    const done = attempt(() => {
      makeFolder(host, isFolder ? to : dirname(to));
      const end = isFolder ? host.files.realpath(to) : to;
      copyTree(source.host, real, host, end, { skip, owner: owner ?? { uid: 0, gid: 0 } });
    });
    if (done instanceof Errno)
      throw new Fatal(`failed to copy files: ${isFolder ? "failed to copy directory: " : ""}${done.path ?? to}: ${done.message.toLowerCase()}`); // prettier-ignore
  }
}

function makeFolder(host: Host, path: string): void {
  host.files.mkdir(path, { parents: true, mode: 0o755 });
}
