import { encode } from "../../sim/kernel/index.ts";
import { encodePem, oid } from "../../sim/kube/pki/index.ts";
import { isNumber, type Call } from "./call.ts";
import type { Command } from "./command.ts";
import { CURVES, findCurve } from "./curve.ts";
import { cipherNamed } from "./encrypted-key.ts";
import { queued, unsupportedAlgorithm } from "./failure.ts";
import { privateKeyText } from "./key-text.ts";
import { traditional, type PrivateKey } from "./key.ts";
import { newEcKey, newEd25519Key, newRsaKey, progress, refuseLarge } from "./new-key.ts";
import { privateBlock } from "./pkey.ts";
import { SMALL } from "./req-key.ts";

export const genrsa: Command = {
  name: "genrsa",
  operands: "numbits",
  options: `General options:
 help - Shows this list
 engine s Engine to use
Input options:
 3 - Uses 3 as the exponent
 F4 - Uses 65537 as the exponent (default)
 f4 - The same as -F4
Output options:
 out > File to write to (default: standard output)
 passout s Where the pass phrase for the output comes from
 primes p How many primes
 verbose - Shows the search for primes
 traditional - Writes PKCS #1
 * - A cipher to encrypt the output with
Parameters:
 (numbits) Size of the key in bits (default 2048)`,

  async run(call) {
    for (const option of ["3", "primes", "engine"])
      if (call.has(option)) throw call.failure(`drydock: openssl: genrsa: '-${option}' is not simulated\n`, [], 64);
    const cipher = call.value("*");
    const [size = "2048", ...more] = call.operands;
    if (cipher !== undefined && cipherNamed(cipher) === undefined)
      throw call.failure(`genrsa: Unknown cipher: ${cipher}\n`, [unsupportedAlgorithm(cipher)]);
    if (more.length > 0) throw call.usage("Extra arguments given.\n");
    if (!isNumber(size)) throw call.failure(`genrsa: Can't parse "${size}" as a number\n`);
    const bits = Number(size);
    if (bits > 16_384)
      await call.error(`Warning: It is not recommended to use more than 16384 bit for RSA keys.\n         Your key size is ${bits}! Larger key size may behave not as expected.\n`); // prettier-ignore
    refuseLarge(call, "genrsa", bits);
    if (bits < 512) throw call.failure("Error setting RSA length\n", [SMALL]);
    // The file is opened before the key is made.
    if (call.has("out")) await call.write("", undefined, true);
    const key = await newRsaKey(call.process, bits);
    if (call.has("verbose")) await call.error(`Generating RSA private key, ${bits} bit long modulus (2 primes)\n${progress(call.process)}e is 65537 (0x010001)\n`); // prettier-ignore
    await call.write(await privateBlock(call, key), undefined, true);
    return 0;
  },
};

export const genpkey: Command = {
  name: "genpkey",
  options: `General options:
 help - Shows this list
 paramfile < File with parameters
 algorithm s Kind of key: RSA, EC, ED25519
 quiet - Does not show the search for primes
 pkeyopt s Parameter of the key: name:value
 config < Configuration file
Output options:
 out > File to write to (default: standard output)
 outform f Format of the output (DER or PEM)
 pass s Where the pass phrase for the output comes from
 genparam - Makes parameters only
 text - Prints the key
 * - A cipher to encrypt the output with`,

  async run(call) {
    const algorithm = call.value("algorithm");
    for (const option of ["paramfile", "genparam", "pass"])
      if (call.has(option)) throw call.failure(`drydock: openssl: genpkey: '-${option}' is not simulated\n`, [], 64);
    if (call.operands.length > 0 || algorithm === undefined) throw call.usage();
    const key = await generated(call, algorithm);
    const text = call.has("text") ? privateKeyText(key) : "";
    await call.write((await privateBlock(call, key)) + encode(text), undefined, true);
    return 0;
  },
};

async function generated(call: Call, algorithm: string): Promise<PrivateKey> {
  const { process } = call;
  const options = call.values("pkeyopt").map((text) => text.split(":") as [string, string?]);
  const kind = algorithm.toLowerCase();
  const known: Readonly<Record<string, readonly string[]>> = {
    rsa: ["rsa_keygen_bits", "rsa_keygen_pubexp"],
    ec: ["ec_paramgen_curve", "group", "ec_param_enc"],
    ed25519: [],
  };
  if (!known[kind]) throw call.failure(`Error initializing ${algorithm} context\n`, [unsupportedAlgorithm(algorithm)]);
  for (const [name, value] of options)
    if (!known[kind].includes(name))
      throw call.failure(`genpkey: Error setting ${name}:${value ?? ""} parameter:\n`, [
        queued("03000093", "digital envelope routines", "default_fixup_args", "command not supported", "../crypto/evp/ctrl_params_translate.c:582", `[action:2, state:4] name=${name}, value=${value ?? ""}`), // prettier-ignore
      ]);
  const option = (...names: string[]): string | undefined => options.findLast(([name]) => names.includes(name))?.[1];
  if (kind === "ed25519") return newEd25519Key(process);
  if (kind === "ec") {
    const name = option("ec_paramgen_curve", "group");
    const curve = name === undefined ? undefined : findCurve(name);
    if (curve) return newEcKey(process, curve);
    throw call.failure("genpkey: Error generating EC key\n", [
      queued(
        "0800007C",
        "elliptic curve routines",
        "ec_generate_key",
        "missing parameters",
        "../crypto/ec/ec_key.c:170",
      ),
    ]);
  }
  const bits = Number(option("rsa_keygen_bits") ?? 2048);
  if (bits < 512) throw call.failure(`genpkey: Error setting rsa_keygen_bits:${bits} parameter:\n`, [SMALL]);
  refuseLarge(call, "genpkey", bits);
  const key = await newRsaKey(process, bits);
  if (!call.has("quiet")) await call.error(progress(process));
  return key;
}

export const ecparam: Command = {
  name: "ecparam",
  options: `General options:
 help - Shows this list
 list_curves - Lists the curves
 genkey - Makes a key
 in < File with parameters
 inform f Format of the input (DER or PEM)
 out > File to write to (default: standard output)
 outform f Format of the output (DER or PEM)
 text - Prints the parameters
 noout - Writes no parameters
 param_enc s How parameters are written
 check - Verifies the parameters
 name s Name of the curve`,

  async run(call) {
    if (call.operands.length > 0) throw call.usage();
    for (const option of ["in", "inform", "param_enc", "check"])
      if (call.has(option)) throw call.failure(`drydock: openssl: ecparam: '-${option}' is not simulated\n`, [], 64);
    if (call.has("list_curves")) {
      const width = 10;
      await call.print(CURVES.map(({ name, bits }) => `  ${name.padEnd(width)}: ${bits} bit prime curve\n`).join(""));
      return 0;
    }
    const name = call.value("name");
    if (name === undefined) throw call.usage();
    const curve = findCurve(name);
    if (!curve)
      throw call.failure(call.has("genkey") ? "unable to generate key\n" : "invalid curve name\n", [
        queued(
          "0800008D",
          "elliptic curve routines",
          "group_new_from_name",
          "invalid curve",
          "../crypto/ec/ec_lib.c:1490",
        ),
      ]);
    let out = "";
    if (call.has("text"))
      out += `ASN1 OID: ${curve.name}\n${curve.nist === undefined ? "" : `NIST CURVE: ${curve.nist}\n`}`;
    if (!call.has("noout")) out += encodePem("EC PARAMETERS", oid(curve.dotted));
    if (call.has("genkey")) out += encodePem("EC PRIVATE KEY", traditional(newEcKey(call.process, curve))!);
    await call.write(encode(out), undefined, call.has("genkey"));
    return 0;
  },
};
