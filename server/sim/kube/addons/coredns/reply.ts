import { dnsReply, type DnsMessage, type DnsRecord, type Edns, type Rcode } from "../../../net/index.ts";
import type { Outcome } from "./plugin.ts";
import type { Query } from "./query.ts";

/** A plugin's answer: SetReply and WriteMsg. */
export function written(query: Query, fields: Partial<DnsMessage>): Outcome {
  return { message: dnsReply(query.message, fields), rcode: "NOERROR" };
}

/** Nothing was written: the server says that code. */
export function failed(rcode: Rcode, error?: string): Outcome {
  return error === undefined ? { rcode } : { rcode, error };
}

/** Whether a code means that a message was written, else the server writes one (plugin.ClientWrite). */
export function isWritten(rcode: Rcode): boolean {
  return rcode !== "SERVFAIL" && rcode !== "REFUSED" && rcode !== "FORMERR" && rcode !== "NOTIMP";
}

/** EDNS options that are echoed: NSID, EXPIRE, COOKIE, TCP-KEEPALIVE, PADDING (request.go supportedOptions). */
const ECHOED: ReadonlySet<number> = new Set([3, 9, 10, 11, 12]);

/** Gives an answer the EDNS part that the client's asks for (request.SizeAndDo). */
export function withEdns(query: DnsMessage, answer: DnsMessage): DnsMessage {
  const asked = query.edns;
  if (!asked) return answer;
  const own = answer.edns;
  const edns: Edns = {
    udpSize: asked.udpSize,
    dnssecOk: asked.dnssecOk,
    options: own ? own.options : asked.options.filter(({ code }) => ECHOED.has(code)),
  };
  return { ...answer, edns };
}

/** The same records with another TTL. */
export function withTtl(records: readonly DnsRecord[], ttl: number): DnsRecord[] {
  return records.map((record) => (record.ttl === ttl ? record : { ...record, ttl }));
}

/** What an answer is, for caches and logs: plugin/pkg/response Typify. */
export type ResponseType = "NOERROR" | "DELEGATION" | "NODATA" | "NXDOMAIN" | "SERVERERROR" | "OTHERERROR";

export function typify(message: DnsMessage | undefined): ResponseType {
  if (!message) return "OTHERERROR";
  const { rcode, answers, authorities } = message;
  if (answers.length > 0 && rcode === "NOERROR") return "NOERROR";
  if (authorities.some(({ type }) => type === "SOA")) {
    if (rcode === "NOERROR") return "NODATA";
    if (rcode === "NXDOMAIN") return "NXDOMAIN";
  }
  if (rcode === "SERVFAIL" || rcode === "NOTIMP") return "SERVERERROR";
  if (rcode !== "NOERROR") return "OTHERERROR";
  return authorities.some(({ type }) => type === "NS") ? "DELEGATION" : "NOERROR";
}

/** `success`, `denial` or `error` (response.Classify). */
export function classify(type: ResponseType): "success" | "denial" | "error" {
  if (type === "NOERROR" || type === "DELEGATION") return "success";
  return type === "NODATA" || type === "NXDOMAIN" ? "denial" : "error";
}

/** The code's number, as error logs show it. */
export function rcodeNumber(rcode: Rcode): number {
  const known = ["NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED"].indexOf(rcode);
  return known >= 0 ? known : Number(rcode.slice(5));
}
