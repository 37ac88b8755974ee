import { dnsDatagram, dnsStream } from "../dns/server.ts";
import { httpStream } from "../http/server.ts";
import type { Namespace } from "../namespace.ts";
import type { ConnectionRow } from "../socket/row.ts";
import type { Application, Context, DatagramAnswer, StreamServer } from "./application.ts";

/** The code behind a row that names an application. */
export function applicationOf(ns: Namespace, row: { readonly application?: string }): Application | undefined {
  return row.application === undefined ? undefined : ns.network.applications.get(row.application);
}

const streams = new WeakMap<Application, StreamServer>();

/** Any application as a server of byte streams; undefined if it has no face for them. */
export function streamServer(application: Application): StreamServer | undefined {
  if (application.stream) return application.stream;
  const known = streams.get(application);
  if (known) return known;
  const { http, dns } = application;
  const made = http
    ? httpStream({ http: http.bind(application) })
    : dns
      ? dnsStream({ dns: dns.bind(application) })
      : undefined;
  if (made) streams.set(application, made);
  return made;
}

/** What an application says to a datagram. */
export function answerDatagram(application: Application, bytes: string, context: Context): readonly DatagramAnswer[] {
  if (application.datagram) return application.datagram(bytes, context);
  const { dns } = application;
  return dns ? dnsDatagram({ dns: dns.bind(application) }, bytes, context) : [];
}

export function connectionContext(ns: Namespace, row: ConnectionRow): Context {
  return {
    ns,
    local: { address: row.address, port: row.port },
    remote: { address: row.peerAddress, port: row.peerPort },
    args: row.args,
    now: ns.kernel.now,
    protocol: row.protocol,
    ...(row.tls ? { tls: row.tls } : {}),
  };
}
