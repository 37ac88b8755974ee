import { createRequire } from "node:module";
import { brotliDecompressSync } from "node:zlib";

/** By type id the fields in Go's order, each `GoName tag type number` as generate.ts writes them. */
export type GoStructs = Record<string, string[]>;

const require = createRequire(import.meta.url);
let structs: GoStructs | undefined;

/** The Go structures of all built-in types of Kubernetes 1.33, unpacked when first asked for. */
export function goStructs(): GoStructs {
  const packed = (): string => require("./structs.json") as string;
  return (structs ??= JSON.parse(brotliDecompressSync(Buffer.from(packed(), "base64")).toString("utf8")) as GoStructs);
}

export interface GoField {
  readonly name: string;
  /** Its name in JSON; empty for a structure that is embedded. */
  readonly json: string;
  /** The fields of an embedded structure stand among those of the one around it. */
  readonly inline: boolean;
  readonly omitEmpty: boolean;
  /** The key by which a list merges, `*` for a set; undefined for lists that are replaced. */
  readonly mergeKey: string | undefined;
  /** `*int64`, `[]#v1.Container`, `v1.Protocol=string`: `#` stands before ids of the structure table. */
  readonly type: string;
  /** In protobuf; 0 if it has none. */
  readonly number: number;
}

const parsed = new Map<string, readonly GoField[]>();

/** The fields of a structure in Go's order; none for one that is not known. */
export function goFields(id: string): readonly GoField[] {
  let fields = parsed.get(id);
  if (!fields) parsed.set(id, (fields = (goStructs()[id] ?? []).map(parse)));
  return fields;
}

function parse(row: string): GoField {
  const [name = "", tag = "", type = "", number = "0"] = row.split(" ");
  const [json = "", ...options] = tag.split(",");
  const merge = options.find((option) => option.startsWith("m"));
  return {
    name,
    json,
    inline: options.includes("i"),
    omitEmpty: options.includes("o"),
    mergeKey: merge === undefined ? undefined : merge.slice(1) || "*",
    type,
    number: Number(number),
  };
}
