import { createRequire } from "node:module";
import { brotliDecompressSync } from "node:zlib";

/** By type and number the name of a field; `#` and a type for a structure that is embedded. */
export type FieldNumbers = Record<string, Record<number, string>>;

const require = createRequire(import.meta.url);
let numbers: FieldNumbers | undefined;

/** The numbers of all fields of the built-in types, unpacked when the first client speaks protobuf. */
export function fieldNumbers(): FieldNumbers {
  const packed = (): string => require("./field-numbers.json") as string;
  return (numbers ??= JSON.parse(
    brotliDecompressSync(Buffer.from(packed(), "base64")).toString("utf8"),
  ) as FieldNumbers);
}
