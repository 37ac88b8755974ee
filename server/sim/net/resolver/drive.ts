import type { Duration } from "../../kernel/index.ts";
import { Errno, type Host, type Process } from "../../host/index.ts";
import { decodeDns, encodeDns } from "../dns/wire.ts";
import type { RecordType } from "../dns/message.ts";
import type { Namespace } from "../namespace.ts";
import { UdpSocket } from "../program/udp-socket.ts";
import { exchangeDatagram } from "../transport/datagram.ts";
import type { Trace } from "../walk/trace.ts";
import { isAddress, lookupHostsFile, parseResolvConf } from "./configuration.ts";
import {
  addressesOf,
  lookup,
  type Answer,
  type Ask,
  type Flavour,
  type LookupFailure,
  type LookupResult,
} from "./resolve.ts";

const DNS_PORT = 53;

/** A name lookup with what it took, for those who do not wait: daemons, the grader, traces. */
export interface TimedLookup extends LookupResult {
  readonly latency: Duration;
  /** The last question's way. */
  readonly trace: Trace | undefined;
}

/** The addresses of a name, or why there are none. */
export interface AddressLookup {
  readonly addresses: readonly string[];
  readonly failure?: LookupFailure;
  readonly latency: Duration;
  readonly lookup?: TimedLookup;
}

/** Looks records up from a namespace at once, by the resolv.conf text; waits are counted, not waited. */
export function lookupNow(
  ns: Namespace,
  resolvConf: string,
  name: string,
  types: readonly RecordType[],
  flavour: Flavour = "glibc",
): TimedLookup {
  const steps = lookup(name, types, parseResolvConf(resolvConf), () => queryId(ns), flavour);
  let latency = 0;
  let trace: Trace | undefined;
  let step = steps.next();
  while (!step.done) {
    const asked = askNow(ns, step.value);
    latency += asked.latency;
    trace = asked.trace ?? trace;
    step = steps.next(asked.answer);
  }
  return { ...step.value, latency, trace };
}

/** The addresses of a name as seen from a host: an address itself, /etc/hosts, then DNS by /etc/resolv.conf. At once. */
export function addressesNow(host: Host, ns: Namespace, name: string, flavour: Flavour = "glibc"): AddressLookup {
  const known = knownAddresses(host, name);
  if (known) return { addresses: known, latency: 0 };
  const found = lookupNow(ns, host.readText("/etc/resolv.conf") ?? "", name, ["A"], flavour);
  const { failure, latency } = found;
  return {
    addresses: addressesOf(found.records),
    ...(failure === undefined ? {} : { failure }),
    latency,
    lookup: found,
  };
}

/** The same for a running program, which waits. Asks for A and, if wanted, AAAA records. */
export async function resolveName(
  process: Process,
  name: string,
  options: { types?: readonly RecordType[]; flavour?: Flavour } = {},
): Promise<AddressLookup> {
  const known = knownAddresses(process.host, name);
  if (known) return { addresses: known, latency: 0 };
  const start = process.kernel.now;
  const configuration = parseResolvConf(process.host.readText("/etc/resolv.conf") ?? "");
  const result = await driveLookup(
    process,
    lookup(name, options.types ?? ["A"], configuration, () => processQueryId(process), options.flavour),
  );
  const { failure } = result;
  return {
    addresses: addressesOf(result.records),
    ...(failure === undefined ? {} : { failure }),
    latency: process.kernel.now - start,
  };
}

/** Runs a lookup in a program's time. */
export async function driveLookup(
  process: Process,
  steps: Generator<Ask, LookupResult, Answer>,
): Promise<LookupResult> {
  let step = steps.next();
  while (!step.done) step = steps.next(await askWaiting(process, step.value));
  return step.value;
}

function knownAddresses(host: Host, name: string): string[] | undefined {
  if (isAddress(name)) return [name];
  const addresses = lookupHostsFile(host.readText("/etc/hosts") ?? "", name);
  return addresses.length > 0 ? addresses : undefined;
}

function askNow(
  ns: Namespace,
  { server, query, timeout }: Ask,
): { answer: Answer; latency: Duration; trace: Trace | undefined } {
  const result = exchangeDatagram(ns, { to: server, port: DNS_PORT }, encodeDns(query));
  const { trace, latency } = result;
  for (const { bytes, delay } of result.answers) {
    const message = decodeDns(bytes);
    if (message && message.id === query.id && message.response && delay <= timeout)
      return { answer: message, latency: delay, trace };
  }
  if (result.errno === "ECONNREFUSED") return { answer: "refused", latency, trace };
  if (result.errno !== undefined) return { answer: "unreachable", latency, trace };
  return { answer: "timed out", latency: timeout, trace };
}

/** Asks one server and waits for its answer, as a program. */
export async function askWaiting(process: Process, { server, query, timeout }: Ask): Promise<Answer> {
  let socket: UdpSocket;
  try {
    socket = UdpSocket.connected(process, { to: server, port: DNS_PORT }).retain();
  } catch (error) {
    if (error instanceof Errno) return "unreachable";
    throw error;
  }
  const deadline = process.kernel.now + timeout;
  try {
    socket.send(encodeDns(query));
    for (;;) {
      const datagram = await socket.receive(process, deadline - process.kernel.now);
      if (!datagram) return "timed out";
      const message = decodeDns(datagram.bytes);
      if (message && message.id === query.id && message.response) return message;
    }
  } catch (error) {
    if (error instanceof Errno && error.code !== "EINTR")
      return error.code === "ECONNREFUSED" ? "refused" : "unreachable";
    throw error;
  } finally {
    socket.drop();
  }
}

function queryId(ns: Namespace): number {
  return ns.kernel.random.below(`dns/${ns.id}`, 0x10000);
}

function processQueryId(process: Process): number {
  return process.kernel.random.below(`dns/${process.machine.name}`, 0x10000);
}
