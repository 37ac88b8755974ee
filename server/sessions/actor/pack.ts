import { constants, zstdCompressSync, zstdDecompressSync } from "node:zlib";
import type { KernelSnapshot } from "../../sim/kernel/index.ts";

/** A snapshot as it is stored: JSON, compressed to about an eighth, with a checksum. */
export function pack(snapshot: KernelSnapshot): Uint8Array<ArrayBuffer> {
  const params = { [constants.ZSTD_c_compressionLevel]: 3, [constants.ZSTD_c_checksumFlag]: 1 };
  return new Uint8Array(zstdCompressSync(Buffer.from(JSON.stringify(snapshot)), { params }));
}

/** Throws if it is damaged. */
export function unpack(packed: Uint8Array): KernelSnapshot {
  return JSON.parse(zstdDecompressSync(packed).toString()) as KernelSnapshot;
}
