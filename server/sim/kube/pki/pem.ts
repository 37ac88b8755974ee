/** A block of a PEM file (RFC 7468). `der` is what stands between the lines in base64. */
export interface PemBlock {
  readonly label: string;
  readonly der: Uint8Array<ArrayBuffer>;
}

/** Lines of 64 characters, as Go's encoding/pem and OpenSSL write them. */
export function encodePem(label: string, der: Uint8Array): string {
  const base64 = Buffer.from(der.buffer, der.byteOffset, der.byteLength).toString("base64");
  let out = `-----BEGIN ${label}-----\n`;
  for (let at = 0; at < base64.length; at += 64) out += `${base64.slice(at, at + 64)}\n`;
  return `${out}-----END ${label}-----\n`;
}

const BLOCK = /-----BEGIN ([^-\n]+)-----\r?\n([A-Za-z0-9+/=\s]*?)-----END \1-----/g;

/** All blocks of a text in their order; what stands between them does not matter, and what is no block is skipped. */
export function decodePem(text: string): PemBlock[] {
  return [...text.matchAll(BLOCK)].map(([, label, base64]) => ({
    label: label!,
    der: Uint8Array.from(Buffer.from(base64!, "base64")),
  }));
}
