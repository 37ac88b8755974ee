export { addAddress, defaultBroadcast, removeAddress, replaceAddress, type AddressSpec } from "./address.ts";
export { scopeNumber, type AddressRow, type AddressScope } from "./address-row.ts";
export { fail, ok, type Errno, type Failure, type Result } from "./errno.ts";
export { deleteFdb, listFdb, putFdb, type FdbRow } from "./fdb.ts";
export {
  address,
  addressText,
  broadcastOf,
  compareAddresses,
  contains,
  ipv4,
  isIPv4,
  isLoopback,
  isMulticast,
  mask,
  networkOf,
  parseAddress,
  parseIPv4,
  parseIPv6,
  parsePrefix,
  prefixText,
  type Address,
  type IPv4,
  type IPv6,
  type Prefix,
} from "./ip.ts";
export { isTentative } from "./ipv6.ts";
export { addNamespace, removeNamespace, renameNamespace } from "./lifecycle.ts";
export { addressesOf, localAddress } from "./local.ts";
export { BROADCAST_MAC, parseMac, ZERO_MAC, type Mac } from "./mac.ts";
export type { LinkCounters, Namespace, NamespaceRow } from "./namespace.ts";
export { deleteNeighbour, findNeighbour, putNeighbour, type NeighbourRow, type NeighbourState } from "./neighbour.ts";
export { Network, type MachineRow, type SegmentRow } from "./network.ts";

export { setMaster, setPort } from "./link/bridge.ts";
export { createLink, isLinkName, type LinkSpec } from "./link/create.ts";
export { deleteLink } from "./link/delete.ts";
export { bridgePorts, findLink, getLink, listLinks, peerId, peerOf } from "./link/links.ts";
export {
  isOperUp,
  isRunning,
  linkFlags,
  qdisc,
  shownOperState,
  type BridgeLink,
  type BridgePort,
  type LinkKind,
  type LinkRow,
  type OperState,
  type PhysicalLink,
  type VethLink,
  type VxlanLink,
} from "./link/row.ts";
export { moveLink, renameLink, setAddress, setLink, setMtu, setSegment, type LinkSettings } from "./link/set.ts";
export { bringDown, bringUp } from "./link/state.ts";

export { addressType, isLocal, type AddressType } from "./route/address-type.ts";
export { getRoute, type FoundRoute, type RouteQuery } from "./route/get.ts";
export { listRoutes } from "./route/list.ts";
export { rulesOf } from "./route/lookup.ts";
export {
  TABLE_DEFAULT,
  TABLE_LOCAL,
  TABLE_MAIN,
  type NextHop,
  type RouteRow,
  type RouteType,
  type RuleRow as PolicyRuleRow,
} from "./route/row.ts";
export { addRule, deleteRule, type RuleSpec } from "./route/rules.ts";
export {
  addRoute,
  deleteRoute,
  flushRoutes,
  type RouteMode,
  type RouteSelector,
  type RouteSpec,
} from "./route/table.ts";
export { destinationText, routeText, tableName } from "./route/text.ts";

export { configurationOf } from "./sysctl/configuration.ts";
export { listSysctls, readSysctl, writeSysctl } from "./sysctl/sysctl.ts";

export { deleteFlow, listFlows } from "./conntrack/flows.ts";
export { tupleAddress, type ConntrackRow, type Tuple } from "./conntrack/row.ts";
export { flowText } from "./conntrack/text.ts";

export { account, ensureAccount } from "./netfilter/accounts.ts";
export { TableEditor } from "./netfilter/editor.ts";
export type { Names } from "./netfilter/extension.ts";
export { DEFAULT_NAMES } from "./netfilter/names.ts";
export { netfilterOf, type Netfilter } from "./netfilter/netfilter.ts";
export { listHeading, listRule, ruleText, type ListOptions } from "./netfilter/print.ts";
export { protocolName, protocolNumber } from "./netfilter/protocols.ts";
export { readRule, type ReadRules, type RuleReader } from "./netfilter/read.ts";
export {
  BUILT_IN,
  isBuiltIn,
  isProblem,
  isTable,
  NO_COUNT,
  TABLES,
  type ChainRow,
  type Counter,
  type HookName,
  type MatchRow,
  type Problem,
  type RuleDraft,
  type RuleRow,
  type TableName,
  type TargetRow,
} from "./netfilter/row.ts";
export {
  listChains,
  restoreRules,
  saveRules,
  saveTable,
  touchTable,
  type RestoreOptions,
  type RestoreProblem,
} from "./netfilter/save.ts";
export { splitWords } from "./netfilter/words.ts";

export { listenSocket, openSocket, socketsOf, updateSocket, type SocketSpec } from "./socket/sockets.ts";
export type { ConnectionRow, SocketProtocol, SocketRow, TcpState } from "./socket/row.ts";
export { socketText } from "./socket/text.ts";

export { announceAddress, askNeighbour, showNeighbours, type ShownNeighbour } from "./walk/neighbours.ts";
export { echoPacket, Packet, tcpPacket, udpPacket, type PacketHeaders } from "./walk/packet.ts";
export {
  Hop,
  Trace,
  type HopPlace,
  type PlainHop,
  type PlainTrace,
  type Reference,
  type Verdict,
} from "./walk/trace.ts";
export { walk, type WalkOptions } from "./walk/walk.ts";

export type {
  Application,
  Context,
  DatagramAnswer,
  DnsAnswer,
  End,
  HttpAnswer,
  StreamAnswer,
  StreamServer,
} from "./transport/application.ts";
export { acceptConnection, closeSocket, waitingConnections } from "./transport/accept.ts";
export { connect, forgetEnded, retry, type ConnectResult, type ConnectSpec } from "./transport/connect.ts";
export { Connection, type SendOptions, type SendResult } from "./transport/connection.ts";
export {
  exchangeDatagram,
  openDatagram,
  sendDatagram,
  type DatagramResult,
  type DatagramSpec,
} from "./transport/datagram.ts";
export { collect, exchange, type ExchangeResult } from "./transport/exchange.ts";
export { startTls, type HandshakeResult } from "./transport/handshake.ts";
export type { Outcome, RoundTrip } from "./transport/outcome.ts";
export { ping, type PingSpec } from "./transport/ping.ts";
export { setReceiver, type Receiver } from "./transport/receivers.ts";
export type { ClientHello, TlsAlert, TlsAnswer, TlsSession } from "./transport/tls.ts";

export { httpExchange, type HttpResult } from "./http/client.ts";
export { hasToken, header, staysOpen, type Headers, type HttpRequest, type HttpResponse } from "./http/message.ts";
export { parseRequest, parseResponse, type Parsed } from "./http/parse.ts";
export { serializeRequest, serializeResponse } from "./http/serialize.ts";

export {
  dnsQuery,
  dnsReply,
  type DnsMessage,
  type DnsQuestion,
  type DnsRecord,
  type Edns,
  type Rcode,
  type RecordType,
} from "./dns/message.ts";
export { decodeDns, encodeDns, typeName, typeNumber } from "./dns/wire.ts";

export { bindNetwork } from "./program/bind.ts";
export { ListeningSocket } from "./program/listening-socket.ts";
export { hostNamespace, namespaceOf, networkOfHosts, type InProcess } from "./program/network-of.ts";
export { ConnectFailed, connectTcp, TcpSocket, type ConnectOptions } from "./program/tcp-socket.ts";
export { UdpSocket, type Datagram } from "./program/udp-socket.ts";

export {
  isAddress,
  lookupHostsFile,
  namesInHostsFile,
  parseResolvConf,
  type ResolverConfiguration,
} from "./resolver/configuration.ts";
export {
  addressesNow,
  askWaiting,
  driveLookup,
  lookupNow,
  resolveName,
  type AddressLookup,
  type TimedLookup,
} from "./resolver/drive.ts";
export {
  addressesOf as addressesOfRecords,
  candidates,
  lookup,
  type Answer,
  type Ask,
  type Flavour,
  type LookupFailure,
  type LookupResult,
} from "./resolver/resolve.ts";

export { bindInternet, internet, INTERNET_ADDRESSES } from "./services/internet.ts";
export { bindSshd, SSHD, sshd } from "./services/sshd.ts";
export { bindSystemdResolved, systemdResolved } from "./services/systemd-resolved.ts";
