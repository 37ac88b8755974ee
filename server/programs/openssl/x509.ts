import { createHash } from "node:crypto";
import { SECOND, encode, fromUint8Array, type Bytes } from "../../sim/kernel/index.ts";
import { encodePem, nameValues, publicKeyInfo, type Certificate } from "../../sim/kube/pki/index.ts";
import { colons, extensionsText } from "./extension-text.ts";
import { certificateText, serialHex, TEXT_OPTIONS, timeText } from "./certificate-text.ts";
import type { Call } from "./call.ts";
import type { Command } from "./command.ts";
import { findDigest } from "./digest.ts";
import { unsupportedAlgorithm } from "./failure.ts";
import { publicKeyOf } from "./issue.ts";
import { isForAddress, isForEmail, isForHost } from "./match.ts";
import { nameHash, oldNameHash } from "./name-hash.ts";
import { nameOptions, nameText, type NameOptions } from "./name-text.ts";
import { objectOf } from "./objects.ts";
import { purposesText } from "./purpose.ts";
import { publicBits } from "./key.ts";
import { madeCertificate, requestFrom } from "./x509-make.ts";
import { isAddress } from "../../sim/net/index.ts";

export const x509: Command = {
  name: "x509",
  options: `General options:
 help - Shows this list
 in < File of the certificate, or of the request with -req (default: standard input)
 passin s Where the pass phrase of the key comes from
 new - Makes a certificate without a request
 x509toreq - Writes a request with the certificate's facts
 req - The input is a request
 copy_extensions s Which extensions of a request to take over: none, copy, copyall
 inform f Format of the input (DER or PEM)
 vfyopt s Parameter for the request's signature
 key s Key to sign with; it is the certificate's own
 signkey s The same as -key
 keyform F Format of the key
 out > File to write to (default: standard output)
 outform f Format of the output (DER or PEM)
 nocert - Writes no certificate
 noout - Writes no certificate
Certificate printing options:
 text - Prints all of the certificate
 dateopt s How dates are printed: rfc_822 or iso_8601
 certopt s Parts of -text to leave out
 fingerprint - Prints the digest of the certificate
 alias - Prints its alias
 serial - Prints the serial number
 startdate - Prints when it begins to be valid
 enddate - Prints when it expires
 dates - Prints both times
 subject - Prints the subject
 issuer - Prints the issuer
 nameopt s How names are printed
 email - Prints mail addresses
 hash - The same as -subject_hash
 subject_hash - Prints the hash of the subject
 subject_hash_old - Prints the MD5 hash of the subject
 issuer_hash - Prints the hash of the issuer
 issuer_hash_old - Prints the MD5 hash of the issuer
 ext s Prints these extensions
 ocspid - Prints hashes of subject and key for OCSP
 ocsp_uri - Prints addresses of OCSP responders
 purpose - Prints what the certificate may be used for
 pubkey - Prints the public key
 modulus - Prints the modulus of an RSA key
Certificate checking options:
 checkend M Exits with 1 if it expires within so many seconds
 checkhost s Is it for this host?
 checkemail s Is it for this mail address?
 checkip s Is it for this address?
Certificate output options:
 set_serial s Serial number of the certificate
 next_serial - Adds one to the serial number
 days n For how many days it is valid (default 30)
 preserve_dates - Keeps the times as they are
 subj s Subject of the certificate
 force_pubkey < Public key for the certificate
 clrext - Takes no extensions over
 extfile < Configuration file with extensions
 extensions s Section of that file
 sigopt s Parameter for the signature
 badsig - Breaks the signature
 * - A digest, to sign with and for -fingerprint
Micro-CA options:
 CA < Certificate of the authority
 CAform F Its format
 CAkey s Key of the authority (default: in the file of -CA)
 CAkeyform F Its format
 CAserial s File with the last serial number
 CAcreateserial - Makes that file if there is none
Certificate trust output options:
 trustout - Writes a trusted certificate
 setalias s Sets the alias
 clrtrust - Takes all trust away
 addtrust s Trusts it for a purpose
 clrreject - Takes all rejections away
 addreject s Rejects it for a purpose`,

  async run(call) {
    if (call.operands.length > 0) throw call.usage();
    for (const option of [
      "new",
      "force_pubkey",
      "badsig",
      "trustout",
      "setalias",
      "clrtrust",
      "addtrust",
      "clrreject",
      "addreject",
      "sigopt",
    ])
      // prettier-ignore
      if (call.has(option)) throw call.failure(`drydock: openssl: x509: '-${option}' is not simulated\n`, [], 64);
    const names = nameOptions(call);
    if (!names) throw call.usage();
    const certopts = new Set(call.values("certopt").flatMap((text) => text.split(",")));
    if ([...certopts].some((word) => !TEXT_OPTIONS.includes(word))) throw call.usage();
    const iso = call.value("dateopt")?.toLowerCase() === "iso_8601";
    const made = await madeCertificate(call, names);
    if (call.has("x509toreq")) {
      const request = await requestFrom(call, made);
      await call.write(encode(call.has("noout") ? "" : encodePem("CERTIFICATE REQUEST", request)));
      return 0;
    }
    let out = "";
    for (const { name, value } of call.given) out += printed(call, made, name, value, { names, certopts, iso });
    await call.error(pending.get(call) ?? "");
    const checks = checked(call, made);
    if (call.has("checkend")) {
      const until = call.process.now + Number(call.value("checkend")) * SECOND;
      const expires = made.notAfter - (made.notAfter % SECOND) <= until;
      await call.print(`${out}Certificate will ${expires ? "" : "not "}expire\n`);
      return expires ? 1 : 0;
    }
    await call.write(encode(out + checks) + (call.has("noout") || call.has("nocert") ? "" : written(call, made)));
    return 0;
  },
};

function written(call: Call, { raw }: Certificate): Bytes {
  return call.isDer("outform") ? fromUint8Array(raw) : encodePem("CERTIFICATE", raw);
}

interface Printing {
  readonly names: NameOptions;
  readonly certopts: ReadonlySet<string>;
  readonly iso: boolean;
}

/** What one option prints; they stand in the order in which they were given. */
function printed(call: Call, made: Certificate, option: string, value: string, how: Printing): string {
  const { names, iso } = how;
  const separator = names.separator === "lines" ? "\n" : "";
  const name = (label: string, of: Certificate["subject"]): string =>
    `${label}=${separator}${nameText(of, names, names.separator === "lines" ? 4 : 0)}\n`;
  switch (option) {
    case "text":
      return certificateText(made, names, how.certopts);
    case "issuer":
      return name("issuer", made.issuer);
    case "subject":
      return name("subject", made.subject);
    case "serial":
      return `serial=${serialHex(made.serial)}\n`;
    case "next_serial":
      return `${serialHex(made.serial + 1n)}\n`;
    case "startdate":
      return `notBefore=${timeText(made.notBefore, iso)}\n`;
    case "enddate":
      return `notAfter=${timeText(made.notAfter, iso)}\n`;
    case "dates":
      return `notBefore=${timeText(made.notBefore, iso)}\nnotAfter=${timeText(made.notAfter, iso)}\n`;
    case "hash":
    case "subject_hash":
      return `${nameHash(made.rawSubject)}\n`;
    case "subject_hash_old":
      return `${oldNameHash(made.rawSubject)}\n`;
    case "issuer_hash":
      return `${nameHash(made.rawIssuer)}\n`;
    case "issuer_hash_old":
      return `${oldNameHash(made.rawIssuer)}\n`;
    case "email":
      return [...nameValues(made.subject, "emailAddress"), ...made.emails].map((email) => `${email}\n`).join("");
    case "ocsp_uri":
      return responders(made)
        .map((uri) => `${uri}\n`)
        .join("");
    case "ocspid":
      return `        Subject OCSP hash: ${sha1(made.rawSubject)}\n        Public key OCSP hash: ${sha1(publicBits(publicKeyOf(call, made)))}\n`;
    case "alias":
      return "<No Alias>\n";
    case "purpose":
      return purposesText(made);
    case "pubkey":
      return encodePem("PUBLIC KEY", publicKeyInfo(made.publicKey));
    case "modulus":
      return made.publicKey.kind === "rsa"
        ? `Modulus=${made.publicKey.modulus.toString(16).toUpperCase()}\n`
        : "Modulus=No modulus for this public key type\n";
    case "fingerprint":
      return fingerprint(call, made);
    case "ext":
      return call.values("ext")[0] === value ? extensions(call, made) : "";
    default:
      return "";
  }
}

function sha1(bytes: Uint8Array): string {
  return createHash("sha1").update(bytes).digest("hex").toUpperCase();
}

function fingerprint(call: Call, { raw }: Certificate): string {
  const given = call.value("*");
  const digest = findDigest(given ?? "sha1");
  if (!digest)
    throw call.failure(`${call.name}: Unknown option or message digest: ${given!}\n${call.name}: Use -help for summary.\n`, [unsupportedAlgorithm(given!)]); // prettier-ignore
  return `${given ?? "SHA1"} Fingerprint=${colons(createHash(digest.hash).update(raw).digest())}\n`;
}

/** Only the last `-ext` counts. */
function extensions(call: Call, made: Certificate): string {
  const wanted = (call.value("ext") ?? "").split(",").map((name) => objectOf(name.trim()));
  const found = made.extensions.filter(({ id }) => wanted.includes(id));
  if (found.length > 0) return extensionsText(found, 0);
  pending.set(call, "No extensions in certificate\n");
  return "";
}

/** What goes to standard error beside what is printed. */
const pending = new WeakMap<Call, string>();

function responders(made: Certificate): string[] {
  const info = made.extensions.find(({ id }) => id === "1.3.6.1.5.5.7.1.1");
  return info ? (extensionsText([info], 0).match(/(?<=OCSP - URI:).*/g) ?? []) : [];
}

function checked(call: Call, made: Certificate): string {
  const say = (what: string, text: string | undefined, match: (text: string) => boolean): string =>
    text === undefined ? "" : `${what} ${text} does${match(text) ? "" : " NOT"} match certificate\n`;
  return (
    say("Hostname", call.value("checkhost"), (host) => isForHost(made, host)) +
    say("Email", call.value("checkemail"), (email) => isForEmail(made, email)) +
    // What is no address gives an error, which counts as a match.
    say("IP", call.value("checkip"), (address) => !isAddress(address) || isForAddress(made, address))
  );
}
