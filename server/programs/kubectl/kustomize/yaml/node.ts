import { resolve } from "../../yaml/resolve.ts";

export type NodeKind = "scalar" | "map" | "list";

export interface Entry {
  readonly key: string;
  /** The key is no text, but a number or the like. */
  readonly odd?: boolean;
  /** Where it stood in its document. */
  readonly line?: number;
  node: Node;
}

/**
 * A value of a YAML document that keeps what kustomize's edits depend on (go-yaml v3 Node, kyaml RNode): the text of a scalar,
 * its tag, and whether it was quoted. A scalar made by an edit has no tag: it is what its text reads as, unless it took the
 * place of a quoted one. Nodes are changed in place.
 */
export class Node {
  kind: NodeKind;
  /** `!!str`, `!!int`, …; empty for a scalar that was made without one. Scalars only. */
  tag: string;
  /** A scalar's text. */
  value: string;
  quoted: boolean;
  /** A map's members in the order of the document; a key may stand there twice. */
  entries: Entry[];
  items: Node[];

  constructor(
    kind: NodeKind,
    parts: { tag?: string; value?: string; quoted?: boolean; entries?: Entry[]; items?: Node[] } = {},
  ) {
    this.kind = kind;
    this.tag = parts.tag ?? "";
    this.value = parts.value ?? "";
    this.quoted = parts.quoted ?? false;
    this.entries = parts.entries ?? [];
    this.items = parts.items ?? [];
  }

  /** A scalar without a tag. */
  static scalar(value: string): Node {
    return new Node("scalar", { value });
  }

  static text(value: string): Node {
    return new Node("scalar", { tag: "!!str", value });
  }

  static map(): Node {
    return new Node("map");
  }

  static list(items: Node[] = []): Node {
    return new Node("list", { items });
  }

  static texts(values: Readonly<Record<string, string>>): Node {
    return new Node("map", { entries: sortedNames(values).map((key) => newEntry(key, Node.text(values[key]!))) });
  }

  get isNull(): boolean {
    return this.kind === "scalar" && this.tag === "!!null";
  }

  /** Null, or a map or list without members. */
  get isEmpty(): boolean {
    if (this.kind === "map") return this.entries.length === 0;
    if (this.kind === "list") return this.items.length === 0;
    return this.isNull || (this.tag === "" && this.value === "" && !this.quoted);
  }

  /** A member of a map; undefined if this is none or has none of that name. */
  get(name: string): Node | undefined {
    return this.entries.find(({ key }) => key === name)?.node;
  }

  /** The text of a member that is a scalar; empty otherwise. */
  textOf(name: string): string {
    const node = this.get(name);
    return node === undefined || node.isNull ? "" : node.value;
  }

  remove(name: string): void {
    const at = this.entries.findIndex(({ key }) => key === name);
    if (at >= 0) this.entries.splice(at, 1);
  }

  /** Sets a member, which keeps the quotes of what stood there; nothing or null removes it (kyaml FieldSetter). */
  set(name: string, node: Node | undefined): void {
    if (node === undefined || node.isNull) return this.remove(name);
    const field = this.get(name);
    if (field) field.take(node);
    else this.entries.push(newEntry(name, node));
  }

  /** Becomes another node's value, in these quotes. */
  take(node: Node): void {
    const { quoted } = this;
    this.become(node);
    this.quoted = quoted;
  }

  become({ kind, tag, value, quoted, entries, items }: Node): void {
    this.kind = kind;
    this.tag = tag;
    this.value = value;
    this.quoted = quoted;
    this.entries = entries;
    this.items = items;
  }

  copy(): Node {
    const { kind, tag, value, quoted } = this;
    const entries = this.entries.map((entry) => ({ ...entry, node: entry.node.copy() }));
    return new Node(kind, { tag, value, quoted, entries, items: this.items.map((item) => item.copy()) });
  }
}

/** A member that an edit adds: its name is written without quotes, and is what it reads as. */
function newEntry(key: string, node: Node): Entry {
  return resolve(key).tag === "!!str" ? { key, node } : { key, odd: true, node };
}

/** Go's order of strings: that of their bytes. */
export function sortedNames(values: Readonly<Record<string, unknown>>): string[] {
  return Object.keys(values).sort(byText);
}

export function byText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
