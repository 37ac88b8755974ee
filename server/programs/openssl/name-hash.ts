import { createHash } from "node:crypto";
import { DerReader, oid, readText, sequence, setOf, TAG, tagged } from "../../sim/kube/pki/index.ts";

const TEXTS: ReadonlySet<number> = new Set([
  TAG.utf8String,
  TAG.printableString,
  TAG.ia5String,
  0x14,
  0x1a,
  0x1c,
  0x1e,
]);

/** X509_NAME_hash_ex: how files of a CApath are named. Over the name in lower case, without needless white space. */
export function nameHash(rawName: Uint8Array): string {
  return littleEndian(createHash("sha1").update(canonical(rawName)).digest());
}

/** The hash of OpenSSL before 1.0: MD5 over the name as it stands. */
export function oldNameHash(rawName: Uint8Array): string {
  return littleEndian(createHash("md5").update(rawName).digest());
}

function littleEndian(digest: Buffer): string {
  return digest.readUInt32LE(0).toString(16).padStart(8, "0");
}

/** x509_name_canon (crypto/x509/x_name.c): without the outer sequence's head. */
function canonical(rawName: Uint8Array): Uint8Array {
  const name = new DerReader(rawName).enter();
  const sets: Uint8Array[] = [];
  while (name && !name.atEnd) {
    const relative = name.enter(TAG.set);
    const entries: Uint8Array[] = [];
    while (relative && !relative.atEnd) {
      const pair = relative.enter();
      const type = pair?.oid();
      const value = pair?.next();
      if (type === undefined || !value) break;
      const text = readText(value)
        .trim()
        .replace(/\s+/g, " ")
        .replace(/[A-Z]/g, (letter) => letter.toLowerCase());
      entries.push(
        sequence(oid(type), TEXTS.has(value.tag) ? tagged(TAG.utf8String, Buffer.from(text, "utf8")) : value.raw),
      );
    }
    sets.push(setOf(...entries));
  }
  return Buffer.concat(sets);
}
