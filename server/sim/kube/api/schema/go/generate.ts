// oxlint-disable no-restricted-imports, no-restricted-globals -- a generator that is run by hand, not a part of the simulation
/**
 * Writes `structs.json` from a kubectl 1.33 program: `node server/sim/kube/api/schema/go/generate.ts /path/to/kubectl`.
 * A Go program carries descriptions of its types (internal/abi type.go of Go 1.24): of each structure the fields in their
 * order with names, tags and types. The Kubernetes structures of the table are found among them.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";
import { structureTable } from "../table.ts";
import type { GoStructs } from "./structs.ts";

const KIND = { bool: 1, string: 24, map: 21, pointer: 22, slice: 23, struct: 25, interface: 20, array: 17 } as const;
/** Kinds 2 to 16: int, int8 … complex128. */
const NUMBERS = ["", "", "int", "int8", "int16", "int32", "int64", "uint", "uint8", "uint16", "uint32", "uint64", "uintptr", "float32", "float64"]; // prettier-ignore
const TYPE_SIZE = 48;
const STRUCT_SIZE = 80;
const FIELD_SIZE = 24;
const MAX_FIELDS = 200;

/** API groups whose name is more than the folder of their types. */
const GROUPS: Record<string, string> = { core: "", rbac: "rbac.authorization.k8s.io", flowcontrol: "flowcontrol.apiserver.k8s.io", apps: "apps", autoscaling: "autoscaling", batch: "batch", policy: "policy" }; // prettier-ignore

interface Named {
  readonly name: string;
  readonly tag: string;
  readonly embedded: boolean;
}

class Program {
  readonly #data: Buffer;
  readonly #address: number;
  readonly #offset: number;
  readonly #size: number;

  constructor(data: Buffer) {
    this.#data = data;
    const rodata = section(data, ".rodata");
    this.#address = rodata.address;
    this.#offset = rodata.offset;
    this.#size = rodata.size;
  }

  /** The addresses of what looks like the description of a structure with JSON tags. */
  *structs(): Generator<number> {
    const end = this.#address + this.#size - STRUCT_SIZE;
    for (let at = this.#address; at < end; at += 8)
      if (this.kind(at) === KIND.struct && this.fields(at)?.some(({ tag }) => tag.includes('json:"'))) yield at;
  }

  kind(at: number): number {
    return this.#data[this.#at(at) + 23]! & 31;
  }

  /** `v1.PodSpec` */
  name(at: number): string {
    const offset = this.#at(at);
    const { name } = this.#name(this.#address + this.#data.readInt32LE(offset + 40));
    return (this.#data[offset + 20]! & 2) === 0 ? name : name.slice(1);
  }

  /** `k8s.io/api/core/v1`; empty for types without a name. */
  package(at: number): string {
    const offset = this.#at(at);
    if ((this.#data[offset + 20]! & 1) === 0) return "";
    const path = this.#data.readInt32LE(offset + STRUCT_SIZE);
    return path === 0 ? "" : this.#name(this.#address + path).name;
  }

  elem(at: number, second = false): number {
    return this.#pointer(this.#at(at) + TYPE_SIZE + (second ? 8 : 0));
  }

  fields(at: number): (Named & { readonly type: number })[] | undefined {
    const offset = this.#at(at);
    const [first, count, room] = [56, 64, 72].map((by) => this.#pointer(offset + by)) as [number, number, number];
    if (count === 0 || count > MAX_FIELDS || count !== room || !this.#has(first)) return undefined;
    const fields = [];
    for (let index = 0; index < count; index++) {
      const field = this.#at(first) + index * FIELD_SIZE;
      const [name, type] = [this.#pointer(field), this.#pointer(field + 8)];
      if (!this.#has(name) || !this.#has(type)) return undefined;
      fields.push({ ...this.#name(name), type });
    }
    return fields;
  }

  #has(address: number): boolean {
    return address >= this.#address && address < this.#address + this.#size;
  }

  #at(address: number): number {
    return address - this.#address + this.#offset;
  }

  #pointer(offset: number): number {
    return Number(this.#data.readBigUInt64LE(offset));
  }

  /** Flags (2: has a tag, 8: embedded), then name and tag, each with its length as a varint. */
  #name(address: number): Named {
    let at = this.#at(address);
    const flags = this.#data[at++]!;
    const text = (): string => {
      let length = 0;
      for (let shift = 0; ; shift += 7) {
        const byte = this.#data[at++]!;
        length |= (byte & 0x7f) << shift;
        if (byte < 0x80) break;
      }
      at += length;
      return this.#data.toString("utf8", at - length, at);
    };
    const name = text();
    return { name, tag: (flags & 2) === 0 ? "" : text(), embedded: (flags & 8) !== 0 };
  }
}

/** A section of an ELF file by its name. */
function section(data: Buffer, wanted: string): { address: number; offset: number; size: number } {
  const [headers, size, count, names] = [Number(data.readBigUInt64LE(40)), data.readUInt16LE(58), data.readUInt16LE(60), data.readUInt16LE(62)]; // prettier-ignore
  const header = (index: number): { name: number; address: number; offset: number; size: number } => {
    const at = headers + index * size;
    const long = (by: number): number => Number(data.readBigUInt64LE(at + by));
    return { name: data.readUInt32LE(at), address: long(16), offset: long(24), size: long(32) };
  };
  const texts = header(names).offset;
  for (let index = 0; index < count; index++) {
    const one = header(index);
    const name = data.toString("latin1", texts + one.name, data.indexOf(0, texts + one.name));
    if (name === wanted) return one;
  }
  throw new Error(`the program has no section ${wanted}`);
}

/** The id of a type in the structure table: `apps/v1.Deployment`; undefined for what is no API. */
function idOf(path: string, name: string): string | undefined {
  const type = name.slice(name.indexOf(".") + 1);
  if (path === "k8s.io/apimachinery/pkg/apis/meta/v1") return `meta/v1.${type}`;
  const [, folder, version] = /^k8s\.io\/api\/(\w+)\/(\w+)$/.exec(path) ?? [];
  if (folder === undefined) return undefined;
  const group = GROUPS[folder] ?? `${folder}.k8s.io`;
  return `${group === "" ? "" : `${group}/`}${version}.${type}`;
}

/** Structures whose JSON is no object; they are written by their Go name. */
const SCALARS = ["resource.Quantity", "intstr.IntOrString", "v1.Time", "v1.MicroTime", "v1.FieldsV1", "runtime.RawExtension"]; // prettier-ignore

export function generate(data: Buffer): GoStructs {
  const program = new Program(data);
  const structs: GoStructs = {};
  const typeText = (at: number): string => {
    const name = program.name(at);
    switch (program.kind(at)) {
      case KIND.pointer:
        return `*${typeText(program.elem(at))}`;
      case KIND.slice:
        return named(name, `[]${typeText(program.elem(at))}`);
      case KIND.map:
        return named(name, `map[${program.name(program.elem(at))}]${typeText(program.elem(at, true))}`);
      case KIND.struct:
        return SCALARS.includes(name) ? name : `#${idOf(program.package(at), name) ?? name}`;
      case KIND.string:
        return named(name, "string");
      case KIND.bool:
        return named(name, "bool");
      default:
        return named(name, NUMBERS[program.kind(at)] ?? name);
    }
  };
  for (const at of program.structs()) {
    const id = idOf(program.package(at), program.name(at));
    if (id === undefined || structs[id]) continue;
    structs[id] = program
      .fields(at)!
      .map(({ name, tag, type }) => `${name} ${tagText(tag)} ${typeText(type)}${wireNumber(tag)}`);
  }
  const kept = new Set<string>();
  const keep = (id: string): void => {
    if (kept.has(id) || !structs[id]) return;
    kept.add(id);
    for (const row of structs[id]) for (const [, inner] of row.matchAll(/#(\S+)/g)) keep(inner!);
  };
  Object.keys(structureTable()).forEach(keep);
  return Object.fromEntries(
    Object.entries(structs)
      .filter(([id]) => kept.has(id))
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** A type with a name of its own says what it is: `v1.Protocol=string`. */
function named(name: string, text: string): string {
  return name === text || !/^\w+\.\w+$/.test(name) ? text : `${name}=${text}`;
}

/** `name`, with `,o` for omitempty, `,i` for inline, `,r` for retainKeys, `,m` with the merge key of a list. */
function tagText(tag: string): string {
  const value = (key: string): string => new RegExp(`(?:^| )${key}:"([^"]*)"`).exec(tag)?.[1] ?? "";
  const [name = "", ...options] = value("json").split(",");
  const strategy = value("patchStrategy").split(",");
  return [
    name,
    ...(options.includes("omitempty") ? ["o"] : []),
    ...(options.includes("inline") ? ["i"] : []),
    ...(strategy.includes("retainKeys") ? ["r"] : []),
    ...(strategy.includes("merge") ? [`m${value("patchMergeKey")}`] : []),
  ].join(",");
}

/** The number of a field in protobuf, if it has one. */
function wireNumber(tag: string): string {
  const number = /(?:^| )protobuf:"\w+,(\d+)/.exec(tag)?.[1];
  return number === undefined ? "" : ` ${number}`;
}

if (import.meta.main) {
  const [program] = process.argv.slice(2);
  if (program === undefined) throw new Error("which kubectl? node generate.ts /path/to/kubectl");
  const packed = brotliCompressSync(JSON.stringify(generate(readFileSync(program))), {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11 },
  });
  writeFileSync(join(import.meta.dirname, "structs.json"), `${JSON.stringify(packed.toString("base64"))}\n`);
}
