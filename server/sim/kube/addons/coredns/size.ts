import { encodeDns, type DnsMessage } from "../../../net/index.ts";

/** Bytes of a message on the wire, names written out (dns.Msg.Len). */
export function dnsMessageSize(message: DnsMessage): number {
  return encodeDns(message).length;
}
