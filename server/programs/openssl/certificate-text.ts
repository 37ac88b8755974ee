import { calendar, MONTHS, pad, type Time } from "../../sim/kernel/index.ts";
import { publicKeyInfo, type Certificate, type CertificateRequest } from "../../sim/kube/pki/index.ts";
import { extensionsText } from "./extension-text.ts";
import { hexLines, publicKeyText } from "./key-text.ts";
import { readSpki } from "./key.ts";
import { nameText, type NameOptions } from "./name-text.ts";
import { longName } from "./objects.ts";

/** Parts that `-certopt` leaves out: `no_pubkey`, `no_sigdump`, … */
export type TextOptions = ReadonlySet<string>;

export const TEXT_OPTIONS = [
  "compatible", "ca_default", "no_header", "no_version", "no_serial", "no_signame", "no_validity", "no_subject", "no_issuer", "no_pubkey",
  "no_extensions", "no_sigdump", "no_aux", "no_attributes", "ext_default", "ext_error", "ext_parse", "ext_dump",
]; // prettier-ignore

/** `Nov 21 10:00:00 2026 GMT` (ASN1_TIME_print). */
export function timeText(time: Time, iso = false): string {
  const { year, month, day, hour, minute, second } = calendar(time);
  const clock = `${pad(hour, 2)}:${pad(minute, 2)}:${pad(second, 2)}`;
  if (iso) return `${year}-${pad(month, 2)}-${pad(day, 2)} ${clock}Z`;
  return `${MONTHS[month - 1]!.slice(0, 3)} ${String(day).padStart(2)} ${clock} ${year} GMT`;
}

/** `05`, `1234ABCD`: in whole bytes. */
export function serialHex(serial: bigint): string {
  const hex = (serial < 0n ? -serial : serial).toString(16).toUpperCase();
  return `${serial < 0n ? "-" : ""}${hex.length % 2 === 0 ? hex : `0${hex}`}`;
}

/** X509_print_ex (crypto/x509/t_x509.c). */
export function certificateText(certificate: Certificate, names: NameOptions, without: TextOptions): string {
  const shows = (part: string): boolean => !without.has(`no_${part}`);
  let out = shows("header") ? "Certificate:\n    Data:\n" : "";
  if (shows("version"))
    out += `        Version: ${certificate.version} (0x${(certificate.version - 1).toString(16)})\n`;
  if (shows("serial")) out += `        Serial Number:${serialText(certificate.serial)}`;
  if (shows("signame")) out += `        Signature Algorithm: ${longName(certificate.signatureAlgorithm)}\n`;
  if (shows("issuer")) out += nameLine("Issuer", certificate.issuer, names);
  if (shows("validity"))
    out += `        Validity\n            Not Before: ${timeText(certificate.notBefore)}\n            Not After : ${timeText(certificate.notAfter)}\n`;
  if (shows("subject")) out += nameLine("Subject", certificate.subject, names);
  if (shows("pubkey")) out += keyInfoText(publicKeyInfo(certificate.publicKey));
  if (shows("extensions") && certificate.extensions.length > 0)
    out += `        X509v3 extensions:\n${extensionsText(certificate.extensions, 12)}`;
  return shows("sigdump") ? out + signatureText(certificate) : out;
}

/** X509_REQ_print_ex (crypto/x509/t_req.c). */
export function requestText(request: CertificateRequest, names: NameOptions, without: TextOptions = new Set()): string {
  const shows = (part: string): boolean => !without.has(`no_${part}`);
  let out = "Certificate Request:\n    Data:\n        Version: 1 (0x0)\n";
  if (shows("subject")) out += nameLine("Subject", request.subject, names);
  if (shows("pubkey")) out += keyInfoText(publicKeyInfo(request.publicKey));
  if (shows("attributes")) out += `        Attributes:\n${request.extensions.length > 0 ? "" : "            (none)\n"}`;
  if (shows("extensions")) out += `            Requested Extensions:\n${extensionsText(request.extensions, 16)}`;
  return shows("sigdump") ? out + signatureText(request) : out;
}

function nameLine(label: string, name: Certificate["subject"], options: NameOptions): string {
  if (options.separator === "lines") return `        ${label}:\n${nameText(name, options, 12)}\n`;
  return `        ${label}: ${nameText(name, options)}\n`;
}

function keyInfoText(info: Uint8Array): string {
  const key = readSpki(info);
  const head = "        Subject Public Key Info:\n            Public Key Algorithm: ";
  if (!key) return `${head}unknown\n            Unable to load Public Key\n`;
  const algorithm = { rsa: "rsaEncryption", ec: "id-ecPublicKey", ed25519: "ED25519" }[key.kind];
  return `${head}${algorithm}\n${publicKeyText(key, 16)}`;
}

/** A number, or bytes where it is too long for one. */
function serialText(serial: bigint): string {
  const size = serial < 0n ? -serial : serial;
  if (size < 1n << 63n) return ` ${String(serial)} (${serial < 0n ? "-" : ""}0x${size.toString(16)})\n`;
  const bytes = Buffer.from(serialHex(size), "hex").toString("hex");
  return `\n            ${serial < 0n ? " (Negative)" : ""}${bytes.replace(/..(?=.)/g, "$&:")}\n`;
}

function signatureText({
  signatureAlgorithm,
  signature,
}: {
  signatureAlgorithm: string;
  signature: Uint8Array;
}): string {
  return `    Signature Algorithm: ${longName(signatureAlgorithm)}\n    Signature Value:\n${hexLines(signature, 8, 18)}`;
}
