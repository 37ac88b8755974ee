import type { Bytes } from "../../kernel/index.ts";
import type { DnsMessage, DnsRecord } from "./message.ts";
import { encodeDns } from "./wire.ts";

/**
 * A message in at most `size` bytes. As CoreDNS does it (Scrub in request.go, Truncate in miekg/dns): names are compressed only
 * in messages that would not fit or are longer than `plain`; then as many records stay as have room, and the client is told
 * that some are missing.
 */
export function encodeToFit(message: DnsMessage, size: number, plain: number): Bytes {
  const bytes = encodeDns(message);
  if (bytes.length <= Math.min(size, plain)) return bytes;
  const compressed = encodeDns(message, { compress: true });
  if (compressed.length <= size) return compressed;
  const { answers, authorities, additionals } = message;
  const all = [...answers, ...authorities, ...additionals];
  let [low, high] = [0, all.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (encodeDns(firstRecords(message, all, middle), { compress: true }).length <= size) low = middle;
    else high = middle - 1;
  }
  return encodeDns(firstRecords(message, all, low), { compress: true });
}

function firstRecords(message: DnsMessage, all: readonly DnsRecord[], count: number): DnsMessage {
  const answers = message.answers.length;
  const authorities = answers + message.authorities.length;
  return {
    ...message,
    truncated: true,
    answers: all.slice(0, Math.min(count, answers)),
    authorities: all.slice(answers, Math.min(count, authorities)),
    additionals: all.slice(authorities, count),
  };
}
