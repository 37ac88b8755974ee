import { encode, fromUint8Array, type Bytes } from "../../sim/kernel/index.ts";
import { encodePem } from "../../sim/kube/pki/index.ts";
import type { Call } from "./call.ts";
import type { Command } from "./command.ts";
import { cipherNamed, encryptPkcs8 } from "./encrypted-key.ts";
import { unsupportedAlgorithm } from "./failure.ts";
import { privateKeyText, publicKeyText } from "./key-text.ts";
import { pkcs8, publicBits, spki, traditional, type PrivateKey, type PublicKey } from "./key.ts";
import { loadPrivateKey, loadPublicKey } from "./load.ts";
import { askPassphrase, passphraseFrom } from "./passphrase.ts";

export const rsa: Command = {
  name: "rsa",
  options: `General options:
 help - Shows this list
 check - Verifies that the key is consistent
 engine s Engine to use
Input options:
 in s File of the key (default: standard input)
 inform f Format of the input (DER or PEM)
 pubin - The input is a public key
 RSAPublicKey_in - The input is a public key of PKCS #1
 passin s Where the pass phrase of the key comes from
Output options:
 out > File to write to (default: standard output)
 outform f Format of the output (DER or PEM)
 pubout - Writes the public key
 RSAPublicKey_out - Writes the public key as PKCS #1
 passout s Where the pass phrase for the output comes from
 noout - Writes no key
 text - Prints the numbers of the key
 modulus - Prints the modulus
 traditional - Writes a private key as PKCS #1
 * - A cipher to encrypt the output with`,

  async run(call) {
    if (call.operands.length > 0) throw call.usage();
    const publicOnly = call.has("pubin") || call.has("RSAPublicKey_in");
    const key = publicOnly ? undefined : await loadPrivateKey(call, call.value("in"));
    const known = key?.public ?? (await loadPublicKey(call, call.value("in")));
    if (known.kind !== "rsa") throw call.failure("Not an RSA key\n");
    let out = "";
    if (call.has("text")) out += key ? privateKeyText(key) : publicKeyText(known);
    if (call.has("modulus")) out += `Modulus=${known.modulus.toString(16).toUpperCase()}\n`;
    if (call.has("check")) out += checkRsa(key) ? "RSA key ok\n" : "RSA key error: invalid private key\n";
    if (call.has("noout")) {
      await call.print(out);
      return 0;
    }
    await call.error("writing RSA key\n");
    await call.write(encode(out) + (await written(call, key, known)), undefined, key !== undefined && !isPublic(call));
    return 0;
  },
};

function isPublic(call: Call): boolean {
  return call.has("pubout") || call.has("RSAPublicKey_out");
}

async function written(call: Call, key: PrivateKey | undefined, known: PublicKey): Promise<Bytes> {
  if (!key || isPublic(call)) {
    const plain = call.has("RSAPublicKey_out");
    return blockOf(call, plain ? "RSA PUBLIC KEY" : "PUBLIC KEY", plain ? publicBits(known) : spki(known));
  }
  const old = call.has("traditional");
  return writePrivate(call, key, old, call.value("*"));
}

/** A private key in PEM or DER, in its own form (`RSA PRIVATE KEY`) or PKCS #8, perhaps encrypted. */
export async function writePrivate(
  call: Call,
  key: PrivateKey,
  old: boolean,
  cipher: string | undefined,
): Promise<Bytes> {
  if (cipher !== undefined) {
    const found = cipherNamed(cipher);
    if (found === undefined)
      throw call.failure(`${call.name}: Unknown cipher: ${cipher}\n${call.name}: Use -help for summary.\n`, [unsupportedAlgorithm(cipher)]); // prettier-ignore
    const passphrase =
      (await passphraseFrom(call, call.value("passout"))) ??
      (await askPassphrase(call, "Enter PEM pass phrase:", "Verifying - Enter PEM pass phrase:"));
    if (old)
      throw call.failure(`drydock: openssl: encrypting a key in its traditional form is not simulated\n`, [], 64);
    return blockOf(call, "ENCRYPTED PRIVATE KEY", encryptPkcs8(call.process, pkcs8(key), found, passphrase));
  }
  const own = old ? traditional(key) : undefined;
  if (own) return blockOf(call, key.kind === "rsa" ? "RSA PRIVATE KEY" : "EC PRIVATE KEY", own);
  return blockOf(call, "PRIVATE KEY", pkcs8(key));
}

export function blockOf(call: Call, label: string, der: Uint8Array): Bytes {
  return call.isDer("outform") ? fromUint8Array(der) : encodePem(label, der);
}

/** Whether the numbers belong together. */
export function checkRsa(key: PrivateKey | undefined): boolean {
  if (key?.kind !== "rsa") return false;
  const [n, e, d, p, q, dp, dq, qi] = key.numbers as [bigint, bigint, bigint, bigint, bigint, bigint, bigint, bigint];
  const holds = (modulus: bigint): boolean => (e * d) % (modulus - 1n) === 1n;
  return p * q === n && holds(p) && holds(q) && d % (p - 1n) === dp && d % (q - 1n) === dq && (qi * q) % p === 1n;
}
