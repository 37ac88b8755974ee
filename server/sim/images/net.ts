// The seam to sim/net until it has its index: everything that this part takes from it.
export { decodeDns, encodeDns } from "../net/dns/wire.ts";
export { dnsQuery, type DnsRecord } from "../net/dns/message.ts";
export { strerror, type Errno } from "../net/errno.ts";
export { httpExchange } from "../net/http/client.ts";
export { hasToken, header, staysOpen, type Headers, type HttpRequest, type HttpResponse } from "../net/http/message.ts";
export { parseRequest } from "../net/http/parse.ts";
export { serializeResponse } from "../net/http/serialize.ts";
export { isIPv4, parseAddress } from "../net/ip.ts";
export { addressesOf } from "../net/local.ts";
export { listLinks } from "../net/link/links.ts";
export type { Namespace } from "../net/namespace.ts";
export type { Network } from "../net/network.ts";
export type { SocketRow } from "../net/socket/row.ts";
export { closeSocket, openSocket, updateSocket } from "../net/socket/sockets.ts";
export { configurationOf } from "../net/sysctl/configuration.ts";
export type {
  Application,
  Context,
  End,
  DatagramAnswer,
  HttpAnswer,
  StreamAnswer,
  StreamServer,
} from "../net/transport/application.ts";
export { connect } from "../net/transport/connect.ts";
export type { Connection } from "../net/transport/connection.ts";
export { exchangeDatagram } from "../net/transport/datagram.ts";
export type { ClientHello, TlsAnswer } from "../net/transport/tls.ts";
