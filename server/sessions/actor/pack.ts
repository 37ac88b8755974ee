import { promisify } from "node:util";
import { constants, zstdCompress, zstdDecompressSync } from "node:zlib";
import type { KernelSnapshot } from "../../sim/kernel/index.ts";
import { turn } from "./turn.ts";

const compress = promisify(zstdCompress);

/**
 * A snapshot as it is stored: JSON, compressed to about an eighth, with a checksum. Others have their turn between the
 * steps, and it is compressed in another thread.
 */
export async function pack(snapshot: KernelSnapshot): Promise<Uint8Array<ArrayBuffer>> {
  await turn();
  const json = Buffer.from(JSON.stringify(snapshot));
  const params = { [constants.ZSTD_c_compressionLevel]: 3, [constants.ZSTD_c_checksumFlag]: 1 };
  return new Uint8Array(await compress(json, { params }));
}

/** Throws if it is damaged. */
export function unpack(packed: Uint8Array): KernelSnapshot {
  return JSON.parse(zstdDecompressSync(packed).toString()) as KernelSnapshot;
}
