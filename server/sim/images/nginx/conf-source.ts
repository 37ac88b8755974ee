import { namespaceOf } from "../../net/index.ts";
import type { DaemonProcess } from "../../host/index.ts";
import { attempt, Errno, errnoNumber } from "../../host/index.ts";
import type { Bytes } from "../../kernel/index.ts";
import { lookup } from "../resolver.ts";

/**
 * Everything outside of it that a configuration was made from: what a running nginx goes by until it is told to read it
 * again. Plain data, part of the process's row.
 */
export interface ConfSource {
  /** Texts of files, or why they could not be read: `2: No such file or directory`. */
  readonly files: Readonly<Record<string, { readonly text: Bytes } | { readonly error: string }>>;
  /** Files that a pattern with `*`, `?` or `[` stood for. */
  readonly patterns: Readonly<Record<string, readonly string[]>>;
  /** Addresses of names, none if they were not found. */
  readonly names: Readonly<Record<string, readonly string[]>>;
  readonly users: Readonly<Record<string, boolean>>;
  /** `-g` of the command line. */
  readonly global: string;
  readonly path: string;
  readonly prefix: string;
  readonly version: string;
}

/** What the parser asks for. */
export interface ConfWorld {
  file(path: string): { readonly text: Bytes } | { readonly error: string };
  pattern(pattern: string): readonly string[];
  name(host: string): readonly string[];
  user(name: string): boolean;
}

/** Asks the daemon's host and network, and keeps what they said. */
export function recordSource(
  self: DaemonProcess,
  start: Pick<ConfSource, "global" | "path" | "prefix" | "version">,
): { world: ConfWorld; source: () => ConfSource } {
  const files: Record<string, { text: Bytes } | { error: string }> = {};
  const patterns: Record<string, readonly string[]> = {};
  const names: Record<string, readonly string[]> = {};
  const users: Record<string, boolean> = {};
  const world: ConfWorld = {
    file: (path) => (files[path] ??= readFile(self, path)),
    pattern: (pattern) => (patterns[pattern] ??= glob(self, pattern)),
    name(host) {
      const found = lookup(self.host, namespaceOf(self), host);
      return (names[host] ??= "failed" in found ? [] : found.addresses);
    },
    user: (name) => (users[name] ??= self.host.users.byName(name) !== undefined),
  };
  return { world, source: () => ({ ...start, files, patterns, names, users }) };
}

/** What was recorded, again. */
export function replaySource(source: ConfSource): ConfWorld {
  return {
    file: (path) => source.files[path]!,
    pattern: (pattern) => source.patterns[pattern]!,
    name: (host) => source.names[host]!,
    user: (name) => source.users[name] ?? true,
  };
}

/** Sources that were read without a word, the last one first: containers of one image read the same again and again. */
const quiet: { readonly source: ConfSource; readonly uid: number }[] = [];
const KEPT = 16;

/** Keeps a source that made a configuration without warnings. One that names were looked up for is made anew each time. */
export function rememberSource(self: DaemonProcess, source: ConfSource): void {
  if (Object.keys(source.names).length > 0) return;
  quiet.unshift({ source, uid: self.uid });
  quiet.length = Math.min(quiet.length, KEPT);
}

/** A source that would be read just so now, word for word, by that process. */
export function knownSource(
  self: DaemonProcess,
  start: Pick<ConfSource, "global" | "path" | "prefix" | "version">,
): ConfSource | undefined {
  return quiet.find(({ source, uid }) => uid === self.uid && isAsStarted(source, start) && isAsRead(self, source))
    ?.source;
}

function isAsStarted(source: ConfSource, start: Pick<ConfSource, "global" | "path" | "prefix" | "version">): boolean {
  const { global, path, prefix, version } = start;
  return source.global === global && source.path === path && source.prefix === prefix && source.version === version;
}

function isAsRead(self: DaemonProcess, { files, patterns, users }: ConfSource): boolean {
  for (const path in files) {
    const [now, then] = [readFile(self, path), files[path]!];
    if ("text" in now ? !("text" in then) || now.text !== then.text : !("error" in then) || now.error !== then.error)
      return false;
  }
  for (const pattern in patterns) {
    const [now, then] = [glob(self, pattern), patterns[pattern]!];
    if (now.length !== then.length || now.some((path, at) => path !== then[at])) return false;
  }
  for (const name in users) if (users[name] !== (self.host.users.byName(name) !== undefined)) return false;
  return true;
}

function readFile(self: DaemonProcess, path: string): { text: Bytes } | { error: string } {
  try {
    return { text: self.host.files.read(path, self) };
  } catch (error) {
    if (error instanceof Errno) return { error: errnoText(error) };
    throw error;
  }
}

/** `2: No such file or directory`, as nginx prints errors of the system. */
export function errnoText(error: Errno): string {
  return `${errnoNumber(error.code)}: ${error.message}`;
}

/** Patterns of configurations are few, and each container of an image asks again. */
const patternsOf = new Map<string, RegExp>();
const PATTERNS = 64;

function patternOf(part: string): RegExp {
  let pattern = patternsOf.get(part);
  if (!pattern) {
    const text = part
      .replaceAll(/[.+^${}()|\\]/g, "\\$&")
      .replaceAll("*", ".*")
      .replaceAll("?", ".")
      .replaceAll("[!", "[^");
    if (patternsOf.size >= PATTERNS) patternsOf.clear();
    patternsOf.set(part, (pattern = new RegExp(`^${text}$`, "s")));
  }
  return pattern;
}

/** glob(3): sorted; names that begin with a point only match a pattern that does. */
function glob(self: DaemonProcess, pattern: string): string[] {
  let found = ["/"];
  for (const part of pattern.split("/").filter((word) => word !== "")) {
    found = found.flatMap((directory) => {
      const base = directory === "/" ? "" : directory;
      if (!/[*?[]/.test(part)) return self.host.files.exists(`${base}/${part}`, self) ? [`${base}/${part}`] : [];
      const test = patternOf(part);
      const names = attempt(() => self.host.files.list(directory, self));
      if (names instanceof Errno) return [];
      return names
        .filter((name) => test.test(name) && (part.startsWith(".") || !name.startsWith(".")))
        .map((name) => `${base}/${name}`);
    });
  }
  return found.sort();
}
