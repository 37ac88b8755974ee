import { bitsOf, type PrivateKey, type PublicKey } from "./key.ts";

/** Bytes as lower-case hex with colons, so many in a line (BN and ASN1_buf_print). */
export function hexLines(bytes: Uint8Array, indent: number, perLine: number): string {
  let out = "";
  for (let at = 0; at < bytes.length; at += perLine) {
    const last = at + perLine >= bytes.length;
    const line = Array.from(bytes.subarray(at, at + perLine), (byte) => byte.toString(16).padStart(2, "0")).join(":");
    out += `${" ".repeat(indent)}${line}${last ? "" : ":"}\n`;
  }
  return out;
}

/** A labelled number: short ones in decimal and hexadecimal, long ones as bytes with a sign's zero in front. */
function numberText(label: string, value: bigint, indent: number): string {
  const space = " ".repeat(indent);
  if (value < 1n << 64n) return `${space}${label} ${String(value)} (0x${value.toString(16)})\n`;
  const hex = value.toString(16);
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, "hex");
  const signed = bytes[0]! >= 0x80 ? Buffer.concat([Buffer.of(0), bytes]) : bytes;
  return `${space}${label}\n${hexLines(signed, indent + 4, 15)}`;
}

export function publicKeyText(key: PublicKey, indent = 0): string {
  const space = " ".repeat(indent);
  if (key.kind === "ed25519")
    return `${space}ED25519 Public-Key:\n${space}pub:\n${hexLines(key.bytes, indent + 4, 15)}`;
  const head = `${space}Public-Key: (${bitsOf(key)} bit)\n`;
  if (key.kind === "rsa")
    return head + numberText("Modulus:", key.modulus, indent) + numberText("Exponent:", key.exponent, indent);
  return `${head}${space}pub:\n${hexLines(key.point, indent + 4, 15)}${curveText(key, space)}`;
}

const RSA_LABELS = ["modulus:", "publicExponent:", "privateExponent:", "prime1:", "prime2:", "exponent1:", "exponent2:", "coefficient:"]; // prettier-ignore

export function privateKeyText(key: PrivateKey): string {
  if (key.kind === "rsa") {
    const numbers = key.numbers.map((number, at) => numberText(RSA_LABELS[at]!, number, 0)).join("");
    return `Private-Key: (${bitsOf(key.public)} bit, 2 primes)\n${numbers}`;
  }
  if (key.kind === "ed25519")
    return `ED25519 Private-Key:\npriv:\n${hexLines(key.seed, 4, 15)}pub:\n${hexLines(key.public.bytes, 4, 15)}`;
  const { curve, point } = key.public;
  const secret = Buffer.from(key.scalar.toString(16).padStart(curve.bytes * 2, "0"), "hex");
  return `Private-Key: (${curve.bits} bit)\npriv:\n${hexLines(secret, 4, 15)}pub:\n${hexLines(point, 4, 15)}${curveText(key.public, "")}`;
}

function curveText({ curve }: PublicKey & { kind: "ec" }, space: string): string {
  return `${space}ASN1 OID: ${curve.name}\n${curve.nist === undefined ? "" : `${space}NIST CURVE: ${curve.nist}\n`}`;
}
