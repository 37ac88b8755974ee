import { encode, type Bytes } from "../../sim/kernel/index.ts";
import type { Call } from "./call.ts";
import type { Command } from "./command.ts";
import { pointOn } from "./curve.ts";
import { privateKeyText, publicKeyText } from "./key-text.ts";
import { spki, type PrivateKey } from "./key.ts";
import { loadPrivateKey, loadPublicKey } from "./load.ts";
import { blockOf, checkRsa, writePrivate } from "./rsa.ts";

const SHARED = ` inform f Format of the input (DER or PEM)
 passin s Where the pass phrase of the key comes from
 pubin - The input is a public key
 out > File to write to (default: standard output)
 outform f Format of the output (DER or PEM)
 pubout - Writes the public key
 passout s Where the pass phrase for the output comes from
 noout - Writes no key
 text - Prints the key`;

export const pkey: Command = {
  name: "pkey",
  options: `General options:
 help - Shows this list
 check - Verifies that the key is consistent
 pubcheck - Verifies the public key
 in s File of the key (default: standard input)
${SHARED}
 text_pub - Prints the public key
 traditional - Writes a private key in its own form
 * - A cipher to encrypt the output with`,

  async run(call) {
    if (call.operands.length > 0) throw call.usage();
    const key = call.has("pubin") ? undefined : await loadPrivateKey(call, call.value("in"), { what: "key" });
    const known = key?.public ?? (await loadPublicKey(call, call.value("in"), "Public Key"));
    let out = "";
    if (call.has("check") || call.has("pubcheck")) {
      const valid = !key || isConsistent(key);
      out += valid ? "Key is valid\n" : "Key is invalid\nDetailed error: \n";
    }
    let data: Bytes = "";
    if (!call.has("noout"))
      data =
        !key || call.has("pubout")
          ? blockOf(call, "PUBLIC KEY", spki(known))
          : await writePrivate(call, key, call.has("traditional"), call.value("*"));
    const text =
      call.has("text_pub") || (call.has("text") && !key)
        ? publicKeyText(known)
        : call.has("text") && key
          ? privateKeyText(key)
          : "";
    await call.write(encode(out) + data + encode(text), undefined, key !== undefined && !call.has("pubout"));
    return 0;
  },
};

export const ec: Command = {
  name: "ec",
  options: `General options:
 help - Shows this list
 in s File of the key (default: standard input)
${SHARED}
 check - Verifies that the key is consistent
 param_out - Writes the parameters
 param_enc s How parameters are written
 conv_form s How points are written
 no_public - Leaves the public key out
 * - A cipher to encrypt the output with`,

  async run(call) {
    if (call.operands.length > 0) throw call.usage();
    for (const option of ["param_out", "param_enc", "conv_form", "no_public"])
      if (call.has(option)) throw call.failure(`drydock: openssl: ec: '-${option}' is not simulated\n`, [], 64);
    await call.error("read EC key\n");
    const key = call.has("pubin")
      ? undefined
      : await loadPrivateKey(call, call.value("in"), { after: "unable to load Key\n" });
    const known = key?.public ?? (await loadPublicKey(call, call.value("in")));
    const out = call.has("text") ? (key ? privateKeyText(key) : publicKeyText(known)) : "";
    if (call.has("check")) await call.error(!key || isConsistent(key) ? "EC Key valid.\n" : "EC Key Invalid!\n");
    if (call.has("noout")) {
      await call.print(out);
      return 0;
    }
    await call.error("writing EC key\n");
    const data =
      !key || call.has("pubout")
        ? blockOf(call, "PUBLIC KEY", spki(known))
        : await writePrivate(call, key, call.value("*") === undefined, call.value("*"));
    await call.write(encode(out) + data, undefined, key !== undefined && !call.has("pubout"));
    return 0;
  },
};

export const pkcs8: Command = {
  name: "pkcs8",
  options: `General options:
 help - Shows this list
 in < File of the key (default: standard input)
 inform f Format of the input (DER or PEM)
 out > File to write to (default: standard output)
 outform f Format of the output (DER or PEM)
 topk8 - Writes PKCS #8
 passin s Where the pass phrase of the key comes from
 passout s Where the pass phrase for the output comes from
 traditional - Writes a key in its own form
 nocrypt - Encrypts nothing
 v2 s Cipher of PKCS #5 version 2
 v1 s Algorithm of PKCS #5 version 1
 iter p Rounds of the derivation
 noiter - One round`,

  async run(call) {
    if (call.operands.length > 0) throw call.usage();
    for (const option of ["v1", "iter", "noiter"])
      if (call.has(option)) throw call.failure(`drydock: openssl: pkcs8: '-${option}' is not simulated\n`, [], 64);
    const key = await loadPrivateKey(call, call.value("in"), { what: "key" });
    const cipher = call.has("topk8") && !call.has("nocrypt") ? (call.value("v2") ?? "aes-256-cbc") : undefined;
    const old = !call.has("topk8") && call.has("traditional");
    await call.write(await writePrivate(call, key, old, cipher), undefined, true);
    return 0;
  },
};

export function isConsistent(key: PrivateKey): boolean {
  if (key.kind === "rsa") return checkRsa(key);
  return key.kind === "ed25519" || Buffer.compare(pointOn(key.public.curve, key.scalar), key.public.point) === 0;
}

export function privateBlock(call: Call, key: PrivateKey): Promise<Bytes> {
  return writePrivate(call, key, call.has("traditional"), call.value("*"));
}
