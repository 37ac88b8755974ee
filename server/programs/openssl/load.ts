import { Errno, errnoNumber } from "../../sim/host/index.ts";
import { toUint8Array, type Bytes } from "../../sim/kernel/index.ts";
import {
  decodePem,
  parseCertificate,
  parseRequest,
  readSingle,
  TAG,
  type Certificate,
  type CertificateRequest,
} from "../../sim/kube/pki/index.ts";
import type { Call } from "./call.ts";
import { decryptLegacy, decryptPkcs8 } from "./encrypted-key.ts";
import { queued, storeErrors, type Failure, type QueuedError } from "./failure.ts";
import { readPkcs1, readPkcs8, readRsaPublic, readSec1, readSpki, type PrivateKey, type PublicKey } from "./key.ts";
import { askPassphrase, passphraseFrom } from "./passphrase.ts";

const UNSUPPORTED = queued("1608010C", "STORE routines", "ossl_store_handle_load_result", "unsupported", "../crypto/store/store_result.c:149"); // prettier-ignore

/** A file that OSSL_STORE opens: certificates and keys. `what` is how messages call its content. */
async function fromStore(call: Call, path: string | undefined, what: string, after: string): Promise<Bytes> {
  const text = await call.read(path);
  if (!(text instanceof Errno)) return text;
  throw call.failure(
    `Could not open file or uri for loading ${what} from ${path!}\n${call.lines(storeErrors(path!, text.message, errnoNumber(text.code)))}${after}`,
  );
}

function unreadable(call: Call, path: string | undefined, what: string, after: string, errors: QueuedError[]): Failure {
  return call.failure(`Could not read ${what} from ${path ?? "<stdin>"}\n${call.lines(errors)}${after}`);
}

/** The first certificate of a file, PEM or DER whatever `-inform` says. */
export async function loadCertificate(
  call: Call,
  path: string | undefined,
  what = "certificate",
): Promise<Certificate> {
  const after = `Unable to load ${what}\n`;
  const text = await fromStore(call, path, what, after);
  const der = call.isDer("inform");
  const [first] = der ? [] : certificatesIn(text);
  const certificate = first ?? certificateFromDer(toUint8Array(text));
  if (certificate) return certificate;
  throw unreadable(call, path, what, after, storeComplaints(text, der));
}

/** All certificates of a PEM text that can be read, in their order. */
export function certificatesIn(text: Bytes): Certificate[] {
  return decodePem(text).flatMap(({ label, der }) => {
    if (!/^(?:X509 |TRUSTED )?CERTIFICATE$/.test(label)) return [];
    const certificate = parseCertificate(der);
    return "error" in certificate ? [] : [certificate];
  });
}

export function certificateFromDer(der: Uint8Array): Certificate | undefined {
  if (!readSingle(der, TAG.sequence)) return undefined;
  const certificate = parseCertificate(Uint8Array.from(der));
  return "error" in certificate ? undefined : certificate;
}

/** What the store's loop leaves behind depends on what it took for what; for PEM blocks of other kinds, this. */
function storeComplaints(text: Bytes, der: boolean): QueuedError[] {
  if (!text.includes("-----BEGIN ")) return [];
  if (!der && /-----BEGIN (?:\w+ )?PRIVATE KEY-----/.test(text)) return [UNSUPPORTED];
  const decoder = queued("1E08010C", "DECODER routines", "OSSL_DECODER_from_bio", "unsupported", "../crypto/encode_decode/decoder_lib.c:103", `No supported data to decode. ${der ? " Input type: DER," : ""}${der ? "" : ""}${der ? " " : ""}Input structure: Certificate`); // prettier-ignore
  if (!/-----END /.test(text)) return [UNSUPPORTED, UNSUPPORTED, decoder, UNSUPPORTED];
  return Array.from({ length: 4 }, () => [UNSUPPORTED, decoder, UNSUPPORTED]).flat();
}

/** A signing request through PEM_read_bio or d2i; `after` is what the program says if there is none. */
export async function loadRequest(call: Call, path: string | undefined, after: string): Promise<CertificateRequest> {
  const text = await call.mustRead(path, after, 1, call.isDer("inform") ? "rb" : "r");
  const block = decodePem(text).find(({ label }) => /^(?:NEW )?CERTIFICATE REQUEST$/.test(label));
  const der = call.isDer("inform") ? toUint8Array(text) : block?.der;
  const request = der && parseRequest(Uint8Array.from(der));
  if (request && !("error" in request)) return request;
  throw call.failure(after, [
    queued("0480006C", "PEM routines", "get_name", "no start line", "../crypto/pem/pem_lib.c:760", "Expecting: CERTIFICATE REQUEST"), // prettier-ignore
  ]);
}

export interface KeyOptions {
  readonly what?: string;
  /** Where the passphrase comes from, for encrypted keys. */
  readonly passin?: string | undefined;
  /** What the program adds if there is no key. */
  readonly after?: string;
}

export async function loadPrivateKey(
  call: Call,
  path: string | undefined,
  options: KeyOptions = {},
): Promise<PrivateKey> {
  const { what = "private key", passin = call.value("passin"), after = "" } = options;
  const text = await fromStore(call, path, what, after);
  const found = await privateKeyIn(call, text, path, passin);
  if (found && "kind" in found) return found;
  throw unreadable(call, path, what, after, found ?? []);
}

async function privateKeyIn(
  call: Call,
  text: Bytes,
  path: string | undefined,
  passin: string | undefined,
): Promise<PrivateKey | QueuedError[] | undefined> {
  const passphrase = async (): Promise<string> =>
    (await passphraseFrom(call, passin)) ?? (await askPassphrase(call, `Enter pass phrase for ${path ?? "<stdin>"}:`));
  const legacy =
    /-----BEGIN (RSA|EC) PRIVATE KEY-----\r?\nProc-Type: 4,ENCRYPTED[^]*?-----END \1 PRIVATE KEY-----/.exec(text);
  if (legacy) {
    const der = decryptLegacy(legacy[0], await passphrase());
    return der ? (readPkcs1(der) ?? readSec1(der)) : BAD_DECRYPT;
  }
  for (const { label, der } of decodePem(text)) {
    if (label === "PRIVATE KEY") return readPkcs8(der);
    if (label === "RSA PRIVATE KEY") return readPkcs1(der);
    if (label === "EC PRIVATE KEY") return readSec1(der);
    if (label !== "ENCRYPTED PRIVATE KEY") continue;
    const plain = decryptPkcs8(der, await passphrase());
    return plain ? readPkcs8(plain) : BAD_DECRYPT;
  }
  const der = toUint8Array(text);
  return readSingle(der, TAG.sequence) ? (readPkcs8(der) ?? readPkcs1(der) ?? readSec1(der)) : undefined;
}

const BAD_DECRYPT: QueuedError[] = [
  UNSUPPORTED,
  queued("1C800064", "Provider routines", "ossl_cipher_unpadblock", "bad decrypt", "../providers/implementations/ciphers/ciphercommon_block.c:124"),
  queued("11800074", "PKCS12 routines", "PKCS12_pbe_crypt_ex", "pkcs12 cipherfinal error", "../crypto/pkcs12/p12_decr.c:88", "maybe wrong password"),
]; // prettier-ignore

export async function loadPublicKey(call: Call, path: string | undefined, what = "public key"): Promise<PublicKey> {
  const text = await fromStore(call, path, what, "");
  for (const { label, der } of decodePem(text)) {
    const key = label === "PUBLIC KEY" ? readSpki(der) : label === "RSA PUBLIC KEY" ? readRsaPublic(der) : undefined;
    if (key) return key;
  }
  const key = readSpki(toUint8Array(text));
  if (key) return key;
  throw unreadable(call, path, what, "", /-----BEGIN (?:\w+ )?PRIVATE KEY-----/.test(text) ? [UNSUPPORTED] : []);
}
