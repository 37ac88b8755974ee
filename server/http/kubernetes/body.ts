import type { IncomingMessage } from "node:http";

export type ReadBody = { readonly body: Buffer } | "too-large" | "aborted";

/** Reads a body of at most `limit` bytes. What comes after that is not kept. */
export function readBody(request: IncomingMessage, limit: number): Promise<ReadBody> {
  return new Promise((resolve) => {
    if (Number(request.headers["content-length"] ?? 0) > limit) return resolve("too-large");
    const chunks: Buffer[] = [];
    let size = 0;
    request.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size > limit) {
        chunks.length = 0;
        resolve("too-large");
      } else chunks.push(chunk);
    });
    request.once("end", () => resolve({ body: Buffer.concat(chunks) }));
    request.once("error", () => resolve("aborted"));
    request.once("close", () => resolve("aborted"));
  });
}
