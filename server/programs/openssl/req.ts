import { encode, decode, fromUint8Array } from "../../sim/kernel/index.ts";
import { encodePem, parseRequest, publicKeyInfo, type Certificate, type CertificateRequest, type Extension } from "../../sim/kube/pki/index.ts"; // prettier-ignore
import { certificateText, requestText, TEXT_OPTIONS } from "./certificate-text.ts";
import type { Call } from "./call.ts";
import type { Command } from "./command.ts";
import { Config } from "./config.ts";
import { areErrors, replaceExtension, sectionExtensions, type ExtensionContext } from "./extension.ts";
import { issuerFacts, publicKeyOf, randomSerial, readSerial, signCertificate, validity, type Draft, type Signer } from "./issue.ts"; // prettier-ignore
import { publicBits, sameKey, type PrivateKey } from "./key.ts";
import { loadCertificate, loadPrivateKey, loadRequest } from "./load.ts";
import { encodeSubject, parseSubject } from "./name.ts";
import { nameOptions, nameText } from "./name-text.ts";
import { askSubject } from "./req-prompt.ts";
import { opensslVersion } from "./release.ts";
import { newRequestKey } from "./req-key.ts";
import { hashOf, MISMATCH, requestIsRight, signRequest } from "./x509-make.ts";

export const req: Command = {
  name: "req",
  options: `General options:
 help - Shows this list
 engine s Engine to use
 keygen_engine s Engine to make keys with
 in < File of the request (default: standard input)
 inform f Format of the input (DER or PEM)
 verify - Verifies the signature of the request
Certificate options:
 new - Makes a request
 config < Configuration file
 section s Section of it (default: req)
 utf8 - Names are UTF-8
 nameopt s How names are printed
 reqopt s Parts of -text to leave out
 text - Prints all of the request
 x509 - Makes a certificate instead of a request
 CA < Certificate of the authority that signs it
 CAkey s Key of the authority
 subj s Subject of the request
 subject - Prints the subject
 multivalue-rdn - Has no effect: parts of names may always have several values
 days n For how many days the certificate is valid (default 30)
 set_serial s Serial number of the certificate
 copy_extensions s Which extensions of a request to take over: none, copy, copyall
 addext s One more extension: name=value
 extensions s Section with extensions of a certificate
 reqexts s Section with extensions of a request
 precert - Makes a precertificate
Keys and signing options:
 key s Key to sign with
 keyform F Format of the key
 pubkey - Prints the public key
 keyout > File for a new key
 passin s Where the pass phrase of the key comes from
 passout s Where the pass phrase for a new key comes from
 newkey s Makes a new key: rsa:BITS, ec, ed25519
 pkeyopt s Parameter of the new key: name:value
 sigopt s Parameter for the signature
 vfyopt s Parameter for the verification
 * - A digest, to sign with
Output options:
 out > File to write to (default: standard output)
 outform f Format of the output (DER or PEM)
 batch - Asks no questions
 verbose - Says more
 noenc - Does not encrypt a new key
 nodes - The same as -noenc
 noout - Writes no request
 newhdr - Writes NEW in the first line
 modulus - Prints the modulus of an RSA key`,

  async run(call) {
    if (call.operands.length > 0) throw call.usage();
    for (const option of ["precert", "sigopt", "vfyopt", "engine", "keygen_engine"])
      if (call.has(option)) throw call.failure(`drydock: openssl: req: '-${option}' is not simulated\n`, [], 64);
    const names = nameOptions(call);
    const parts = new Set(call.values("reqopt").flatMap((text) => text.split(",")));
    if (!names || [...parts].some((word) => !TEXT_OPTIONS.includes(word))) throw call.usage();
    const extra = addedExtensions(call);
    const settings = await readSettings(call, extra);
    const { request, certificate } = await make(call, settings);
    if (call.has("verify") && request) {
      const right = requestIsRight(request);
      await call.error(`Certificate request self-signature verify ${right ? "OK" : "failure"}\n`);
      if (!right) return 1;
    }
    const made = certificate ?? request!;
    let out = "";
    const separator = names.separator === "lines" ? "\n" : "";
    if (call.has("pubkey")) out += encodePem("PUBLIC KEY", publicKeyInfo(made.publicKey));
    if (call.has("text"))
      out += certificate ? certificateText(certificate, names, parts) : requestText(request!, names, parts);
    if (call.has("subject")) out += `subject=${separator}${nameText(made.subject, names, separator === "" ? 0 : 4)}\n`;
    if (call.has("modulus"))
      out += `Modulus=${made.publicKey.kind === "rsa" ? made.publicKey.modulus.toString(16).toUpperCase() : "Wrong Algorithm type"}\n`;
    const label = certificate ? "CERTIFICATE" : `${call.has("newhdr") ? "NEW " : ""}CERTIFICATE REQUEST`;
    const data = call.has("noout") ? "" : call.isDer("outform") ? fromUint8Array(made.raw) : encodePem(label, made.raw);
    await call.write(encode(out) + data);
    return 0;
  },
};

export interface Settings {
  readonly config: Config;
  /** Of the configuration: `req`. */
  readonly section: string;
  readonly extra: Config | undefined;
  readonly issues: boolean;
}

/** `-addext`, one after another, as a configuration of their own. */
function addedExtensions(call: Call): Config | undefined {
  const given = call.values("addext");
  if (given.length === 0) return undefined;
  const seen = new Set<string>();
  for (const text of given) {
    const name = text.slice(0, Math.max(0, text.indexOf("="))).trim();
    if (!text.includes("=") || seen.has(name)) throw call.usage(`Duplicate extension: ${text}\n`);
    seen.add(name);
  }
  return new Config(given.join("\n"), call.process.env);
}

async function readSettings(call: Call, extra: Config | undefined): Promise<Settings> {
  const path =
    call.value("config") ?? call.process.env["OPENSSL_CONF"] ?? `${opensslVersion(call.process).prefix}/openssl.cnf`;
  if (call.has("verbose")) await call.error(`Using configuration from ${path}\n`);
  const config = new Config(decode(await call.mustRead(path)), call.process.env);
  const section = call.value("section") ?? "req";
  const issues = call.has("x509");
  const checks = [
    [
      config,
      issues ? extensionSection(call, config, section, true) : undefined,
      "Error checking x509 extension section ",
    ],
    [
      config,
      issues ? undefined : extensionSection(call, config, section, false),
      "Error checking request extension section ",
    ],
    [extra, extra && "default", "Error checking extensions defined using -addext"],
  ] as const;
  for (const [where, name, words] of checks) {
    if (!where || name === undefined) continue;
    const found = sectionExtensions({ config: where, section: name, testing: true });
    if (areErrors(found)) throw call.failure(`${words}${words.endsWith(" ") ? name : ""}\n`, found);
  }
  return { config, section, extra, issues };
}

function extensionSection(call: Call, config: Config, section: string, issues: boolean): string | undefined {
  if (issues) return call.value("extensions") ?? config.get(section, "x509_extensions");
  return call.value("reqexts") ?? config.get(section, "req_extensions");
}

interface Made {
  readonly request?: CertificateRequest;
  readonly certificate?: Certificate;
}

async function make(call: Call, settings: Settings): Promise<Made> {
  const { issues } = settings;
  const creates = call.has("new") || call.has("newkey") || (issues && !call.has("in"));
  const keyFile = call.value("key");
  let key = keyFile === undefined ? undefined : await loadPrivateKey(call, keyFile);
  if (creates && !key) key = await newRequestKey(call, settings);
  const given = creates ? undefined : await loadRequest(call, call.value("in"), "Unable to load X509 request\n");
  if (call.has("days") && !issues) await call.error("Ignoring -days without -x509; not generating a certificate\n");
  if (given && !issues && !key) return { request: given };
  if (given && !key && issues) throw call.failure("We need a private key to sign with\n");
  const hash = await hashOf(call, key!);
  const asked = given ? undefined : await subjectFor(call, settings);
  const subject = asked?.subject ?? given!.rawSubject;
  if (issues)
    return { certificate: await issue(call, settings, { key: key!, subject, ...(given ? { given } : {}), hash }) };
  const extensions = await requested(call, settings, key!, given);
  const request = parseRequest(Uint8Array.from(signRequest(call, subject, key!, extensions, hash, asked?.attributes)));
  if ("error" in request) throw new Error(`wrote a request that does not parse: ${request.error}`);
  return { request };
}

async function subjectFor(
  call: Call,
  settings: Settings,
): Promise<{ subject: Uint8Array; attributes: readonly Uint8Array[] }> {
  const text = call.value("subj");
  if (text === undefined) return askSubject(call, settings);
  const parsed = parseSubject(call.name, text, call.has("utf8"));
  if ("words" in parsed) throw call.failure(call.lines(parsed.errors) + parsed.words);
  await call.error(parsed.warnings);
  return { subject: encodeSubject(parsed.subject), attributes: [] };
}

async function requested(
  call: Call,
  { config, section, extra }: Settings,
  key: PrivateKey,
  given: CertificateRequest | undefined,
): Promise<readonly Extension[]> {
  const name = extensionSection(call, config, section, false);
  const base = { keyBits: publicBits(key.public) };
  return merged(call, given?.extensions ?? [], [
    ...(name === undefined
      ? []
      : [
          {
            context: { ...base, config, section: name },
            words: `Error adding request extensions from section ${name}\n`,
          },
        ]),
    ...(extra
      ? [
          {
            context: { ...base, config: extra, section: "default" },
            words: "Error adding extensions defined via -addext\n",
          },
        ]
      : []),
  ]);
}

interface Issuing {
  readonly key: PrivateKey;
  readonly subject: Uint8Array;
  readonly given?: CertificateRequest;
  readonly hash: string;
}

/** `-x509`: a certificate that signs itself, or that `-CA` signs. */
async function issue(
  call: Call,
  { config, section, extra }: Settings,
  { key, subject, given, hash }: Issuing,
): Promise<Certificate> {
  const signer = await findSigner(call, key);
  const serial = call.value("set_serial");
  const facts: Omit<Draft, "extensions"> = {
    serial: serial === undefined ? randomSerial(call) : readSerial(call, serial),
    subject,
    ...validity(call.process.now, call.number("days") ?? 30),
    publicKey: given && signer.certificate ? publicKeyOf(call, given) : key.public,
  };
  const issuer = issuerFacts(facts, signer);
  const base = { keyBits: publicBits(facts.publicKey), ...(issuer ? { issuer } : {}) };
  const name = extensionSection(call, config, section, true);
  const how = call.value("copy_extensions") ?? "none";
  const kept = how === "none" || how === "0" || !given ? [] : given.extensions;
  const extensions = merged(call, kept, [
    ...(name === undefined
      ? []
      : [
          { context: { ...base, config, section: name }, words: `Error adding x509 extensions from section ${name}\n` },
        ]),
    ...(extra
      ? [
          {
            context: { ...base, config: extra, section: "default" },
            words: "Error adding extensions defined via -addext\n",
          },
        ]
      : []),
  ]);
  return signCertificate(call, { ...facts, extensions }, signer, hash);
}

function merged(
  call: Call,
  first: readonly Extension[],
  sources: readonly { readonly context: ExtensionContext; readonly words: string }[],
): readonly Extension[] {
  let out = first;
  for (const { context, words } of sources) {
    const found = sectionExtensions(context, out);
    if (areErrors(found)) throw call.failure(words, found);
    for (const one of found) out = replaceExtension(out, one);
  }
  return out;
}

async function findSigner(call: Call, key: PrivateKey): Promise<Signer> {
  const file = call.value("CA");
  if (file === undefined) return { key };
  const certificate = await loadCertificate(call, file, "issuer certificate from -CA argument");
  const authority = await loadPrivateKey(call, call.value("CAkey") ?? file, { what: "issuer private key from -CAkey argument" }); // prettier-ignore
  if (!sameKey(publicKeyOf(call, certificate), authority.public))
    throw call.failure("Issuer CA certificate and key do not match\n", [MISMATCH]);
  return { certificate, key: authority };
}
