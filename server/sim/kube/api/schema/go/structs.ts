import { createRequire } from "node:module";
import { brotliDecompressSync } from "node:zlib";

/** By type id the fields in Go's order, each `GoName tag type` as generate.ts writes them. */
export type GoStructs = Record<string, string[]>;

const require = createRequire(import.meta.url);
let structs: GoStructs | undefined;

/** The Go structures of all built-in types of Kubernetes 1.33, unpacked when first asked for. */
export function goStructs(): GoStructs {
  const packed = (): string => require("./structs.json") as string;
  return (structs ??= JSON.parse(brotliDecompressSync(Buffer.from(packed(), "base64")).toString("utf8")) as GoStructs);
}
