import { createRequire } from "node:module";
import { brotliDecompressSync } from "node:zlib";

/** Fields by type, each `name:type` or, if the API requires it, `name!:type`; the letters stand in generate.ts. */
export type StructureTable = Record<string, string[]>;

/** Docs by type: that of the type itself, then those of its fields in the order of the structure table. */
export type DocsTable = Record<string, string[]>;

const require = createRequire(import.meta.url);
let structure: StructureTable | undefined;
let docs: DocsTable | undefined;

/** The structure of all built-in types, unpacked when first asked for (about a millisecond). */
export function structureTable(): StructureTable {
  return (structure ??= unpack(require("./structure.json") as string) as StructureTable);
}

/** What `explain` and OpenAPI say about each type and field; loaded only for them. */
export function docsTable(): DocsTable {
  return (docs ??= unpack(require("./docs.json") as string) as DocsTable);
}

function unpack(packed: string): unknown {
  return JSON.parse(brotliDecompressSync(Buffer.from(packed, "base64")).toString("utf8"));
}
