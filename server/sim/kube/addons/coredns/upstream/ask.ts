import { MILLISECOND, SECOND, type Duration } from "../../../../kernel/index.ts";
import {
  addressText,
  connect,
  decodeDns,
  encodeDns,
  exchange,
  exchangeDatagram,
  getRoute,
  parseAddress,
  type DnsMessage,
  type Errno,
} from "../../../../net/index.ts";
import type { Instance } from "../server/instance.ts";
import { seriesKey } from "../server/metrics.ts";
import type { Query } from "../query.ts";

/** A name server that queries are forwarded to. */
export interface Upstream {
  readonly address: string;
  readonly port: number;
}

export type Asked = { readonly message: DnsMessage } | { readonly error: string };

/** plugin/pkg/proxy: how long a read waits. */
const READ_TIMEOUT: Duration = 2 * SECOND;
/** The first dial that gets no answer gives up after maxDialTimeout. */
const DIAL_TIMEOUT: Duration = 30 * SECOND;
const DURATION = "coredns_proxy_request_duration_seconds";

const WORDS: Partial<Record<Errno, string>> = {
  ECONNREFUSED: "connection refused",
  ENETUNREACH: "network is unreachable",
  EHOSTUNREACH: "no route to host",
  EPERM: "operation not permitted",
  EACCES: "permission denied",
  EINVAL: "invalid argument",
  ECONNRESET: "connection reset by peer",
};

/** Sends a query to a name server and takes its answer; counts the time that this takes. Errors in the words of Go's net package. */
export function askUpstream(
  instance: Instance,
  upstream: Upstream,
  query: Query,
  protocol: "udp" | "tcp",
  timeout: Duration = READ_TIMEOUT,
): Asked {
  const id = instance.random("id", 0x10000);
  const bytes = encodeDns({ ...query.message, id });
  const start = query.clock.elapsed;
  const asked =
    protocol === "udp"
      ? overUdp(instance, upstream, bytes, id, timeout)
      : overTcp(instance, upstream, bytes, id, timeout);
  instance.stopIfGone();
  query.clock.elapsed = start + asked.delay;
  instance.metrics.add("coredns_proxy_conn_cache_misses_total", {
    proto: protocol,
    proxy_name: "forward",
    to: `${upstream.address}:${upstream.port}`,
  });
  if ("error" in asked) return { error: asked.error };
  const labels = { proxy_name: "forward", rcode: asked.message.rcode, to: `${upstream.address}:${upstream.port}` };
  instance.metrics.observe(DURATION, seriesKey(DURATION, labels), asked.delay / SECOND);
  return { message: asked.message };
}

type Timed = Asked & { readonly delay: Duration };

function overUdp(instance: Instance, { address, port }: Upstream, bytes: string, id: number, timeout: Duration): Timed {
  const { ns } = instance;
  const target = join(address, port);
  const route = getRoute(ns, { destination: parseAddress(address)! });
  if (typeof route === "string") return { error: `dial udp ${target}: connect: ${words(route)}`, delay: 0 };
  const from = instance.ephemeralPort();
  const read = `read udp ${join(addressText(route.source ?? 0), from)}->${target}`;
  if (instance.goesRound) return { error: `${read}: i/o timeout`, delay: timeout };
  const spec = { to: address, port, from: { port: from }, uid: instance.self.uid, tracing: false };
  const result = exchangeDatagram(ns, spec, bytes);
  for (const answer of result.answers) {
    const message = answer.delay <= timeout ? decodeDns(answer.bytes) : undefined;
    if (message && message.id === id && message.response) return { message, delay: answer.delay };
  }
  const { errno, latency } = result;
  if (errno === undefined || latency > timeout) return { error: `${read}: i/o timeout`, delay: timeout };
  if (errno === "EPERM") return { error: `${read.replace("read", "write")}: write: ${words(errno)}`, delay: latency };
  return { error: `${read}: read: ${words(errno)}`, delay: latency };
}

function overTcp(instance: Instance, { address, port }: Upstream, bytes: string, id: number, timeout: Duration): Timed {
  const target = join(address, port);
  if (instance.goesRound) return { error: `dial tcp ${target}: i/o timeout`, delay: timeout };
  const dialled = connect(instance.ns, {
    to: address,
    port,
    pid: instance.self.pid,
    uid: instance.self.uid,
    tracing: false,
  });
  const { connection, latency } = dialled;
  if (dialled.outcome !== "connected" || !connection) {
    connection?.close();
    if (dialled.errno === undefined) return { error: `dial tcp ${target}: i/o timeout`, delay: DIAL_TIMEOUT };
    return { error: `dial tcp ${target}: connect: ${words(dialled.errno)}`, delay: latency };
  }
  const read = `read tcp ${join(connection.local.address, connection.local.port)}->${target}`;
  const length = String.fromCharCode(bytes.length >> 8, bytes.length & 0xff);
  const result = exchange(connection, length + bytes, whole, { tracing: false });
  connection.close();
  const delay = latency + result.latency;
  if (result.outcome === "answered" && delay <= latency + timeout) {
    const message = decodeDns(result.bytes.slice(2));
    if (message && message.id === id) return { message, delay };
  }
  if (result.outcome === "reset") return { error: `${read}: read: connection reset by peer`, delay };
  if (result.outcome === "closed") return { error: "EOF", delay };
  return { error: `${read}: i/o timeout`, delay: latency + timeout };
}

function whole(received: string): boolean {
  return received.length >= 2 && received.length >= 2 + ((received.charCodeAt(0) << 8) | received.charCodeAt(1));
}

function join(address: string, port: number): string {
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}

function words(errno: Errno): string {
  return WORDS[errno] ?? errno.toLowerCase();
}

/** What it takes the server to answer by itself. */
export const THINKING: Duration = MILLISECOND / 10;
