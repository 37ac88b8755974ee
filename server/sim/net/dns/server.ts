import type { Bytes } from "../../kernel/index.ts";
import type { Application, Context, DatagramAnswer, StreamServer } from "../transport/application.ts";
import { encodeToFit } from "./fit.ts";
import { decodeDns, encodeDns } from "./wire.ts";

type DnsApplication = Required<Pick<Application, "dns">>;

/** What a server without EDNS puts into a datagram at most. */
const PLAIN_SIZE = 512;

/** A query in a datagram: its answer, cut to what the client takes. */
export function dnsDatagram(application: DnsApplication, bytes: Bytes, context: Context): readonly DatagramAnswer[] {
  const query = decodeDns(bytes);
  if (!query || query.response) return [];
  const answer = application.dns(query, context);
  if (!answer) return [];
  const size = Math.max(PLAIN_SIZE, query.edns?.udpSize ?? PLAIN_SIZE);
  const { delay = 0 } = answer;
  return [{ bytes: encodeToFit(answer.message, size, context.remote.address.includes(":") ? 1220 : 1480), delay }];
}

/** Queries over TCP, each behind its length in two bytes. */
export function dnsStream(application: DnsApplication): StreamServer {
  return {
    receive(bytes, context, memory) {
      let buffer = ((memory as { buffer: Bytes } | undefined)?.buffer ?? "") + bytes;
      let out = "";
      let delay = 0;
      for (;;) {
        const length = (buffer.charCodeAt(0) << 8) | buffer.charCodeAt(1);
        if (buffer.length < 2 || buffer.length < 2 + length) return { bytes: out, delay, memory: { buffer } };
        const query = decodeDns(buffer.slice(2, 2 + length));
        buffer = buffer.slice(2 + length);
        if (!query) return { bytes: out, delay, close: "fin" };
        const answer = application.dns(query, context);
        // Dropped: the client waits.
        if (!answer) continue;
        const message = encodeDns(answer.message);
        out += String.fromCharCode(message.length >> 8, message.length & 0xff) + message;
        delay += answer.delay ?? 0;
      }
    },
  };
}
