import { isAddress } from "../../sim/net/index.ts";
import { SECOND, type Time } from "../../sim/kernel/index.ts";
import type { Certificate } from "../../sim/kube/pki/index.ts";
import type { Call } from "./call.ts";
import { checkChain, VERIFY_WORDS, type Trust } from "./chain.ts";
import type { Command } from "./command.ts";
import { Failure, queued, type QueuedError } from "./failure.ts";
import { certificatesIn, loadCertificate } from "./load.ts";
import { nameOptions, nameText, type NameOptions } from "./name-text.ts";
import { PURPOSES } from "./purpose.ts";
import { NOT_SIMULATED, trustedCertificates, VERIFY_OPTIONS } from "./trust-store.ts";

export const verify: Command = {
  name: "verify",
  operands: "[cert...]",
  options: `General options:
 help - Shows this list
 verbose - Says more
 nameopt s How names are printed
Certificate chain options:
 trusted < File of trusted certificates, instead of all others
 untrusted < File of certificates that may stand between
 show_chain - Prints the chain
Validation options:
${VERIFY_OPTIONS}
Parameters:
 (cert) Files of certificates to verify (default: standard input)`,

  async run(call) {
    for (const option of NOT_SIMULATED)
      if (call.has(option)) throw call.failure(`drydock: openssl: verify: '-${option}' is not simulated\n`, [], 64);
    const names = nameOptions(call);
    if (!names) throw call.usage();
    const conditions = verifyConditions(call);
    const listed = call.values("trusted");
    if (listed.length > 0 && (call.has("CAfile") || call.has("CApath")))
      throw call.failure("verify: Cannot use -trusted with -CAfile, -CApath or -CAstore\n");
    const roots = listed.length > 0 ? await all(call, listed, "trusted certificates") : await trustedCertificates(call);
    const untrusted = await all(call, call.values("untrusted"), "untrusted certificates");
    const trust: Trust = { ...conditions, roots, untrusted };
    let code = 0;
    for (const path of call.operands.length > 0 ? call.operands : [undefined])
      if (!(await verified(call, path, trust, names))) code = 2;
    return code;
  },
};

/** What options say of the verification itself. */
export function verifyConditions(call: Call): Omit<Trust, "roots" | "untrusted"> {
  const purpose = call.value("purpose");
  const found = PURPOSES.find(({ short }) => short === purpose);
  if (purpose !== undefined && !found) throw call.failure(`${call.name}: Invalid purpose ${purpose}\n`);
  const address = call.value("verify_ip");
  if (address !== undefined && !isAddress(address)) throw call.usage();
  const host = call.value("verify_hostname");
  const email = call.value("verify_email");
  const at = call.number("attime");
  const now: Time | undefined = call.has("no_check_time")
    ? undefined
    : at === undefined
      ? call.process.now
      : at * SECOND;
  return {
    now,
    ...(found ? { purpose: found.short } : {}),
    ...(call.has("partial_chain") ? { partial: true } : {}),
    ...(host === undefined ? {} : { host }),
    ...(email === undefined ? {} : { email }),
    ...(address === undefined ? {} : { address }),
  };
}

async function all(call: Call, paths: readonly string[], what: string): Promise<Certificate[]> {
  const found: Certificate[] = [];
  for (const path of paths) {
    await loadCertificate(call, path, what);
    const text = await call.read(path);
    if (typeof text === "string") found.push(...certificatesIn(text));
  }
  return found;
}

async function verified(call: Call, path: string | undefined, trust: Trust, names: NameOptions): Promise<boolean> {
  let certificate: Certificate;
  try {
    certificate = await loadCertificate(call, path, "certificate file");
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    await call.error(error.text);
    return false;
  }
  const { chain, untrusted, events } = checkChain(certificate, trust);
  const errors = events.filter(({ code }) => code !== 0);
  const shown = path ?? "stdin";
  // The callback of apps/verify.c goes on after what it finds tolerable, but the first error decides.
  const lines: string[] = [];
  for (const { code, depth, certificate: wrong } of errors) {
    lines.push(`${nameText(wrong.subject, names)}\nerror ${code} at ${depth} depth lookup: ${VERIFY_WORDS[code]!}\n`);
    if (!TOLERATED.has(code)) break;
  }
  if (errors.length > 0) {
    await call.error(`${lines.join("")}error ${shown}: verification failed\n`);
    const last = errors[lines.length - 1]!;
    const issuer = chain[last.depth + 1];
    if (last.code === 7 && issuer) await call.error(call.lines(signatureErrors(last.certificate, issuer)));
    return false;
  }
  await call.print(`${shown}: OK\n`);
  if (call.has("show_chain"))
    await call.print(
      `Chain:\n${chain.map((one, depth) => `depth=${depth}: ${nameText(one.subject, names)}${depth < untrusted ? " (untrusted)" : ""}\n`).join("")}`,
    );
  return true;
}

/** What a wrong RSA signature leaves in the queue. */
function signatureErrors({ signature }: Certificate, { publicKey }: Certificate): QueuedError[] {
  if (publicKey.kind !== "rsa") return [queued("06880006", "asn1 encoding routines", "ASN1_item_verify_ctx", "EVP lib", "../crypto/asn1/a_verify.c:220")]; // prettier-ignore
  const sized = signature.length === Math.ceil(publicKey.modulus.toString(16).length / 2);
  return [
    ...(sized
      ? [
          queued(
            "0200008A",
            "rsa routines",
            "RSA_padding_check_PKCS1_type_1",
            "invalid padding",
            "../crypto/rsa/rsa_pk1.c:75",
          ),
          queued(
            "02000072",
            "rsa routines",
            "rsa_ossl_public_decrypt",
            "padding check failed",
            "../crypto/rsa/rsa_ossl.c:590",
          ),
        ]
      : [
          queued(
            "02000077",
            "rsa routines",
            "ossl_rsa_verify",
            "wrong signature length",
            "../crypto/rsa/rsa_sign.c:339",
          ),
        ]),
    queued(
      "1C880004",
      "Provider routines",
      "rsa_verify",
      "RSA lib",
      "../providers/implementations/signature/rsa_sig.c:769",
    ),
    queued("06880006", "asn1 encoding routines", "ASN1_item_verify_ctx", "EVP lib", "../crypto/asn1/a_verify.c:220"),
  ];
}

/** apps/verify.c cb: these are told and do not end the verification. */
const TOLERATED: ReadonlySet<number> = new Set([10, 18, 25, 34, 79, 3, 11]);
