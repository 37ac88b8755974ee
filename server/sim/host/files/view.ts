import type { Bytes } from "../../kernel/index.ts";

/**
 * A file that is computed when it is read: /proc and /sys. `C` is what it is computed from (the host, and the process
 * that looks).
 */
export type ViewNode<C> =
  | {
      readonly type: "dir";
      readonly mode?: number;
      list(context: C): readonly string[];
      child(context: C, name: string): ViewNode<C> | undefined;
    }
  | {
      readonly type: "file";
      readonly mode?: number;
      read(context: C): Bytes;
      /** Absent: nobody can write it. Throws Errno for a value that the kernel would refuse. */
      write?(context: C, data: Bytes): void;
    }
  | { readonly type: "link"; readonly mode?: number; target(context: C): string };

/** A directory with fixed entries, each a node or a function that makes one (undefined: not there for this context). */
export function directory<C>(
  entries: Readonly<Record<string, ViewNode<C> | ((context: C) => ViewNode<C> | undefined)>>,
): ViewNode<C> {
  const child = (context: C, name: string): ViewNode<C> | undefined => {
    const entry = Object.hasOwn(entries, name) ? entries[name] : undefined;
    return typeof entry === "function" ? entry(context) : entry;
  };
  return { type: "dir", list: (context) => Object.keys(entries).filter((name) => child(context, name)), child };
}

export function file<C>(read: (context: C) => Bytes, write?: (context: C, data: Bytes) => void): ViewNode<C> {
  return write ? { type: "file", mode: 0o644, read, write } : { type: "file", mode: 0o444, read };
}

/** Several trees laid over each other: what one lacks is looked for in the next. */
export function overlay<C>(nodes: readonly ViewNode<C>[]): ViewNode<C> {
  if (nodes.length === 1 || nodes[0]!.type !== "dir") return nodes[0]!;
  const directories = nodes.filter((node) => node.type === "dir");
  return {
    type: "dir",
    list: (context) => [...new Set(directories.flatMap((node) => node.list(context)))],
    child(context, name) {
      const children = directories.map((node) => node.child(context, name)).filter((node) => node !== undefined);
      return children.length > 0 ? overlay(children) : undefined;
    },
  };
}

/** The directory of that name in another one, whatever it is at the time. */
export function entryOf<C>(parent: () => ViewNode<C>, name: string): ViewNode<C> {
  const find = (context: C): ViewNode<C> | undefined => {
    const node = parent();
    return node.type === "dir" ? node.child(context, name) : undefined;
  };
  return {
    type: "dir",
    list(context) {
      const node = find(context);
      return node?.type === "dir" ? node.list(context) : [];
    },
    child(context, entry) {
      const node = find(context);
      return node?.type === "dir" ? node.child(context, entry) : undefined;
    },
  };
}
