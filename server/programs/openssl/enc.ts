import { createCipheriv, createDecipheriv, pbkdf2 as pbkdf2Aside } from "node:crypto";
import { promisify } from "node:util";
import { fromUint8Array, toUint8Array, type Bytes } from "../../sim/kernel/index.ts";
import type { Call } from "./call.ts";
import type { Command } from "./command.ts";
import { findDigest } from "./digest.ts";
import { bytesToKey, CIPHERS, cipherNamed } from "./encrypted-key.ts";
import { queued, unsupportedAlgorithm } from "./failure.ts";
import { randomBytes } from "./new-key.ts";
import { askPassphrase, passphraseFrom } from "./passphrase.ts";

export const enc: Command = {
  name: "enc",
  options: `General options:
 help - Shows this list
 list - Lists ciphers
 ciphers - The same as -list
 e - Encrypts
 d - Decrypts
 p - Prints the vector and the key
 P - Prints the vector and the key, and ends
 engine s Engine to use
Input options:
 in < File to read (default: standard input)
 k s Pass phrase
 kfile < File with the pass phrase
Output options:
 out > File to write to (default: standard output)
 pass s Where the pass phrase comes from
 v - Says more
 a - Works with base64
 base64 - The same as -a
 A - With -a: no new lines
Encryption options:
 nopad - Adds no padding
 salt - Uses a salt (default)
 nosalt - Uses no salt
 debug - Says how it works
 bufsize s Size of the buffer
 K s Key, in hexadecimal digits
 S s Salt, in hexadecimal digits
 iv s Vector, in hexadecimal digits
 md s Digest that makes a key of the pass phrase
 iter p Rounds of the derivation
 pbkdf2 - Derives the key with PBKDF2
 none - Does not encrypt
 * - The cipher`,

  async run(call) {
    for (const option of ["list", "ciphers", "p", "P", "engine", "kfile", "nopad", "debug"])
      if (call.has(option)) throw call.failure(`drydock: openssl: enc: '-${option}' is not simulated\n`, [], 64);
    if (call.operands.length > 0) throw call.usage();
    const given = call.value("*") ?? (call.name === "enc" || call.name === "base64" ? undefined : call.name);
    const cipher = given === undefined ? undefined : cipherNamed(given);
    if (given !== undefined && cipher === undefined)
      throw call.failure(`${call.name}: Unknown cipher: ${given}\n${call.name}: Use -help for summary.\n`, [
        unsupportedAlgorithm(given),
      ]);
    const encodes = call.name === "base64" || call.has("a") || call.has("base64");
    const sealing = cipher === undefined ? undefined : await sealingOf(call, cipher);
    let data = await call.mustRead(
      call.value("in"),
      "",
      1,
      call.has("d") && encodes ? "r" : call.has("d") ? "rb" : "rb",
    );
    if (call.has("d")) {
      if (encodes) data = fromBase64(data, call.has("A"));
      await call.write(sealing ? await unseal(call, sealing, data) : data);
      return 0;
    }
    if (sealing) data = await seal(call, sealing, data);
    const bytes = toUint8Array(data);
    await call.write(encodes ? (call.has("A") ? Buffer.from(bytes).toString("base64") : base64Lines(bytes)) : data);
    return 0;
  },
};

/** Lines of 64 letters. */
export function base64Lines(bytes: Uint8Array): string {
  return Buffer.from(bytes)
    .toString("base64")
    .replace(/.{1,64}/g, "$&\n");
}

/** Lines must end with a newline and be no longer than 76 letters, unless all is one line (`-A`). */
function fromBase64(data: Bytes, single: boolean): Bytes {
  const lines = single ? [data.replace(/\s+$/, "")] : data.split("\n").slice(0, -1);
  let letters = "";
  for (const line of lines) {
    const bare = line.trim();
    if ((!single && bare.length > 1024) || !/^[A-Za-z0-9+/]*={0,2}$/.test(bare)) break;
    letters += bare;
  }
  return fromUint8Array(Buffer.from(letters, "base64"));
}

interface Sealing {
  readonly cipher: string;
  readonly passphrase: string | undefined;
  readonly key: Uint8Array | undefined;
  readonly iv: Uint8Array | undefined;
}

async function sealingOf(call: Call, cipher: string): Promise<Sealing> {
  const { key: keySize, iv: ivSize } = CIPHERS[cipher]!;
  const hex = async (option: string, size: number): Promise<Uint8Array | undefined> => {
    const text = call.value(option);
    if (text === undefined) return undefined;
    if (!/^[0-9a-fA-F]*$/.test(text)) throw call.failure(`non-hex digit\ninvalid hex ${option === "K" ? "key" : option} value\n`); // prettier-ignore
    if (text.length < size * 2) await call.error("hex string is too short, padding with zero bytes to length\n");
    return Buffer.from(text.padEnd(size * 2, "0").slice(0, size * 2), "hex");
  };
  const key = await hex("K", keySize);
  const iv = await hex("iv", ivSize);
  let passphrase = call.value("k") ?? (await passphraseFrom(call, call.value("pass")));
  if (key && !iv && passphrase === undefined) throw call.failure("iv undefined\n");
  if (!key && passphrase === undefined) {
    const question = `enter ${cipher.toUpperCase()} ${call.has("d") ? "decryption" : "encryption"} password:`;
    passphrase = await askPassphrase(call, question, call.has("d") ? undefined : `Verifying - ${question}`);
  }
  if (passphrase !== undefined && !key && !call.has("pbkdf2") && !call.has("iter"))
    await call.error("*** WARNING : deprecated key derivation used.\nUsing -iter or -pbkdf2 would be better.\n");
  return { cipher, passphrase, key, iv };
}

/** About a second, in which the whole world waits. */
const MOST_ROUNDS = 1_000_000;
const pbkdf2 = promisify(pbkdf2Aside);

async function derive(
  call: Call,
  { cipher, passphrase, key, iv }: Sealing,
  salt: Uint8Array,
): Promise<{ key: Uint8Array; iv: Uint8Array }> {
  const { key: keySize, iv: ivSize } = CIPHERS[cipher]!;
  if (passphrase === undefined || key) return { key: key!, iv: iv! };
  const digest = findDigest(call.value("md") ?? "sha256");
  if (!digest) throw call.failure(`enc: Unknown option or message digest: ${call.value("md")!}\n`);
  const rounds = call.number("iter") ?? 10_000;
  if (rounds > MOST_ROUNDS)
    throw call.failure(`drydock: openssl: enc: more than ${MOST_ROUNDS} rounds are not simulated\n`, [], 64);
  const both =
    call.has("pbkdf2") || call.has("iter")
      ? await call.process.kernel.busy(pbkdf2(passphrase, salt, rounds, keySize + ivSize, digest.hash))
      : bytesToKey(digest.hash, passphrase, salt, keySize + ivSize);
  return { key: both.subarray(0, keySize), iv: iv ?? both.subarray(keySize) };
}

const MAGIC = "Salted__";

async function seal(call: Call, sealing: Sealing, data: Bytes): Promise<Bytes> {
  const given = call.value("S");
  const salted = sealing.passphrase !== undefined && !sealing.key && !call.has("nosalt");
  const salt = !salted
    ? new Uint8Array()
    : given === undefined
      ? randomBytes(call.process, 8)
      : Buffer.from(given.padEnd(16, "0").slice(0, 16), "hex");
  const { key, iv } = await derive(call, sealing, salt);
  const encryptor = createCipheriv(sealing.cipher, key, iv);
  const out = Buffer.concat([encryptor.update(toUint8Array(data)), encryptor.final()]);
  return (salted && given === undefined ? MAGIC + fromUint8Array(salt) : "") + fromUint8Array(out);
}

async function unseal(call: Call, sealing: Sealing, data: Bytes): Promise<Bytes> {
  let salt: Uint8Array = new Uint8Array();
  let rest = data;
  if (sealing.passphrase !== undefined && !sealing.key && !call.has("nosalt")) {
    const given = call.value("S");
    if (given !== undefined) salt = Buffer.from(given.padEnd(16, "0").slice(0, 16), "hex");
    else if (data.startsWith(MAGIC)) {
      salt = toUint8Array(data.slice(8, 16));
      rest = data.slice(16);
    } else throw call.failure(data.length < 16 ? "error reading input file\n" : "bad magic number\n");
  }
  const { key, iv } = await derive(call, sealing, salt);
  try {
    const decryptor = createDecipheriv(sealing.cipher, key, iv);
    return fromUint8Array(Buffer.concat([decryptor.update(toUint8Array(rest)), decryptor.final()]));
  } catch {
    // The padding is wrong: another key, or bytes that are missing.
    throw call.failure("bad decrypt\n", [
      queued("1C800064", "Provider routines", "ossl_cipher_unpadblock", "bad decrypt", "../providers/implementations/ciphers/ciphercommon_block.c:124"),
    ]); // prettier-ignore
  }
}
