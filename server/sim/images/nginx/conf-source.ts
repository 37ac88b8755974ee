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

/** glob(3): sorted; names that begin with a point only match a pattern that does. */
function glob(self: DaemonProcess, pattern: string): string[] {
  let found = ["/"];
  for (const part of pattern.split("/").filter((word) => word !== "")) {
    found = found.flatMap((directory) => {
      const base = directory === "/" ? "" : directory;
      if (!/[*?[]/.test(part)) return self.host.files.exists(`${base}/${part}`, self) ? [`${base}/${part}`] : [];
      const test = new RegExp(
        `^${part
          .replaceAll(/[.+^${}()|\\]/g, "\\$&")
          .replaceAll("*", ".*")
          .replaceAll("?", ".")
          .replaceAll("[!", "[^")}$`,
        "s",
      );
      const names = attempt(() => self.host.files.list(directory, self));
      if (names instanceof Errno) return [];
      return names
        .filter((name) => test.test(name) && (part.startsWith(".") || !name.startsWith(".")))
        .map((name) => `${base}/${name}`);
    });
  }
  return found.sort();
}
