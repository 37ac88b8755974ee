import { errnoNumber } from "../../sim/host/index.ts";
import { SECOND } from "../../sim/kernel/index.ts";
import {
  ConnectFailed,
  connectTcp,
  isAddress,
  shakeHands,
  type ClientHello,
  type TcpSocket,
  type TlsAlert,
} from "../../sim/net/index.ts";
import { certificatePem, type Certificate } from "../../sim/kube/pki/index.ts";
import { getaddrinfo, type Family } from "../netdb/getaddrinfo.ts";
import { errorWords, gaiWords } from "../netdb/libc.ts";
import { serviceByName } from "../netdb/services.ts";
import { relay } from "../sockets/relay.ts";
import type { Call } from "./call.ts";
import type { Command } from "./command.ts";
import { queued, type QueuedError } from "./failure.ts";
import { sameKey } from "./key.ts";
import { certificatesIn, loadCertificate, loadPrivateKey } from "./load.ts";
import { nameOptions } from "./name-text.ts";
import { publicKeyOf } from "./issue.ts";
import { describeConnection, type Peer, type Session } from "./s-client-text.ts";
import { NOT_SIMULATED, trustedCertificates, VERIFY_OPTIONS } from "./trust-store.ts";
import { judge, type Judged } from "./s-client-verify.ts";
import { verifyConditions } from "./verify.ts";
import { MISMATCH } from "./x509-make.ts";

export const sClient: Command = {
  name: "s_client",
  operands: "[host:port]",
  options: `General options:
 help - Shows this list
 engine s Engine to use
 ssl_config s Section of the configuration
Network options:
 host s Host to connect to
 port p Port to connect to
 connect s Host and port to connect to
 bind s Address to connect from
 proxy s Proxy to connect through
 unix s Socket to connect to
 4 - Uses IPv4
 6 - Uses IPv6
Identity options:
 cert < File with the client's certificate
 certform F Its format
 cert_chain < File with the certificates behind it
 key s File with its key
 keyform F Its format
 pass s Where the pass phrase of the key comes from
 nameopt s How names are printed
 servername s Name to ask for
 noservername - Asks for no name
 alpn s Protocols to offer, with commas
 starttls s Protocol that starts TLS
 reconnect - Connects again
Display options:
 showcerts - Shows all certificates of the server
 brief - Shows a few lines
 quiet - Shows nothing of the session
 ign_eof - Goes on when the input has ended
 no_ign_eof - Ends when the input has ended
 crlf - Ends lines with carriage return and newline
 prexit - Shows the session again at the end
 status - Asks for the status of the certificate
 state - Shows states
 debug - Shows all bytes
 msg - Shows messages
 security_debug - Shows decisions
 tlsextdebug - Shows extensions
Verification options:
 verify p Verifies with so much depth
 verify_quiet - Shows errors of verification only
 verify_return_error - Ends with an error of verification
 verifyCAfile < File of trusted certificates
 ${VERIFY_OPTIONS.trim()}
Protocol options:
 tls1_2 - Uses TLS 1.2
 tls1_3 - Uses TLS 1.3
 no_tls1_2 - Does not use TLS 1.2
 no_tls1_3 - Does not use TLS 1.3
 tls1 - Uses TLS 1.0
 tls1_1 - Uses TLS 1.1
 cipher s Ciphers of TLS 1.2
 ciphersuites s Ciphers of TLS 1.3
 sess_out > File for the session
 sess_in < File with a session
 no_ticket - Asks for no ticket
Parameters:
 (host:port) Where to connect to`,

  async run(call) {
    for (const option of [
      "engine",
      "ssl_config",
      "proxy",
      "unix",
      "starttls",
      "reconnect",
      "prexit",
      "status",
      "state",
      "debug",
      "msg",
      "security_debug",
      "tlsextdebug",
      "verifyCAfile",
      "tls1",
      "tls1_1",
      "cipher",
      "ciphersuites",
      "sess_out",
      "sess_in",
      ...NOT_SIMULATED,
    ])
      // prettier-ignore
      if (call.has(option)) throw call.failure(`drydock: openssl: s_client: '-${option}' is not simulated\n`, [], 64);
    if (call.operands.length > 1 || (call.operands.length === 1 && call.has("connect"))) throw call.usage();
    const names = nameOptions(call);
    if (!names) throw call.usage();
    const identity = await clientIdentity(call);
    const conditions = verifyConditions(call);
    const roots = await trustedCertificates(call);
    const target = targetOf(call);
    const socket = await dial(call, target);
    const { process } = call;
    const fd = process.fds.add(socket, 3);
    try {
      return await talk(call, socket, target.host, (chain) =>
        judge(call, chain, { roots, untrusted: chain, purpose: "sslserver", ...conditions }, names), identity); // prettier-ignore
    } finally {
      process.fds.close(fd);
    }
  },
};

interface Target {
  readonly host: string;
  readonly port: number;
}

/** `host:port`, `[::1]:port`, `host`; 4433 if no port is given. */
function targetOf(call: Call): Target {
  const text = call.value("connect") ?? call.operands[0];
  const [, bracketed, plain, port] = /^(?:\[([^\]]*)\]|([^:]*))(?::(.*))?$/.exec(text ?? "") ?? [
    undefined,
    undefined,
    text,
  ];
  const host = bracketed ?? (plain === "" ? undefined : plain) ?? call.value("host") ?? "localhost";
  const service = port ?? call.value("port") ?? "4433";
  const number = /^\d+$/.test(service) ? Number(service) : serviceByName(call.process.host, service, "tcp")?.port;
  if (number !== undefined) return { host, port: number };
  throw call.failure(`${call.lines([lookupError("Servname not supported for ai_socktype")])}connect:errno=0\n`);
}

function lookupError(words: string): QueuedError {
  return queued("10080002", "BIO routines", "BIO_lookup_ex", "system lib", "../crypto/bio/bio_addr.c:746", words);
}

async function dial(call: Call, { host, port }: Target): Promise<TcpSocket> {
  const { process } = call;
  const family: Family | undefined = call.has("4") ? 4 : call.has("6") ? 6 : undefined;
  const found = await getaddrinfo(process, host, family);
  if (found.failure !== undefined)
    throw call.failure(`${call.lines([lookupError(gaiWords(process.host, found.failure))])}connect:errno=0\n`);
  const errors: QueuedError[] = [];
  let errno = 0;
  const bind = call.value("bind")?.replace(/:\d*$/, "");
  for (const address of found.addresses) {
    try {
      return await connectTcp(process, {
        to: address,
        port,
        ...(bind === undefined ? {} : { from: { address: bind } }),
      });
    } catch (error) {
      if (!(error instanceof ConnectFailed)) throw error;
      errno = errnoNumber(error.code);
      const code = (0x80000000 + errno).toString(16).toUpperCase();
      errors.push(
        queued(code, "system library", "BIO_connect", errorWords(process.host, error.code), "../crypto/bio/bio_sock2.c:117", "calling connect()"),
        queued("10000067", "BIO routines", "BIO_connect", "connect error", "../crypto/bio/bio_sock2.c:119"),
      ); // prettier-ignore
    }
  }
  throw call.failure(`${call.lines(errors)}connect:errno=${errno}\n`);
}

/** The client's certificate with what stands behind it, PEM; its key must belong to it. */
async function clientIdentity(call: Call): Promise<readonly string[] | undefined> {
  const path = call.value("cert");
  if (path === undefined) return undefined;
  const certificate = await loadCertificate(call, path, "client certificate");
  const key = await loadPrivateKey(call, call.value("key") ?? path, { what: "client certificate private key", passin: call.value("pass") }); // prettier-ignore
  if (!sameKey(publicKeyOf(call, certificate), key.public))
    throw call.failure("error setting private key\n", [MISMATCH]);
  const chainFile = call.value("cert_chain");
  const chain = chainFile === undefined ? [] : certificatesIn(await call.mustRead(chainFile));
  return [certificate, ...chain].map((one) => certificatePem(one));
}

async function talk(
  call: Call,
  socket: TcpSocket,
  host: string,
  verify: (chain: readonly Certificate[]) => Judged,
  identity: readonly string[] | undefined,
): Promise<number> {
  const { process } = call;
  const quiet = call.has("quiet");
  const brief = call.has("brief");
  const serverName = call.has("noservername")
    ? undefined
    : (call.value("servername") ?? (isDnsName(host) ? host : undefined));
  const alpn = call.value("alpn")?.split(",");
  const version = call.has("tls1_2") || call.has("no_tls1_3") ? "TLSv1.2" : "TLSv1.3";
  // In a pipe this stays in the buffer while the verification is told on standard error.
  let held = quiet || brief ? "" : `CONNECTED(${String(3).padStart(8, "0")})\n`;
  if (process.isTty(1)) {
    await process.print(held);
    held = "";
  }
  const hello: ClientHello = {
    version,
    ...(serverName === undefined ? {} : { serverName }),
    ...(alpn ? { alpn } : {}),
    ...(identity ? { certificate: identity } : {}),
  };
  const result = await shakeHands(process, socket.connection, hello, 120 * SECOND);
  const session: Session = { call, quiet, brief, serverName, alpn, version, clientChain: identity };
  if (result.outcome !== "established") {
    const why = result.outcome === "alert" ? result.alert : result.outcome;
    if (!quiet && !brief) await process.print(held + describeConnection(session, undefined));
    await call.error(failedHandshake(call, why));
    return 1;
  }
  if (serverName === undefined) await call.error("Can't use SSL_get_servername\n");
  const chain = result.session.serverChain.flatMap((pem) => certificatesIn(pem));
  const judged = verify(chain);
  await call.error(judged.text);
  const peer: Peer = {
    session: result.session,
    chain,
    judged,
    requests: result.requestsCertificate,
    authorities: result.clientAuthorities.flatMap((pem) => certificatesIn(pem)),
  };
  if (judged.refused) {
    const shown = quiet || brief ? "" : held + describeConnection(session, peer);
    if (process.isTty(1)) await process.print(shown);
    await call.error(
      call.lines([
        queued("0A000086", "SSL routines", "tls_post_process_server_certificate", "certificate verify failed", "../ssl/statem/statem_clnt.c:1889"),
      ]),
    ); // prettier-ignore
    if (!process.isTty(1)) await process.print(shown);
    return 1;
  }
  if (brief) await call.error(describeConnection(session, peer));
  else if (!quiet) await process.print(held + describeConnection(session, peer));
  return converse(call, socket, quiet);
}

/**
 * What comes is printed, what is typed is sent. The end of the input ends it, and a line that begins with `Q`, unless `-quiet`
 * or `-ign_eof` says that it goes on.
 */
async function converse(call: Call, socket: TcpSocket, quiet: boolean): Promise<number> {
  const { process } = call;
  const goesOn = (quiet || call.has("ign_eof")) && !call.has("no_ign_eof");
  let left = false;
  const end = await relay(process, socket, {
    put: async (bytes) => {
      await process.write(1, bytes);
      return true;
    },
    send: (bytes) => {
      left = !goesOn && bytes.startsWith("Q");
      return call.has("crlf") ? bytes.replaceAll(/\r?\n/g, "\r\n") : bytes;
    },
    interrupted: () => left,
    // What is there already is shown before the end.
    ...(goesOn ? {} : { linger: 0 }),
  });
  if (end === "reset") {
    await call.error("read:errno=104\n");
    return 1;
  }
  if (end === "ended" && !quiet) await process.print("closed\n");
  else if (!quiet) await call.error("DONE\n");
  return 0;
}

/** is_dNS_name: letters, digits and hyphens with at least one dot, and no address. */
function isDnsName(host: string): boolean {
  if (isAddress(host) || host.length > 253) return false;
  return /^[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?(?:\.[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?)+$/.test(host);
}

/** Names of alerts are OpenSSL's reasons: codes, words, and the alert's number. */
const ALERTS: Readonly<Record<TlsAlert, readonly [code: string, words: string, number: number]>> = {
  unrecognized_name: ["0A000458", "tlsv1 unrecognized name", 112],
  handshake_failure: ["0A000410", "sslv3 alert handshake failure", 40],
  bad_certificate: ["0A000412", "sslv3 alert bad certificate", 42],
  certificate_required: ["0A00045C", "tlsv13 alert certificate required", 116],
  unknown_ca: ["0A000418", "tlsv1 alert unknown ca", 48],
  protocol_version: ["0A00042E", "tlsv1 alert protocol version", 70],
  internal_error: ["0A000438", "tlsv1 alert internal error", 80],
};

function failedHandshake(call: Call, why: TlsAlert | "not tls" | "no answer" | "reset" | "closed"): string {
  if (why === "reset") return "write:errno=104\n";
  if (why === "no answer") return "write:errno=110\n";
  if (why === "not tls")
    return call.lines([queued("0A00010B", "SSL routines", "ssl3_get_record", "wrong version number", "../ssl/record/ssl3_record.c:350")]); // prettier-ignore
  if (why === "closed")
    return call.lines([queued("0A000126", "SSL routines", "ssl3_read_n", "unexpected eof while reading", "../ssl/record/rec_layer_s3.c:308")]); // prettier-ignore
  const [code, words, number] = ALERTS[why];
  return call.lines([queued(code, "SSL routines", "ssl3_read_bytes", words, "../ssl/record/rec_layer_s3.c:1601", `SSL alert number ${number}`)]); // prettier-ignore
}
