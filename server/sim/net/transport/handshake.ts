import type { Bytes, Duration } from "../../kernel/index.ts";
import { connectionIndex } from "../socket/lookup.ts";
import { isAsleep } from "../socket/waiting.ts";
import type { Trace } from "../walk/trace.ts";
import type { Connection, SendResult } from "./connection.ts";
import { collect } from "./exchange.ts";
import { applicationOf, connectionContext } from "./serve.ts";
import { alertRecord, clientFinished, clientHello, serverFlight } from "./records.ts";
import { FIRST_CIPHERS, type ClientHello, type TlsAlert, type TlsAnswer, type TlsSession } from "./tls.ts";

export type HandshakeResult =
  | {
      readonly outcome: "established";
      readonly session: TlsSession;
      readonly requestsCertificate: boolean;
      /** PEM texts of authorities whose certificates the server takes. */
      readonly clientAuthorities: readonly string[];
      readonly trace: Trace | undefined;
      readonly latency: Duration;
    }
  | {
      readonly outcome: "alert";
      readonly alert: TlsAlert;
      readonly trace: Trace | undefined;
      readonly latency: Duration;
    }
  | {
      /** `not tls`: the server took the hello for something of its own protocol and answered `bytes`. */
      readonly outcome: "not tls" | "no answer" | "reset" | "closed";
      readonly bytes: Bytes;
      readonly trace: Trace | undefined;
      readonly latency: Duration;
    };

/**
 * Starts TLS on a connection: the server's application chooses its certificate by name, and both ends see it from then on.
 * Whether to trust it is for the client to say.
 */
export function startTls(connection: Connection, hello: ClientHello): HandshakeResult {
  const at = connection.row?.flow?.next ?? 0;
  const bytes = clientHello(hello, at);
  const sent = connection.send(bytes, { hold: true });
  const { trace, there } = sent;
  const latency = sent.latency * 2;
  if (sent.outcome !== "delivered") return { outcome: sent.outcome, bytes: "", trace, latency };
  const row = there?.row;
  const application = row && applicationOf(there.ns, row);
  if (row && isAsleep(there.ns, row)) return { outcome: "no answer", bytes: "", trace, latency };
  if (!application?.tls) return puzzled(connection, sent, bytes);
  const answer: TlsAnswer = hello.obsolete
    ? { alert: "protocol_version" }
    : application.tls(hello, connectionContext(there!.ns, row!));
  const session = "alert" in answer ? undefined : agreed(hello, answer);
  const flight = session ? serverFlight(session, at) : alertRecord((answer as { alert: TlsAlert }).alert);
  const back = there!.send(flight, { hold: true });
  if (trace && back.trace) trace.reply ??= back.trace;
  if (back.outcome !== "delivered") return { outcome: "no answer", bytes: "", trace, latency };
  if ("alert" in answer || !session) {
    there!.close();
    return { outcome: "alert", alert: (answer as { alert: TlsAlert }).alert, trace, latency };
  }
  connection.send(clientFinished(session, at + 1), { hold: true, tracing: false });
  for (const end of [connection, there!]) connectionIndex(end.ns).put({ ...end.row!, tls: session });
  const requestsCertificate = answer.requestsCertificate ?? false;
  const clientAuthorities = answer.clientAuthorities ?? [];
  return { outcome: "established", session, requestsCertificate, clientAuthorities, trace, latency };
}

function agreed(hello: ClientHello, answer: Exclude<TlsAnswer, { alert: TlsAlert }>): TlsSession {
  const version = answer.version ?? hello.version;
  return {
    version,
    cipher: answer.ciphers?.[version] ?? FIRST_CIPHERS[version],
    serverChain: answer.chain,
    ...(hello.serverName === undefined ? {} : { serverName: hello.serverName }),
    ...chosenProtocol(hello, answer.alpn),
    ...(answer.requestsCertificate && hello.certificate ? { clientChain: hello.certificate } : {}),
  };
}

/** RFC 7301: a server chooses among what was offered. One that would speak HTTP/2 speaks HTTP/1.1, too. */
function chosenProtocol({ alpn = [] }: ClientHello, wanted: string | undefined): { alpn?: string } {
  if (wanted === undefined) return {};
  if (alpn.includes(wanted)) return { alpn: wanted };
  return wanted === "h2" && alpn.includes("http/1.1") ? { alpn: "http/1.1" } : {};
}

/** A server that speaks no TLS acts on the hello as on anything else. */
function puzzled(connection: Connection, sent: SendResult, hello: Bytes): HandshakeResult {
  const act = (): SendResult => {
    sent.there?.take(hello, sent.latency, sent.trace);
    return sent;
  };
  const { outcome, bytes, trace, latency } = collect(connection, (received) => received !== "", act);
  return { outcome: outcome === "answered" ? "not tls" : outcome, bytes, trace, latency };
}
