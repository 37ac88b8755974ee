import { createHash } from "node:crypto";

/** 32 bytes that follow from the seed and what they are for. Nothing else shifts them, whatever is made before. */
export function seededBytes(seed: number, purpose: string): Uint8Array {
  return createHash("sha256")
    .update(`${String(seed)}/${purpose}`)
    .digest();
}

/** A positive serial number of up to 63 bits, as kubeadm and the kubelet draw them. */
export function serialNumber(seed: number, purpose: string): bigint {
  return (new DataView(Uint8Array.from(seededBytes(seed, `serial/${purpose}`)).buffer).getBigUint64(0) >> 1n) + 1n;
}

/** A positive serial number of up to 128 bits, as the signer of the controller manager draws them. */
export function longSerialNumber(seed: number, purpose: string): bigint {
  return BigInt(`0x${Buffer.from(seededBytes(seed, `serial/${purpose}`)).toString("hex", 0, 16)}`) + 1n;
}

/** `length` characters of a bootstrap token: digits and small letters. */
export function tokenText(seed: number, purpose: string, length: number): string {
  const bytes = seededBytes(seed, `token/${purpose}`);
  return Array.from({ length }, (_, at) => "0123456789abcdefghijklmnopqrstuvwxyz"[bytes[at]! % 36]!).join("");
}
