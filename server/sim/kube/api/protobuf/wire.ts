import type { Bytes } from "../../../kernel/index.ts";

/** One field of a message as it comes over the wire: a varint, eight or four bytes, or a piece of so many bytes. */
export interface WireField {
  readonly number: number;
  readonly value: bigint | Bytes;
}

/** A message that is cut off or whose fields have no known form; in the words of gogo/protobuf. */
export class WireError extends Error {}

const EOF = "unexpected EOF";

/** The fields of a message, in their order (protobuf.dev/programming-guides/encoding). */
export function fieldsOf(message: Bytes): WireField[] {
  const fields: WireField[] = [];
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      if (shift >= 64n) throw new WireError("proto: integer overflow");
      if (at >= message.length) throw new WireError(EOF);
      const byte = message.charCodeAt(at++);
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
  };
  const piece = (length: number): Bytes => {
    if (at + length > message.length) throw new WireError(EOF);
    at += length;
    return message.slice(at - length, at);
  };
  while (at < message.length) {
    const tag = Number(varint());
    const number = tag >>> 3;
    if (number === 0) throw new WireError(`proto: illegal tag ${number} (wire type ${tag & 7})`);
    switch (tag & 7) {
      case 0:
        fields.push({ number, value: varint() });
        break;
      case 1:
        fields.push({ number, value: piece(8) });
        break;
      case 2:
        fields.push({ number, value: piece(Number(varint())) });
        break;
      case 5:
        fields.push({ number, value: piece(4) });
        break;
      default:
        throw new WireError(`proto: illegal wireType ${tag & 7}`);
    }
  }
  return fields;
}

/** The last field of that number, which is the one that counts. */
export function lastOf(fields: readonly WireField[], number: number): WireField["value"] | undefined {
  return fields.findLast((field) => field.number === number)?.value;
}

export function textOf(fields: readonly WireField[], number: number): Bytes {
  const value = lastOf(fields, number);
  return typeof value === "string" ? value : "";
}

/** A signed integer of at most 64 bits; zero if it was not given. */
export function numberOf(fields: readonly WireField[], number: number): number {
  const value = lastOf(fields, number);
  return typeof value === "bigint" ? Number(BigInt.asIntN(64, value)) : 0;
}
