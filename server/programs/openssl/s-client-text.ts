import { SECOND } from "../../sim/kernel/index.ts";
import { certificatePem, publicKeyInfo, type Certificate } from "../../sim/kube/pki/index.ts";
import type { TlsSession } from "../../sim/net/index.ts";
import type { Call } from "./call.ts";
import { timeText } from "./certificate-text.ts";
import { bitsOf, readSpki, type PublicKey } from "./key.ts";
import { nameOptions, nameText, type NameOptions } from "./name-text.ts";
import { shortName } from "./objects.ts";
import { type Judged, verifyWords } from "./s-client-verify.ts";

/** What the client began with. */
export interface Session {
  readonly call: Call;
  readonly quiet: boolean;
  readonly brief: boolean;
  readonly serverName: string | undefined;
  readonly alpn: readonly string[] | undefined;
  readonly version: "TLSv1.2" | "TLSv1.3";
  readonly clientChain: readonly string[] | undefined;
}

/** What it found at the other end. */
export interface Peer {
  readonly session: TlsSession;
  readonly chain: readonly Certificate[];
  readonly judged: Judged;
  /** It wants to see the client's certificate. */
  readonly requests: boolean;
  /** Whose certificates it takes. */
  readonly authorities: readonly Certificate[];
}

/** Go's preferences (crypto/tls/common.go): servers that ask for certificates here are API servers, kubelets and etcd. */
const REQUESTED =
  "RSA-PSS+SHA256:ECDSA+SHA256:ed25519:RSA-PSS+SHA384:RSA-PSS+SHA512:RSA+SHA256:RSA+SHA384:RSA+SHA512:ECDSA+SHA384:ECDSA+SHA512:RSA+SHA1:ECDSA+SHA1";
const SHARED =
  "RSA-PSS+SHA256:ECDSA+SHA256:ed25519:RSA-PSS+SHA384:RSA-PSS+SHA512:RSA+SHA256:RSA+SHA384:RSA+SHA512:ECDSA+SHA384:ECDSA+SHA512";

/** print_stuff of apps/s_client.c, or with `-brief` print_ssl_summary. Without a peer: the handshake has failed. */
export function describeConnection(session: Session, peer: Peer | undefined): string {
  if (session.brief) return peer ? summary(session, peer) : "";
  const { call } = session;
  const names = nameOptions(call)!;
  const leaf = peer?.judged.refused ? undefined : peer?.chain[0];
  let out = "---\n";
  if (peer && peer.chain.length > 0) {
    out += "Certificate chain\n";
    for (const [depth, one] of peer.chain.entries()) {
      out += ` ${String(depth)} s:${nameText(one.subject, names)}\n   i:${nameText(one.issuer, names)}\n`;
      out += `   a:PKEY: ${keyKind(one)}, ${keyBits(one)} (bit); sigalg: ${shortName(one.signatureAlgorithm)}\n`;
      out += `   v:NotBefore: ${timeText(one.notBefore)}; NotAfter: ${timeText(one.notAfter)}\n`;
      if (call.has("showcerts")) out += certificatePem(one);
    }
    out += "---\n";
  }
  if (leaf) {
    out += `Server certificate\n${call.has("showcerts") ? "" : certificatePem(leaf)}`;
    out += `subject=${nameText(leaf.subject, names)}\nissuer=${nameText(leaf.issuer, names)}\n`;
  } else out += "no peer certificate available\n";
  out += "---\n";
  out += authoritiesText(leaf ? (peer?.authorities ?? []) : [], names);
  if (peer?.requests && leaf)
    out += `Requested Signature Algorithms: ${REQUESTED}\nShared Requested Signature Algorithms: ${SHARED}\n`;
  if (leaf) out += `Peer signing digest: SHA256\nPeer signature type: ${signatureType(leaf)}\n`;
  if (peer) out += "Server Temp Key: X25519, 253 bits\n";
  const { read, written } = handshakeSize(session, peer);
  out += `---\nSSL handshake has read ${read} bytes and written ${written} bytes\n${verification(peer)}`;
  if (peer && peer.judged.code === 0 && call.has("verify_hostname"))
    out += `Verified peername: ${peerName(peer.chain[0]!, call.value("verify_hostname")!)}\n`;
  const old = peer?.session.version === "TLSv1.2";
  out += `---\nNew, ${peer ? peer.session.version : "(NONE)"}, Cipher is ${peer ? cipherOf(peer) : "(NONE)"}\n`;
  if (leaf) out += `Server public key is ${keyBits(leaf)} bit\n`;
  out += `Secure Renegotiation IS ${old ? "" : "NOT "}supported\nCompression: NONE\nExpansion: NONE\n`;
  out += peer?.session.alpn === undefined ? "No ALPN negotiated\n" : `ALPN protocol: ${peer.session.alpn}\n`;
  if (old) out += sessionText(session, peer);
  else out += `Early data was not sent\nVerify return code: ${verifyCode(peer)}\n`;
  return `${out}---\n`;
}

function authoritiesText(authorities: readonly Certificate[], names: NameOptions): string {
  if (authorities.length === 0) return "No client certificate CA names sent\n";
  const list = authorities.map(({ subject }) => `${nameText(subject, names)}\n`).join("");
  return `Acceptable client certificate CA names\n${list}`;
}

function summary({ call }: Session, peer: Peer): string {
  const [leaf] = peer.chain;
  const names = nameOptions(call)!;
  const hostname = call.value("verify_hostname");
  return `CONNECTION ESTABLISHED
Protocol version: ${peer.session.version}
Ciphersuite: ${cipherOf(peer)}
${peer.requests ? `Requested Signature Algorithms: ${REQUESTED}\n` : ""}${
    leaf
      ? `Peer certificate: ${nameText(leaf.subject, names)}
Hash used: SHA256
Signature type: ${signatureType(leaf)}
${verification(peer)}${peer.judged.code === 0 && hostname !== undefined ? `Verified peername: ${peerName(leaf, hostname)}\n` : ""}`
      : "No peer certificate\n"
  }${peer.session.version === "TLSv1.2" ? "Supported Elliptic Curve Point Formats: uncompressed\n" : ""}Server Temp Key: X25519, 253 bits
`;
}

/** The session of TLS 1.2, which is known when the handshake is over. */
function sessionText({ call }: Session, peer: Peer): string {
  const { random } = call.process.kernel;
  const hex = (bytes: number): string => random.hex("openssl/session", bytes * 2).toUpperCase();
  return `SSL-Session:
    Protocol  : TLSv1.2
    Cipher    : ${cipherOf(peer)}
    Session-ID: ${hex(32)}
    Session-ID-ctx: 
    Master-Key: ${hex(48)}
    PSK identity: None
    PSK identity hint: None
    SRP username: None
    Start Time: ${Math.floor(call.process.now / SECOND)}
    Timeout   : 7200 (sec)
    Verify return code: ${verifyCode(peer)}
    Extended master secret: yes
`;
}

function verification(peer: Peer | undefined): string {
  const code = peer?.judged.code ?? 0;
  return code === 0 ? "Verification: OK\n" : `Verification error: ${verifyWords(code)}\n`;
}

function verifyCode(peer: Peer | undefined): string {
  const code = peer?.judged.code ?? 0;
  return `${code} (${verifyWords(code)})`;
}

function cipherOf({ session, chain }: Peer): string {
  return chain[0]?.publicKey.kind === "rsa" ? session.cipher : session.cipher.replace("-RSA-", "-ECDSA-");
}

function keyOf(certificate: Certificate): PublicKey | undefined {
  return readSpki(publicKeyInfo(certificate.publicKey));
}

function keyKind(certificate: Certificate): string {
  const kind = keyOf(certificate)?.kind;
  return kind === "rsa" ? "rsaEncryption" : kind === "ec" ? "id-ecPublicKey" : "ED25519";
}

function keyBits(certificate: Certificate): number {
  const key = keyOf(certificate);
  return key ? bitsOf(key) : 0;
}

function signatureType(leaf: Certificate): string {
  const kind = keyOf(leaf)?.kind;
  return kind === "rsa" ? "RSA-PSS" : kind === "ec" ? "ECDSA" : "Ed25519";
}

function peerName(leaf: Certificate, host: string): string {
  return leaf.dnsNames.find((name) => name.toLowerCase() === host.toLowerCase()) ?? leaf.dnsNames[0] ?? host;
}

const RECORD = 22;
const HELLO = 297;

/** How many bytes the messages of TLS 1.3 have (RFC 8446): records of 5 bytes, a type and a tag of 16 around what is encrypted. */
function handshakeSize(session: Session, peer: Peer | undefined): { read: number; written: number } {
  const hello =
    HELLO +
    (session.serverName === undefined ? 0 : 9 + session.serverName.length) +
    (session.alpn ? 6 + session.alpn.reduce((sum, one) => sum + 1 + one.length, 0) : 0);
  if (!peer) return { read: 7, written: hello };
  const certificates = peer.chain.reduce((sum, { raw }) => sum + 5 + raw.length, 8);
  const extensions = 6 + (session.serverName === undefined ? 0 : 4) + (peer.session.alpn === undefined ? 0 : 7 + peer.session.alpn.length); // prettier-ignore
  const request = peer.requests ? RECORD + 7 + 6 + 2 * 12 + authoritiesSize(peer.authorities) : 0;
  const untilCertificate = 127 + 6 + RECORD + extensions + request + RECORD + certificates;
  if (peer.judged.refused) return { read: untilCertificate, written: hello + 7 };
  const signature = peer.chain[0] ? signatureSize(peer.chain[0]) : 0;
  const own =
    session.clientChain?.map((pem) => Buffer.from(pem.replace(/-----[^-]*-----|\s/g, ""), "base64").length) ?? [];
  const answer = peer.requests
    ? RECORD + 8 + own.reduce((sum, size) => sum + 5 + size, 0) + (own.length > 0 ? RECORD + 8 + 256 : 0)
    : 0;
  return { read: untilCertificate + RECORD + 8 + signature + RECORD + 52, written: hello + 6 + answer + RECORD + 52 };
}

function authoritiesSize(authorities: readonly Certificate[]): number {
  return authorities.length === 0 ? 0 : authorities.reduce((sum, { rawSubject }) => sum + 2 + rawSubject.length, 6);
}

function signatureSize(certificate: Certificate): number {
  const key = keyOf(certificate);
  return key?.kind === "rsa" ? Math.ceil(bitsOf(key) / 8) : key?.kind === "ec" ? 71 : 64;
}
