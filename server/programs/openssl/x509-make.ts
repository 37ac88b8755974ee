import { Errno, errnoNumber } from "../../sim/host/index.ts";
import {
  bitString,
  context,
  integer,
  oid,
  publicKeyInfo,
  sequence,
  setOf,
  type Certificate,
  type CertificateRequest,
  type Extension,
} from "../../sim/kube/pki/index.ts";
import type { Call } from "./call.ts";
import { serialHex } from "./certificate-text.ts";
import { Config } from "./config.ts";
import { areErrors, replaceExtension, sectionExtensions, type ExtensionContext } from "./extension.ts";
import { openErrors, queued, unsupportedAlgorithm, type QueuedError } from "./failure.ts";
import { findDigest } from "./digest.ts";
import { AUTHORITY_KEY_ID, encodeExtension, issuerFacts, publicKeyOf, randomSerial, readSerial, signCertificate, SUBJECT_KEY_ID, validity, type Draft, type Signer } from "./issue.ts"; // prettier-ignore
import {
  publicBits,
  sameKey,
  signatureAlgorithm,
  signatureHash,
  signWith,
  spki,
  verifyWith,
  type PrivateKey,
} from "./key.ts";
import { loadCertificate, loadPrivateKey, loadRequest } from "./load.ts";
import { encodeSubject, parseSubject } from "./name.ts";
import { nameText, type NameOptions } from "./name-text.ts";

/** The certificate of `-in`, or the one that is made of a request, or of it with a new signature. */
export async function madeCertificate(call: Call, names: NameOptions): Promise<Certificate> {
  const serial = call.value("set_serial");
  if (serial !== undefined) readSerial(call, serial);
  const extras = await readExtensionFile(call);
  const own = call.value("key") ?? call.value("signkey");
  const ownKey = own === undefined ? undefined : await loadPrivateKey(call, own);
  const request = call.has("req") ? await checkedRequest(call, names) : undefined;
  if (request && !ownKey && !call.has("CA"))
    throw call.failure("We need a private key to sign with, use -key or -CAkey or -CA with private key\n");
  const given = request ? undefined : await loadCertificate(call, call.value("in"));
  const signer = await findSigner(call, ownKey);
  if (!signer || call.has("x509toreq")) return given!;
  const { notBefore, notAfter } =
    call.has("preserve_dates") && given ? given : validity(call.process.now, call.number("days") ?? 30);
  const base = (request ?? given)!;
  const subject = subjectOf(call) ?? rawSubject(base);
  const facts: Omit<Draft, "extensions"> = {
    serial: await serialFor(call, given),
    subject,
    notBefore,
    notAfter,
    publicKey: signer.certificate ? publicKeyOf(call, base) : signer.key.public,
  };
  const context = extras && contextOf(extras, facts, signer);
  const kept = given ? (call.has("clrext") ? [] : given.extensions) : copied(call, request!);
  const added = context ? sectionExtensions(context, kept) : [];
  if (areErrors(added)) throw call.failure(`Error adding extensions from section ${extras!.section}\n`, added);
  const extensions = added.reduce<readonly Extension[]>((list, one) => replaceExtension(list, one), kept);
  return signCertificate(call, { ...facts, extensions }, signer, await hashOf(call, signer.key));
}

/** `-x509toreq`: a request with the subject and key of a certificate. */
export async function requestFrom(call: Call, certificate: Certificate): Promise<Uint8Array> {
  const key = await loadPrivateKey(call, call.value("key") ?? call.value("signkey"));
  const extensions = call.value("copy_extensions")?.startsWith("copy") ? copied(call, certificate) : [];
  return signRequest(call, certificate.rawSubject, key, extensions, await hashOf(call, key));
}

/** PKCS #10. */
export function signRequest(
  call: Call,
  subject: Uint8Array,
  key: PrivateKey,
  extensions: readonly Extension[],
  hash: string,
  attributes: readonly Uint8Array[] = [],
): Uint8Array {
  const algorithm = signatureAlgorithm(key, hash);
  if (!algorithm) throw call.failure("", [unsupportedAlgorithm(hash)]);
  const all = [...attributes];
  if (extensions.length > 0)
    all.push(sequence(oid("1.2.840.113549.1.9.14"), setOf(sequence(...extensions.map(encodeExtension)))));
  const body = sequence(integer(0), subject, spki(key.public), context(0, ...sorted(all)));
  return sequence(body, algorithm, bitString(signWith(key, hash, body)));
}

function sorted(parts: readonly Uint8Array[]): Uint8Array[] {
  return parts.toSorted((a, b) => Buffer.compare(a, b));
}

/** The digest to sign with: SHA-256 if none was named. */
export async function hashOf(call: Call, key: PrivateKey): Promise<string> {
  const given = call.value("*");
  if (given === undefined || key.kind === "ed25519") return "sha256";
  const digest = findDigest(given);
  if (digest) return digest.hash;
  throw call.usage(`${call.name}: Unknown option or message digest: ${given}\n`);
}

export function requestIsRight(request: CertificateRequest): boolean {
  const hash = signatureHash(request.signatureAlgorithm);
  return hash !== undefined && verifyWith(publicKeyInfo(request.publicKey), hash, request.tbs, request.signature);
}

async function checkedRequest(call: Call, names: NameOptions): Promise<CertificateRequest> {
  const request = await loadRequest(call, call.value("in"), "Unable to load certificate request input\n");
  if (!requestIsRight(request)) throw call.failure("Certificate request self-signature did not match the contents\n");
  await call.error(
    `Certificate request self-signature ok\nsubject=${names.separator === "lines" ? "\n" : ""}${nameText(request.subject, names, names.separator === "lines" ? 4 : 0)}\n`,
  );
  return request;
}

async function findSigner(call: Call, ownKey: PrivateKey | undefined): Promise<Signer | undefined> {
  const file = call.value("CA");
  if (file === undefined) return ownKey && { key: ownKey };
  const certificate = await loadCertificate(call, file, "CA certificate");
  const key = await loadPrivateKey(call, call.value("CAkey") ?? file, { what: "CA private key" });
  if (!sameKey(publicKeyOf(call, certificate), key.public))
    throw call.failure("CA certificate and CA private key do not match\n", [MISMATCH]);
  return { certificate, key };
}

export const MISMATCH: QueuedError = queued(
  "05800074", "x509 certificate routines", "X509_check_private_key", "key values mismatch", "../crypto/x509/x509_cmp.c:403",
); // prettier-ignore

interface Extras {
  readonly config: Config;
  readonly section: string;
}

async function readExtensionFile(call: Call): Promise<Extras | undefined> {
  const file = call.value("extfile");
  if (file === undefined) return undefined;
  const config = new Config(Buffer.from(await call.mustRead(file), "latin1").toString("utf8"), call.process.env);
  const section = call.value("extensions") ?? config.get("default", "extensions") ?? "default";
  if (!config.has(section)) throw call.failure(`Error checking extension section ${section}\n`);
  const checked = sectionExtensions({ config, section, testing: true });
  if (areErrors(checked)) throw call.failure(`Error checking extension section ${section}\n`, checked);
  return { config, section };
}

function contextOf(extras: Extras, facts: Omit<Draft, "extensions">, signer: Signer): ExtensionContext {
  const issuer = issuerFacts(facts, signer);
  return { ...extras, keyBits: publicBits(facts.publicKey), ...(issuer ? { issuer } : {}) };
}

/** `-copy_extensions`: `copy` leaves key identifiers to the new certificate. */
function copied(call: Call, { extensions }: Pick<CertificateRequest, "extensions">): readonly Extension[] {
  const how = call.value("copy_extensions") ?? "none";
  if (how === "none" || how === "0") return [];
  const left: readonly string[] = how === "copyall" ? [] : [SUBJECT_KEY_ID, AUTHORITY_KEY_ID];
  return extensions.filter(({ id }) => !left.includes(id));
}

function subjectOf(call: Call): Uint8Array | undefined {
  const text = call.value("subj");
  if (text === undefined) return undefined;
  const parsed = parseSubject(call.name, text, false);
  if ("words" in parsed) throw call.failure(call.lines(parsed.errors) + parsed.words);
  return encodeSubject(parsed.subject);
}

function rawSubject(of: Certificate | CertificateRequest): Uint8Array {
  return of.rawSubject;
}

async function serialFor(call: Call, given: Certificate | undefined): Promise<bigint> {
  const set = call.value("set_serial");
  if (set !== undefined) return readSerial(call, set);
  const authority = call.value("CA");
  if (authority === undefined) return given?.serial ?? randomSerial(call);
  const named = call.value("CAserial");
  const path = named ?? `${authority.replace(/\.[^./]*$/, "")}.srl`;
  const text = await call.read(path);
  if (text instanceof Errno) {
    if (!call.has("CAcreateserial") && named === undefined) return randomSerial(call);
    if (!call.has("CAcreateserial"))
      throw call.failure(`${path}: ${text.message}\n`, openErrors(path, "r", text.message, errnoNumber(text.code)));
    const serial = randomSerial(call);
    await call.print(`${serialHex(serial)}\n`, path);
    return serial;
  }
  const last = /^\s*([0-9A-Fa-f]+)/.exec(text)?.[1];
  if (last === undefined) throw call.failure(`Unable to load number from ${path}\n`);
  const serial = BigInt(`0x${last}`) + 1n;
  await call.print(`${serialHex(serial)}\n`, path);
  return serial;
}
