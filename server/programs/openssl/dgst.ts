import { createHash, createHmac } from "node:crypto";
import { Errno, errnoNumber } from "../../sim/host/index.ts";
import { fromUint8Array, toUint8Array, type Bytes } from "../../sim/kernel/index.ts";
import type { Call } from "./call.ts";
import type { Command } from "./command.ts";
import { findDigest } from "./digest.ts";
import { queued, unsupportedAlgorithm } from "./failure.ts";
import { signWith, spki, verifyWith } from "./key.ts";
import { loadPrivateKey, loadPublicKey } from "./load.ts";

export const dgst: Command = {
  name: "dgst",
  operands: "[file...]",
  options: `General options:
 help - Shows this list
 list - Lists digests
 engine s Engine to use
 passin s Where the pass phrase of the key comes from
Output options:
 c - Writes colons between bytes
 r - Writes as the coreutils do
 out > File to write to (default: standard output)
 keyform F Format of the key
 hex - Writes hexadecimal digits
 binary - Writes bytes
 xoflen p Length of the output
 d - Says how it works
 debug - The same as -d
Signing options:
 sign s Signs the digest with this private key
 verify s Verifies a signature with this public key
 prverify s Verifies a signature with this private key
 sigopt s Parameter for the signature
 signature < File of the signature
 hmac s Makes a hashed MAC with this key
 mac s Makes another MAC
 macopt s Parameter of the MAC
 * - The digest
 fips-fingerprint - Makes a fingerprint with the key of FIPS
Parameters:
 (file) Files to digest (default: standard input)`,

  async run(call) {
    for (const option of ["list", "engine", "xoflen", "d", "debug", "sigopt", "mac", "macopt", "fips-fingerprint"])
      if (call.has(option)) throw call.failure(`drydock: openssl: dgst: '-${option}' is not simulated\n`, [], 64);
    const given = call.value("*") ?? (call.name === "dgst" ? undefined : call.name);
    const digest = findDigest(given ?? "sha256");
    if (!digest)
      throw call.failure(
        `${call.name}: Unknown option or message digest: ${given!}\n${call.name}: Use -help for summary.\n`,
        [unsupportedAlgorithm(given!)],
      );
    // The default is OpenSSL's own method, whose name is the old one.
    const shown = given === undefined ? "SHA256" : digest.shown;
    if (call.has("sign") || call.has("verify") || call.has("prverify")) return signature(call, digest.hash);
    let code = 0;
    let out: Bytes = "";
    const hmac = call.value("hmac");
    for (const path of call.operands.length > 0 ? call.operands : [undefined]) {
      const data = await call.read(path);
      if (data instanceof Errno) {
        await call.error(unreadable(call, path!, data));
        code = 1;
        continue;
      }
      const hash = (hmac === undefined ? createHash(digest.hash) : createHmac(digest.hash, hmac))
        .update(toUint8Array(data))
        .digest();
      out += call.has("binary")
        ? fromUint8Array(hash)
        : line(call, hash, path, hmac === undefined ? shown : `HMAC-${shown}`);
    }
    if (out !== "" || code === 0) await call.write(out);
    return code;
  },
};

function line(call: Call, hash: Buffer, path: string | undefined, shown: string): string {
  const hex = call.has("c") ? hash.toString("hex").replace(/..(?=.)/g, "$&:") : hash.toString("hex");
  if (call.has("r")) return `${hash.toString("hex")} *${path ?? "stdin"}\n`;
  return `${shown}(${path ?? "stdin"})= ${hex}\n`;
}

function unreadable(call: Call, path: string, errno: Errno): string {
  const number = (0x80000000 + errnoNumber(errno.code)).toString(16).toUpperCase();
  return `${path}: ${errno.message}\n${call.lines([
    queued(
      number,
      "system library",
      "file_ctrl",
      errno.message,
      "../crypto/bio/bss_file.c:297",
      `calling fopen(${path}, r)`,
    ),
    queued("10080002", "BIO routines", "file_ctrl", "system lib", "../crypto/bio/bss_file.c:300"),
  ])}`;
}

async function signature(call: Call, hash: string): Promise<number> {
  const signs = call.value("sign");
  const verifies = call.value("verify");
  if (call.operands.length > 1) throw call.failure("Can only sign or verify one file.\n");
  const key = signs === undefined && call.value("prverify") === undefined ? undefined : await loadPrivateKey(call, signs ?? call.value("prverify")); // prettier-ignore
  const known = key?.public ?? (await loadPublicKey(call, verifies));
  const data = toUint8Array(await call.mustRead(call.operands[0]));
  if (signs !== undefined) {
    const made = signWith(key!, hash, data);
    await call.write(call.has("hex") ? `${Buffer.from(made).toString("hex")}\n` : fromUint8Array(made));
    return 0;
  }
  const file = call.value("signature");
  if (file === undefined) throw call.failure("No signature to verify: use the -signature option\n");
  const given = toUint8Array(await call.mustRead(file, "", 1, "rb"));
  if (given.length === 0) throw call.failure(`Error reading signature file ${file}\n`);
  const right = verifyWith(spki(known), known.kind === "ed25519" ? null : hash, data, given);
  await call.write(right ? "Verified OK\n" : "Verification failure\n");
  if (!right && known.kind === "rsa")
    await call.error(
      call.lines([
        queued("02000068", "rsa routines", "ossl_rsa_verify", "bad signature", "../crypto/rsa/rsa_sign.c:429"),
        queued(
          "1C880004",
          "Provider routines",
          "rsa_verify",
          "RSA lib",
          "../providers/implementations/signature/rsa_sig.c:769",
        ),
      ]),
    );
  return right ? 0 : 1;
}
