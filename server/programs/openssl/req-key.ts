import { DerReader, encodePem } from "../../sim/kube/pki/index.ts";
import type { Call } from "./call.ts";
import { findCurve } from "./curve.ts";
import { encryptPkcs8 } from "./encrypted-key.ts";
import { Failure, queued, unsupportedAlgorithm } from "./failure.ts";
import { pkcs8, type PrivateKey } from "./key.ts";
import { newEcKey, newEd25519Key, newRsaKey, progress, refuseLarge } from "./new-key.ts";
import { askPassphrase, passphraseFrom } from "./passphrase.ts";
import type { Settings } from "./req.ts";

/** A key for a new request, by `-newkey` or the configuration; it is written to `-keyout`. */
export async function newRequestKey(call: Call, { config, section }: Settings): Promise<PrivateKey> {
  const key = await generate(call, call.value("newkey") ?? "rsa", Number(config.get(section, "default_bits") ?? 2048));
  const plain =
    call.has("nodes") || call.has("noenc") || (config.get(section, "encrypt_key") ?? config.get(section, "encrypt_rsa_key")) === "no"; // prettier-ignore
  const path = call.value("keyout") ?? config.get(section, "default_keyfile");
  if (plain) {
    await call.write(encodePem("PRIVATE KEY", pkcs8(key)), path, true);
  } else {
    const passphrase =
      (await passphraseFrom(call, call.value("passout"))) ??
      (await askPassphrase(call, "Enter PEM pass phrase:", "Verifying - Enter PEM pass phrase:"));
    const sealed = encryptPkcs8(call.process, pkcs8(key), "aes-256-cbc", passphrase);
    await call.write(encodePem("ENCRYPTED PRIVATE KEY", sealed), path, true);
  }
  await call.error("-----\n");
  return key;
}

async function generate(call: Call, spec: string, defaultBits: number): Promise<PrivateKey> {
  const { process } = call;
  const [kind, size] = spec.split(":") as [string, string?];
  const options = new Map(call.values("pkeyopt").map((text) => text.split(":") as [string, string]));
  if (/^rsa(?:-pss)?$/i.test(kind) || /^\d+$/.test(spec)) {
    const text = /^\d+$/.test(spec) ? spec : (options.get("rsa_keygen_bits") ?? size ?? String(defaultBits));
    if (!/^\d+$/.test(text)) await call.mustRead(text).catch(failParameters(text));
    const bits = Number(text);
    if (bits < 512) throw call.failure("Error setting keysize\n", [SMALL]);
    refuseLarge(call, "req", bits);
    const key = await newRsaKey(process, bits);
    await call.error(progress(process));
    return key;
  }
  if (/^ed25519$/i.test(kind)) return newEd25519Key(process);
  if (/^ec$/i.test(kind)) {
    const curve = findCurve(options.get("ec_paramgen_curve") ?? "");
    if (curve) return newEcKey(process, curve);
    if (size !== undefined) {
      const named = /BEGIN EC PARAMETERS-----\s+([A-Za-z0-9+/=]+)/.exec(
        await call.mustRead(size).catch(failParameters(size)),
      );
      const found = named && findCurve(curveNumber(Buffer.from(named[1]!, "base64")));
      if (found) return newEcKey(process, found);
    }
    throw call.failure("Error generating key\n", [
      queued("08000080", "elliptic curve routines", "ossl_ec_key_simple_generate_key", "missing parameters", "../crypto/ec/ec_key.c:170"), // prettier-ignore
    ]);
  }
  throw call.failure("Error allocating keygen context\n", [unsupportedAlgorithm(kind)]);
}

export const SMALL = queued(
  "1C8000AB", "Provider routines", "rsa_gen_set_params", "key size too small", "../providers/implementations/keymgmt/rsa_kmgmt.c:509",
); // prettier-ignore

function failParameters(path: string): (error: unknown) => never {
  return (error) => {
    if (error instanceof Failure) throw new Failure(error.text.replace(/^Can't open .*\n/, `Cannot open parameter file ${path}\n`)); // prettier-ignore
    throw error;
  };
}

function curveNumber(der: Uint8Array): string {
  return new DerReader(der).oid() ?? "";
}
