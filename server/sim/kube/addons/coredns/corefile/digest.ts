import { createHash } from "node:crypto";
import { encode } from "../../../../kernel/index.ts";
import type { ServerBlock } from "./parse.ts";

/** The SHA512 that `reload` tells and compares: of the server blocks as Go's encoding/json writes them. 128 hexadecimal digits. */
export function corefileDigest(blocks: readonly ServerBlock[]): string {
  const sorted = blocks.map(({ Keys, Tokens }) => ({
    Keys,
    Tokens: Object.fromEntries(
      Object.keys(Tokens)
        .sort()
        .map((name) => [name, Tokens[name]!.map(inOrder)]),
    ),
  }));
  const json = JSON.stringify(blocks.length === 0 ? null : sorted)
    .replaceAll("<", "\\u003c")
    .replaceAll(">", "\\u003e")
    .replaceAll("&", "\\u0026");
  return createHash("sha512").update(encode(json), "latin1").digest("hex");
}

function inOrder({ File, Line, Text }: ServerBlock["Tokens"][string][number]): object {
  return { File, Line, Text };
}
