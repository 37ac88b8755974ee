import { decode, type Duration } from "../../server/sim/kernel/index.ts";
import {
  addressesNow,
  addressText,
  connect,
  exchangeDatagram,
  httpExchange,
  isAddress,
  ping,
  startTls,
  type AddressLookup,
  type Connection,
  type Decision,
  type ConnectResult,
  type Headers,
  type Hop,
  type Outcome as TransportOutcome,
  type Trace,
} from "../../server/sim/net/index.ts";
import { certificates } from "../../server/sim/kube/access/identity.ts";
import { verifyCertificate } from "../../server/sim/kube/pki/index.ts";
import type { Pod } from "../../server/sim/kube/api/index.ts";
import { NotSimulated } from "../broken.ts";
import type { Outcome } from "../checks/names.ts";
import type { Place } from "../scene/place.ts";
import type { Scene } from "../scene/scene.ts";
import { namedByRoute } from "../why/gateway.ts";
import { flavourOf } from "./resolver.ts";
import type { Target } from "./target.ts";

/** One attempt to reach something, made as a client there would: look the name up, connect, ask. */
export interface Probe {
  readonly from: Place;
  readonly target: Target;
  readonly outcome: Outcome;
  /** Until the client knew, in microseconds. */
  readonly latency: Duration;
  readonly lookup?: AddressLookup;
  readonly address?: string;
  /** How it went beyond the outcome: `closed without an answer`, the certificate's error. */
  readonly detail?: string;
  readonly trace?: Trace;
  /** The way of a connection's first packet, for which rules chose where it goes. */
  readonly opening?: Trace;
  /** The hop that decided. */
  readonly by?: Hop;
  readonly status?: number;
  readonly body?: string;
  readonly headers?: Headers;
  /** The client's address as the server sees it. */
  readonly seenSource?: string;
  /** Where the connection ended. */
  readonly backend?: Backend;
  /** What programs on the way decided: name servers, ingress controllers. */
  readonly decisions: readonly Decision[];
}

export interface Backend {
  readonly pod?: Pod;
  /** `Pod cart-6c4d`, `node01`. */
  readonly name: string;
  readonly address: string;
  readonly port: number;
}

export interface ProbeOptions {
  readonly host?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly insecure?: boolean;
}

type Ended = Omit<Probe, "from" | "target" | "lookup" | "address" | "decisions">;

export function probe(scene: Scene, from: Place, target: Target, options: ProbeOptions = {}): Probe {
  const { network } = scene.world;
  const decisions: Decision[] = [];
  network.onDecision = (decision) => void decisions.push(decision);
  try {
    const reached = reach(scene, from, target, options);
    network.onDecision = undefined;
    return { ...reached, decisions: decisions.map((decision) => namedByRoute(scene, decision)) };
  } finally {
    network.onDecision = undefined;
  }
}

function reach(scene: Scene, from: Place, target: Target, options: ProbeOptions): Omit<Probe, "decisions"> {
  const lookup = addressesNow(from.host, from.ns, target.host, flavourOf(from.host));
  const [address] = lookup.addresses;
  const base = { from, target, lookup };
  if (address === undefined) return { ...base, outcome: "name not found", latency: lookup.latency };
  const ended = attempt(scene, from, target, address, options);
  return { ...base, address, ...ended, latency: ended.latency + lookup.latency };
}

function attempt(scene: Scene, from: Place, target: Target, address: string, options: ProbeOptions): Ended {
  if (target.scheme === "icmp") return echo(from, address);
  if (target.scheme === "udp") return datagram(scene, from, target, address);
  const opened = connect(from.ns, { to: address, port: target.port });
  const { trace, by, latency, connection } = opened;
  const base = { latency, ...(trace ? { trace, opening: trace } : {}), ...(by ? { by } : {}) };
  if (opened.outcome !== "connected") {
    connection?.close();
    return { ...base, outcome: outcomeOf(opened.outcome) };
  }
  const connected: Ended = { ...base, outcome: "connected", ...serverSide(scene, trace!) };
  try {
    return target.scheme === "tcp" ? connected : ask(from, target, connection!, connected, options);
  } finally {
    connection!.close();
  }
}

/** What the server's end says of a connection. */
function serverSide(scene: Scene, trace: Trace): Pick<Ended, "seenSource" | "backend"> {
  const { delivery } = trace;
  if (!delivery) return {};
  const { ns, packet, socket, connection } = delivery;
  const pod = scene.hasCluster ? scene.podBehind(ns, socket?.pid ?? connection?.pid) : undefined;
  const name = pod ? `Pod ${pod.metadata.name}` : ns.title || ns.machine;
  const backend = { ...(pod ? { pod } : {}), name, address: addressText(packet.dst), port: packet.dport };
  return { seenSource: addressText(packet.src), backend };
}

/** One HTTP request on an open connection. */
function ask(from: Place, target: Target, connection: Connection, connected: Ended, options: ProbeOptions): Ended {
  const wanted = options.host ?? target.name;
  const name = wanted ?? target.host;
  const socket = connected.trace?.delivery?.socket;
  if (target.scheme === "https") {
    const failed = shakeHands(from, name, connection, connected, options.insecure ?? false);
    if (failed) return failed;
  }
  const usual = target.port === (target.scheme === "https" ? 443 : 80);
  const authority = wanted ?? (usual ? target.host : `${target.host}:${target.port}`);
  const given = Object.entries(options.headers ?? {});
  const result = httpExchange(connection, {
    method: "GET",
    target: target.path,
    version: "HTTP/1.1",
    headers: [["Host", authority], ["User-Agent", "curl/8.5.0"], ["Accept", "*/*"], ...given],
    body: "",
  });
  const latency = connected.latency + result.latency;
  const base = { ...connected, latency, ...(result.trace ? { trace: result.trace } : {}) };
  if (result.outcome === "response") {
    const { status, body, headers } = result.response;
    return { ...base, status, body: decode(body), headers };
  }
  if (result.outcome === "no answer" && socket && socket.application === undefined && result.trace?.delivery)
    throw new NotSimulated(
      `${connected.backend?.name ?? "the server"} listens on port ${socket.port} with a program that runs outside of a container's own server: grading cannot ask it`,
    );
  if (result.outcome === "no answer") {
    const by = result.trace?.reply?.by ?? result.trace?.by;
    return { ...base, outcome: "timed out", detail: "connected, but no answer came", ...(by ? { by } : {}) };
  }
  if (result.outcome === "malformed") return { ...base, outcome: "reset", detail: "the answer is not HTTP" };
  return {
    ...base,
    outcome: "reset",
    detail: result.outcome === "reset" ? "connection reset" : "closed without an answer",
  };
}

/** Starts TLS as a client that trusts what its place trusts; undefined if all is well. */
function shakeHands(
  from: Place,
  name: string,
  connection: Connection,
  connected: Ended,
  insecure: boolean,
): Ended | undefined {
  const hello = startTls(connection, {
    version: "TLSv1.3",
    alpn: ["http/1.1"],
    ...(isAddress(name) ? {} : { serverName: name }),
  });
  const latency = connected.latency + hello.latency;
  if (hello.outcome === "alert")
    return { ...connected, latency, outcome: "reset", detail: `TLS alert ${hello.alert.replaceAll("_", " ")}` };
  if (hello.outcome !== "established") {
    const detail = hello.outcome === "not tls" ? "the server does not speak TLS" : "no TLS handshake";
    return { ...connected, latency, outcome: hello.outcome === "no answer" ? "timed out" : "reset", detail };
  }
  if (insecure) return undefined;
  const [leaf, ...intermediates] = hello.session.serverChain.flatMap((pem) => certificates(pem));
  const roots = certificates(from.host.readText("/etc/ssl/certs/ca-certificates.crt") ?? "");
  const verified = leaf && verifyCertificate(leaf, { roots, intermediates, now: from.ns.kernel.now, host: name });
  if (verified && !("error" in verified)) return undefined;
  const detail = verified && "error" in verified ? verified.error : "the server sent no certificate";
  return { ...connected, latency, outcome: "certificate refused", detail };
}

function echo(from: Place, to: string): Ended {
  const { outcome, trace, by, latency } = ping(from.ns, { to, id: 1, seq: 1 });
  return { outcome: outcome === "answered" ? "connected" : outcomeOf(outcome), trace, by, latency };
}

/** A datagram is reached if a socket takes it; UDP tells its sender nothing of that. */
function datagram(scene: Scene, from: Place, target: Target, to: string): Ended {
  const sent = exchangeDatagram(from.ns, { to, port: target.port }, "\n");
  const { trace, by, latency } = sent;
  const base = { latency, ...(trace ? { trace } : {}), ...(by ? { by } : {}) };
  if (sent.answers.length > 0 || trace?.delivery)
    return { ...base, outcome: "connected", ...(trace ? serverSide(scene, trace) : {}) };
  return { ...base, outcome: outcomeOf(sent.outcome) };
}

function outcomeOf(outcome: ConnectResult["outcome"] | TransportOutcome): Outcome {
  switch (outcome) {
    case "connected":
    case "answered":
      return "connected";
    case "refused":
    case "protocol unreachable":
      return "refused";
    case "reset":
      return "reset";
    case "no answer":
    case "too big":
    // Its own rules drop what it sends: a connection hears nothing of that.
    case "not permitted":
      return "timed out";
    default:
      return "no route";
  }
}
