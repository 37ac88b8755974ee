import { brotliDecompressSync, gunzipSync, inflateSync } from "node:zlib";
import { fromUint8Array, toUint8Array, type Bytes } from "../../sim/kernel/index.ts";
import { CurlFailure } from "./failure.ts";

/** A body as it was before the server packed it (`--compressed`). */
export function unpack(bytes: Bytes, encoding: string): Bytes {
  try {
    if (encoding === "gzip" || encoding === "x-gzip") return fromUint8Array(gunzipSync(toUint8Array(bytes)));
    if (encoding === "br") return fromUint8Array(brotliDecompressSync(toUint8Array(bytes)));
    if (encoding === "deflate") return fromUint8Array(inflateSync(toUint8Array(bytes)));
  } catch {
    throw new CurlFailure(61, "Error while processing content unencoding: invalid stored block lengths");
  }
  if (encoding === "identity") return bytes;
  throw new CurlFailure(61, "Unrecognized content encoding type. libcurl understands deflate, gzip content encodings.");
}
