import { createHash, createPrivateKey, X509Certificate } from "node:crypto";
import { calendar, decode, MONTHS, pad, SECOND, type Time } from "../../sim/kernel/index.ts";
import type { Process } from "../../sim/host/index.ts";
import {
  isAddress,
  shakeHands,
  type ClientHello,
  type TcpSocket,
  type TlsAlert,
  type TlsSession,
} from "../../sim/net/index.ts";
import {
  ATTRIBUTE_NAMES,
  parseCertificatesPem,
  type Certificate,
  type DistinguishedName,
} from "../../sim/kube/pki/index.ts";
import { libcOf } from "../netdb/libc.ts";
import { isCipher } from "../openssl/ciphers.ts";
import { isFor, readAuthorities, trustError, wrongHost } from "../http/trust.ts";
import { milliseconds } from "./connect.ts";
import { CurlFailure } from "./failure.ts";
import type { CurlArguments } from "./options.ts";
import type { CurlUrl } from "./url.ts";
import type { Verbose } from "./verbose.ts";
import type { CurlVersion } from "./version.ts";
import { tellTickets } from "./tickets.ts";
import type { TransferFacts } from "./write-out.ts";

const BUNDLE = "/etc/ssl/certs/ca-certificates.crt";

export interface Secured {
  readonly session: TlsSession;
  /** X509_V_*; 0 if the chain is trusted. */
  readonly verifyResult: number;
}

interface Securing {
  readonly process: Process;
  readonly args: CurlArguments;
  readonly version: CurlVersion;
  readonly verbose: Verbose;
  readonly facts: Pick<TransferFacts, "verifyResult" | "chain">;
  /** When the request began, and when everything must be done (`--max-time`). */
  readonly started: Time;
  readonly deadline: Time;
}

/** Starts TLS on a connection and decides whether the other end is who it should be (lib/vtls/openssl.c). */
export async function secure(securing: Securing, socket: TcpSocket, url: CurlUrl): Promise<Secured> {
  const { process, args, version, verbose, started, deadline } = securing;
  const insecure = args.has("insecure");
  const offers = args.isOff("alpn")
    ? []
    : args.has("http1.0")
      ? ["http/1.0"]
      : args.has("http1.1")
        ? ["http/1.1"]
        : ["h2", "http/1.1"];
  if (offers.length > 0)
    await verbose.info(`ALPN: ${version.isAtLeast("8.0") ? "curl offers" : "offers"} ${offers.join(",")}`);
  const roots = authorities(securing, insecure);
  const certificate = clientCertificate(securing);
  const [lowest, highest] = versions(args);
  const unknown = args.value("ciphers");
  if (unknown !== undefined && !unknown.split(/[:, ]/).some(isCipher))
    throw await told(verbose, new CurlFailure(59, `failed setting cipher list: ${unknown}`));
  await verbose.info(`${highest} (OUT), TLS handshake, Client hello (1):`);
  if (!insecure) {
    const environment = process.env["CURL_CA_BUNDLE"] ?? process.env["SSL_CERT_FILE"];
    await verbose.info(` CAfile: ${args.value("cacert") ?? environment ?? BUNDLE}`);
    await verbose.info(
      ` CApath: ${args.value("capath") ?? (libcOf(process.host) === "musl" ? "none" : "/etc/ssl/certs")}`,
    );
  }
  const connectDeadline = started + (args.number("connect-timeout", Infinity) * SECOND || Infinity);
  const patience = Math.max(0, Math.min(deadline, connectDeadline) - process.kernel.now);
  const hello: ClientHello = {
    version: highest === "TLSv1.3" ? "TLSv1.3" : "TLSv1.2",
    ...(isOld(highest) ? { obsolete: true } : {}),
    ...(isAddress(url.host) ? {} : { serverName: url.host }),
    ...(offers.length > 0 ? { alpn: offers } : {}),
    ...(certificate ? { certificate } : {}),
  };
  const result = await shakeHands(process, socket.connection, hello, patience);
  if (result.outcome === "no answer") {
    const late = `Connection timed out after ${milliseconds(process, started)} milliseconds`;
    const words = process.kernel.now >= deadline ? late : "SSL connection timeout";
    throw await told(verbose, new CurlFailure(28, words));
  }
  if (result.outcome === "not tls")
    throw await told(verbose, libraryError(version, "0A00010B", "wrong version number"));
  if (result.outcome === "alert") {
    await verbose.info(`${highest} (IN), TLS alert, ${ALERTS[result.alert][0]}:`);
    throw await told(verbose, libraryError(version, ...(ALERTS[result.alert].slice(1) as [string, string])));
  }
  if (result.outcome !== "established") {
    const why = result.outcome === "reset" ? "Connection reset by peer" : "SSL_ERROR_SYSCALL";
    const words = `OpenSSL SSL_connect: ${why} in connection to ${url.host}:${url.port} `;
    throw await told(verbose, new CurlFailure(35, words));
  }
  if (lowest === "TLSv1.3" && result.session.version !== "TLSv1.3")
    throw await told(verbose, libraryError(version, "0A00042E", "tlsv1 alert protocol version"));
  const { session } = result;
  const chain = session.serverChain.flatMap((pem) => certificatesOf(pem));
  const trust = trustError(chain, roots, process.kernel.now);
  securing.facts.verifyResult = trust?.code ?? 0;
  securing.facts.chain = session.serverChain;
  await describeHandshake(verbose, session, result.requestsCertificate, trust !== undefined && !insecure);
  if (trust && !insecure) {
    await verbose.info(
      `${session.version} (OUT), TLS alert, ${trust.code === 10 ? "certificate expired (557)" : "unknown CA (560)"}:`,
    );
    await verbose.info(`SSL certificate problem: ${trust.words}`);
    throw untrusted(`SSL certificate problem: ${trust.words}`, version);
  }
  await describeEnd(securing, session, chain, offers.length > 0);
  // No server staples.
  if (args.has("cert-status")) throw await told(verbose, new CurlFailure(91, "No OCSP response received"));
  const pin = args.value("pinnedpubkey");
  if (pin !== undefined && !isPinned(process, pin, session))
    throw await told(verbose, new CurlFailure(90, "SSL: public key does not match pinned public key"));
  const [leaf] = chain;
  if (leaf && !insecure) {
    if (!isFor(leaf, url.host)) {
      const words = wrongHost(leaf, url.host, version.isAtLeast("8.12") ? "hostname" : "host name");
      if (words.startsWith("SSL: no alternative")) await verbose.info(` subjectAltName does not match ${url.host}`);
      await verbose.info(words);
      throw new WrongHost(untrusted(words, version), session);
    }
    const matched = leaf.dnsNames.find((name) => isFor({ ...leaf, dnsNames: [name], ipAddresses: [] }, url.host));
    await verbose.info(
      ` subjectAltName: host "${url.host}" matched cert's ${matched === undefined ? "IP address!" : `"${matched}"`}`,
    );
  }
  if (leaf) await verbose.info(` issuer: ${nameText(leaf.issuer)}`);
  await verbose.info(
    trust
      ? ` SSL certificate verify result: ${trust.words} (${trust.code}), continuing anyway.`
      : " SSL certificate verify ok.",
  );
  if (version.isAtLeast("8.2"))
    for (const [level, one] of chain.entries()) await verbose.info(`  Certificate level ${level}: ${describeKey(one)}`);
  return { session, verifyResult: trust?.code ?? 0 };
}

/** Names of alerts (SSL_alert_desc_string_long with curl's number), OpenSSL's reason code and words. */
const ALERTS: Readonly<Record<TlsAlert, readonly [shown: string, code: string, words: string]>> = {
  unrecognized_name: ["unrecognized name (624)", "0A000458", "tlsv1 unrecognized name"],
  handshake_failure: ["handshake failure (552)", "0A000410", "sslv3 alert handshake failure"],
  bad_certificate: ["bad certificate (554)", "0A000412", "sslv3 alert bad certificate"],
  certificate_required: ["unknown (628)", "0A00045C", "tlsv13 alert certificate required"],
  unknown_ca: ["unknown CA (560)", "0A000418", "tlsv1 alert unknown ca"],
  protocol_version: ["protocol version (582)", "0A00042E", "tlsv1 alert protocol version"],
  internal_error: ["internal error (592)", "0A000438", "tlsv1 alert internal error"],
};

function libraryError(version: CurlVersion, code: string, words: string): CurlFailure {
  return new CurlFailure(
    35,
    version.isAtLeast("8.9")
      ? `TLS connect error: error:${code}:SSL routines::${words}`
      : `OpenSSL/${version.openssl}: error:${code}:SSL routines::${words}`,
  );
}

function untrusted(words: string, version: CurlVersion): CurlFailure {
  const page = version.isAtLeast("8.9") ? "webpage" : "web page";
  return new CurlFailure(
    60,
    `${words}
More details here: https://curl.se/docs/sslcerts.html

curl failed to verify the legitimacy of the server and therefore could not
establish a secure connection to it. To learn more about this situation and
how to fix it, please visit the ${page} mentioned above.`,
  );
}

/** Whom to trust: `--cacert`, CURL_CA_BUNDLE, SSL_CERT_FILE, or the system's bundle. */
function authorities({ process, args }: Securing, insecure: boolean): readonly Certificate[] {
  const given = args.value("cacert") ?? process.env["CURL_CA_BUNDLE"] ?? process.env["SSL_CERT_FILE"];
  const path = given ?? BUNDLE;
  const found = readAuthorities(process.host, resolvePath(process, path));
  if (!found?.length && !insecure) throw new CurlFailure(77, `error setting certificate file: ${path}`);
  return found ?? [];
}

function clientCertificate({ process, args, version }: Securing): string[] | undefined {
  const given = args.value("cert");
  if (given === undefined) return undefined;
  const path = given.replace(/(?<!^[a-z]):[^:/]*$/i, "");
  const pem = readPem(process, path, "client certificate", version);
  const keyPath = args.value("key");
  const keyText = keyPath === undefined ? pem : readPem(process, keyPath, "private key", version);
  if (!/-----BEGIN (?:\w+ )?PRIVATE KEY-----/.test(keyText))
    throw new CurlFailure(58, `unable to set private key file: '${keyPath ?? path}' type PEM`);
  const chain = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----\n?/g) ?? undefined;
  if (chain && !belongsTo(keyText, chain[0]))
    throw new CurlFailure(58, `unable to set private key file: '${keyPath ?? path}' type PEM`);
  return chain;
}

/** SSL_CTX_use_PrivateKey refuses a key that is not the certificate's. */
function belongsTo(key: string, certificate: string): boolean {
  try {
    return new X509Certificate(certificate).checkPrivateKey(createPrivateKey(key));
  } catch {
    // No key, or one that is encrypted.
    return false;
  }
}

function readPem(process: Process, path: string, what: string, version: CurlVersion): string {
  const text = process.host.readText(resolvePath(process, path));
  if (text !== undefined) return text;
  if (what === "private key") throw new CurlFailure(58, `unable to set private key file: '${path}' type PEM`);
  const more = version.isAtLeast("7.70") ? "error:80000002:system library::No such file or directory" : "";
  throw new CurlFailure(
    58,
    `could not load PEM ${what} from ${path}, OpenSSL error ${more}, (no key found, wrong pass phrase, or wrong file format?)`,
  );
}

function resolvePath(process: Process, path: string): string {
  return path.startsWith("/") ? path : `${process.cwd}/${path}`;
}

function certificatesOf(pem: string): Certificate[] {
  const parsed = parseCertificatesPem(decode(pem));
  return "error" in parsed ? [] : parsed;
}

/** The name is not the certificate's: known only behind the handshake, so that the end of it is seen. */
class WrongHost extends CurlFailure {
  readonly #session: TlsSession;

  constructor(failure: CurlFailure, session: TlsSession) {
    super(failure.code, failure.message);
    this.#session = session;
  }

  override async closed(verbose: Verbose, version: CurlVersion): Promise<void> {
    if (this.#session.version === "TLSv1.3") await tellTickets(verbose, version);
    await verbose.info(`${this.#session.version} (OUT), TLS alert, close notify (256):`);
  }
}

/** Tells of a failure as failf does, which `-v` shows as well. */
async function told(verbose: Verbose, failure: CurlFailure): Promise<CurlFailure> {
  await verbose.info(failure.message);
  return failure;
}

/** `sha256//BASE64;…`, or a file with the key (Curl_pin_peer_pubkey). */
function isPinned(process: Process, pin: string, { serverChain }: TlsSession): boolean {
  const [leaf] = serverChain;
  if (leaf === undefined) return false;
  const key = new X509Certificate(leaf).publicKey;
  const der = key.export({ type: "spki", format: "der" });
  const hash = createHash("sha256").update(der).digest("base64");
  if (pin.startsWith("sha256//")) return pin.split(";").includes(`sha256//${hash}`);
  const file = process.host.readText(resolvePath(process, pin));
  return file !== undefined && file.replace(/-----[^-]+-----|\s/g, "") === der.toString("base64");
}

type Version = "TLSv1.0" | "TLSv1.1" | "TLSv1.2" | "TLSv1.3";

function isOld(version: Version): boolean {
  return version === "TLSv1.0" || version === "TLSv1.1";
}

/** Between which versions the handshake may choose: `--tlsv1.N`, `--tls-max`. */
function versions(args: CurlArguments): [lowest: Version, highest: Version] {
  const last = args.given.findLast(({ name }) => /^tlsv1(?:\.\d)?$/.test(name))?.name ?? "tlsv1.2";
  const low = last === "tlsv1" ? 2 : Number(last.slice(6));
  const most = args.value("tls-max");
  const high = most === undefined || most === "default" ? 3 : Number(most.slice(2));
  if (high < low && args.given.some(({ name }) => name.startsWith("tlsv1")))
    throw new CurlFailure(35, "CURL_SSLVERSION_MAX incompatible with CURL_SSLVERSION");
  return [`TLSv1.${low}` as Version, `TLSv1.${high}` as Version];
}

async function describeHandshake(
  verbose: Verbose,
  session: TlsSession,
  requests: boolean,
  refused: boolean,
): Promise<void> {
  const lines =
    session.version === "TLSv1.3"
      ? ["IN), TLS handshake, Server hello (2)", "IN), TLS handshake, Encrypted Extensions (8)", ...(requests ? ["IN), TLS handshake, Request CERT (13)"] : []), "IN), TLS handshake, Certificate (11)", "IN), TLS handshake, CERT verify (15)", "IN), TLS handshake, Finished (20)", "OUT), TLS change cipher, Change cipher spec (1)", ...(requests ? ["OUT), TLS handshake, Certificate (11)"] : []), ...(session.clientChain ? ["OUT), TLS handshake, CERT verify (15)"] : []), "OUT), TLS handshake, Finished (20)"] // prettier-ignore
      : ["IN), TLS handshake, Server hello (2)", "IN), TLS handshake, Certificate (11)", "IN), TLS handshake, Server key exchange (12)", "IN), TLS handshake, Server finished (14)", "OUT), TLS handshake, Client key exchange (16)", "OUT), TLS change cipher, Change cipher spec (1)", "OUT), TLS handshake, Finished (20)", "IN), TLS handshake, Finished (20)"]; // prettier-ignore
  for (const line of lines) {
    await verbose.info(`${session.version} (${line}:`);
    // A certificate that is not trusted is the end of it.
    if (refused && line === "IN), TLS handshake, Certificate (11)") return;
  }
}

async function describeEnd(
  { verbose, version }: Securing,
  session: TlsSession,
  chain: readonly Certificate[],
  offered: boolean,
): Promise<void> {
  // prettier-ignore
  const { cipher } = session;
  const [leaf] = chain;
  const key =
    leaf?.publicKey.kind === "ec" ? "id-ecPublicKey" : session.version === "TLSv1.3" ? "RSASSA-PSS" : "rsaEncryption";
  await verbose.info(
    `SSL connection using ${session.version} / ${cipher}${version.isAtLeast("8.2") ? ` / X25519 / ${key}` : ""}`,
  );
  if (session.alpn !== undefined) await verbose.info(`ALPN: server accepted ${session.alpn}`);
  else if (offered) await verbose.info("ALPN: server did not agree on a protocol. Uses default.");
  if (!leaf) return;
  await verbose.info("Server certificate:");
  await verbose.info(` subject: ${nameText(leaf.subject)}`);
  await verbose.info(` start date: ${opensslDate(leaf.notBefore)}`);
  await verbose.info(` expire date: ${opensslDate(leaf.notAfter)}`);
}

function describeKey({ publicKey, signatureAlgorithm }: Certificate): string {
  const [type, bits, strength] = publicKey.kind === "rsa" ? ["RSA", 2048, 112] : ["EC/prime256v1", 256, 128];
  const signed = signatureAlgorithm.startsWith("1.2.840.10045") ? "ecdsa-with-SHA256" : "sha256WithRSAEncryption";
  return `Public key type ${type} (${bits}/${strength} Bits/secBits), signed using ${signed}`;
}

/** `O=system:masters; CN=kubernetes-admin` (X509_NAME_print_ex with XN_FLAG_SEP_SPLUS_SPC). */
export function nameText(name: DistinguishedName): string {
  return name
    .map((part) => part.map(({ type, value }) => `${ATTRIBUTE_NAMES[type] ?? type}=${value}`).join(" + "))
    .join("; ");
}

function opensslDate(time: Time): string {
  const { year, month, day, hour, minute, second } = calendar(time);
  return `${MONTHS[month - 1]!.slice(0, 3)} ${String(day).padStart(2)} ${pad(hour, 2)}:${pad(minute, 2)}:${pad(second, 2)} ${year} GMT`;
}
