import { SECOND, type Duration } from "../../sim/kernel/index.ts";
import {
  createFlow,
  parseAddress,
  toTuple,
  updateFlow,
  type ConntrackRow,
  type FlowAuthor,
  type FlowChange,
  type Namespace,
  type TcpTracking,
  type Tuple,
} from "../../sim/net/index.ts";
import type { Command, Given } from "./options.ts";

/** Makes the flow that `-I` tells of. Returns what the kernel has against it. */
export function create(ns: Namespace, { given, protocol }: Command, author: FlowAuthor): string | undefined {
  const replySource = given.value("replySource") ?? given.value("destinationNat");
  const replyDestination = given.value("replyDestination") ?? given.value("sourceNat");
  const source = end(given.value("source") ?? given.value("src"))!;
  const destination = end(given.value("destination") ?? given.value("dst"))!;
  const icmp = protocol === 1 || protocol === 58;
  const original: Tuple = {
    src: source,
    dst: destination,
    sport: number(icmp ? given.value("icmpId") : (given.value("sport") ?? given.value("origPortSource"))),
    dport: icmp
      ? number(given.value("icmpType")) * 256 + number(given.value("icmpCode"))
      : number(given.value("dport") ?? given.value("origPortDestination")),
  };
  const reply = {
    ...(replySource === undefined ? {} : { src: end(replySource)! }),
    ...(replyDestination === undefined ? {} : { dst: end(replyDestination)! }),
  };
  const status = statusOf(given);
  const draft = {
    protocol: protocol!,
    original,
    reply,
    tcp: stateOf(given) ?? "NONE",
    seenReply: status.includes("SEEN_REPLY"),
    assured: status.includes("ASSURED"),
    mark: number(given.value("mark")),
    timeout: timeoutOf(given) ?? 0,
  };
  return createFlow(ns, draft, author) ? undefined : "Operation failed: Such conntrack exists, try -U to update";
}

/** Gives a flow what `-U` says. */
export function update(ns: Namespace, row: ConntrackRow, given: Given, author: FlowAuthor): ConntrackRow {
  const tcp = stateOf(given);
  const left = timeoutOf(given);
  const status = statusOf(given);
  const change: FlowChange = {
    ...(given.has("mark") ? { mark: number(given.value("mark")) } : {}),
    ...(tcp === undefined ? {} : { tcp }),
    ...(left === undefined ? {} : { timeout: left }),
    ...(status.includes("SEEN_REPLY") ? { seenReply: true } : {}),
    ...(status.includes("ASSURED") ? { assured: true } : {}),
  };
  return updateFlow(ns, row, change, author);
}

/** True if nothing that `-U` can write is given. */
export function changesNothing(given: Given): boolean {
  return !(["mark", "state", "timeout", "status"] as const).some((flag) => given.has(flag));
}

function statusOf(given: Given): readonly string[] {
  return given.value("status")?.toUpperCase().split(",") ?? [];
}

function stateOf(given: Given): TcpTracking | undefined {
  const state = given.value("state")?.toUpperCase();
  return state === "LISTEN" ? "SYN_SENT2" : (state as TcpTracking | undefined);
}

function timeoutOf(given: Given): Duration | undefined {
  return given.has("timeout") ? number(given.value("timeout")) * SECOND : undefined;
}

function end(text: string | undefined) {
  const value = text === undefined ? undefined : parseAddress(text);
  return value === undefined ? undefined : toTuple(value);
}

/** As strtoul reads it. */
function number(text: string | undefined): number {
  return text === undefined ? 0 : Number(/^(0x[0-9a-f]+|\d+)/i.exec(text)?.[0] ?? 0);
}
