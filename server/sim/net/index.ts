export { addAddress, defaultBroadcast, removeAddress, replaceAddress, type AddressSpec } from "./address.ts";
export { type AddressRow, type AddressScope } from "./address-row.ts";
export { type Errno, type Failure, type Result } from "./errno.ts";
export { deleteFdb, flushFdb, listFdb, putFdb, type FdbRow } from "./fdb.ts";
export {
  address,
  addressText,
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
  type Prefix,
} from "./ip.ts";
export { isTentative } from "./ipv6.ts";
export { addNamespace, removeNamespace, renameNamespace } from "./lifecycle.ts";
export { addressesOf } from "./local.ts";
export { parseMac, type Mac } from "./mac.ts";
export type { LinkCounters, Namespace } from "./namespace.ts";
export {
  deleteNeighbour,
  deleteProxy,
  deleteResponder,
  findNeighbour,
  listProxies,
  putNeighbour,
  putProxy,
  putResponder,
  type NeighbourRow,
  type NeighbourState,
  type ProxyRow,
} from "./neighbour.ts";
export { decided, type Decision, type DecisionPlace } from "./program/decision.ts";
export { Network } from "./network.ts";

export { setMaster, setPort } from "./link/bridge.ts";
export { createLink, type LinkSpec } from "./link/create.ts";
export { deleteLink } from "./link/delete.ts";
export { bridgePorts, findLink, getLink, listLinks, lowerOf, peerOf, uppersOf } from "./link/links.ts";
export {
  isBare,
  isRunning,
  isUpper,
  linkFlags,
  qdisc,
  shownOperState,
  type BridgeLink,
  type IpipLink,
  type LinkRow,
  type MacvlanLink,
  type MacvlanMode,
  type TunLink,
  type VlanLink,
  type VxlanLink,
} from "./link/row.ts";
export {
  moveLink,
  renameLink,
  setAddress,
  setAltname,
  setDormantMode,
  setLink,
  setMtu,
  type LinkSettings,
} from "./link/set.ts";
export type { IpipSpec } from "./link/ipip.ts";
export { setMacvlan } from "./link/upper.ts";
export { bringDown, bringUp } from "./link/state.ts";

export { isLocal } from "./route/address-type.ts";
export { getInputRoute, type FoundInput } from "./route/get-input.ts";
export { getRoute, type FoundRoute, type RouteQuery } from "./route/get.ts";
export { deleteNexthop, putNexthop, type NexthopSpec } from "./route/nexthop.ts";
export type { NexthopRow } from "./route/nexthop-row.ts";
export { listRoutes } from "./route/list.ts";
export { hasTable } from "./route/tables.ts";
export { deadLinks, rulesOf } from "./route/lookup.ts";
export {
  TABLE_LOCAL,
  TABLE_MAIN,
  type NextHop,
  type RouteMetrics,
  type RouteRow,
  type RouteType,
  type RuleRow as PolicyRuleRow,
} from "./route/row.ts";
export { addRule, deleteRule, type RuleSpec } from "./route/rules.ts";
export { bindRouteExpiry, expireRoute } from "./route/expiry.ts";
export { addRoute, deleteRoute, flushRoutes, type RouteMode, type RouteSpec } from "./route/table.ts";
export { routeText } from "./route/text.ts";
export { readSysctl, writeSysctl } from "./sysctl/sysctl.ts";

export { watchFlows, type FlowAuthor, type FlowEvent } from "./conntrack/events.ts";
export {
  conntrackStatistics,
  createFlow,
  deleteFlow,
  listFlows,
  updateFlow,
  type FlowChange,
} from "./conntrack/flows.ts";
export { toTuple, tupleAddress, type ConntrackRow, type TcpTracking, type Tuple } from "./conntrack/row.ts";
export { familyText, flowEventText, flowText } from "./conntrack/text.ts";

export { account, ensureAccount } from "./netfilter/accounts.ts";
export { TableEditor } from "./netfilter/editor.ts";
export type { Names } from "./netfilter/extension.ts";
export { netfilterOf, type Netfilter } from "./netfilter/netfilter.ts";
export { Unknown as UnknownToNft } from "./netfilter/nft/match-words.ts";
export { nftTables, nftTableText, type NftTable } from "./netfilter/nft/ruleset.ts";
export { complaintText } from "./nftables/complaint.ts";
export { elementTexts } from "./nftables/element-texts.ts";
export { Unsimulated as UnsimulatedNft, type Complaint as NftComplaint } from "./nftables/cursor.ts";
export {
  belongsTo,
  byHandle,
  EVERYTHING,
  tableText as nativeTableText,
  type ListStyle as NativeListStyle,
  type Shown as NativeShown,
} from "./nftables/listing.ts";
export { nftablesOf } from "./nftables/nftables.ts";
export {
  deleteTable as deleteNftTable,
  runCommands as runNft,
  type Query as NftQuery,
} from "./nftables/read-command.ts";
export type { TableRow as NativeTableRow } from "./nftables/row.ts";
export type { Source as NftSource } from "./nftables/scan.ts";
export { listHeading, listRule, ruleText, type ListOptions } from "./netfilter/print.ts";
export { protocolName, protocolNumber } from "./netfilter/protocols.ts";
export { readRule } from "./netfilter/read.ts";
export {
  isBuiltIn,
  isProblem,
  isTable,
  NO_COUNT,
  TABLES,
  type Backend,
  type ChainRow,
  type Counter,
  type Family,
  type MatchRow,
  type Problem,
  type RuleDraft,
  type RuleRow,
  type TableName,
  type TargetRow,
} from "./netfilter/row.ts";
export { listChains, saveRules, saveTable, touchTable } from "./netfilter/save.ts";
export { restoreRules, type RestoreProblem } from "./netfilter/restore.ts";
export type { Accounts } from "./netfilter/extension.ts";
export { splitWords } from "./netfilter/words.ts";

export { isRefused, parseBitmapRange, parseElement } from "./ipset/element.ts";
export { setType, type ElementRow, type SetRow, type SetType } from "./ipset/row.ts";
export {
  addElement,
  bitmapValue,
  createSet,
  deleteElement,
  elementCounters,
  flushSet,
  listElements,
  listSets,
  setsOf,
  swapSets,
  type ElementDraft,
  type SetDraft,
} from "./ipset/sets.ts";
export { destroyAllSets, destroySet, renameSet, setReferences } from "./ipset/references.ts";
export { testElement } from "./ipset/match.ts";

export { listConnections } from "./ipvs/pass.ts";
export { ipvsTimeouts, setIpvsTimeouts } from "./ipvs/connections.ts";
export { countersOf as ipvsCountersOf } from "./ipvs/counters.ts";
export {
  NO_TRAFFIC,
  OTHER_SCHEDULERS,
  SCHEDULERS,
  serviceKey,
  type DestinationRow,
  type IpvsConnectionRow,
  type IpvsCounters,
  type Scheduler,
  type ServiceAddress,
  type ServiceRow,
} from "./ipvs/row.ts";
export {
  addDestination,
  addService,
  clearServices,
  deleteDestination,
  deleteService,
  editDestination,
  editService,
  loadKey,
  loadsOf,
  servicesOf,
  zeroService,
  type Load,
} from "./ipvs/services.ts";

export { openSocket, socketsOf, updateSocket } from "./socket/sockets.ts";
export type { ConnectionRow, SocketRow } from "./socket/row.ts";

export { openTap, PACKET_OUTGOING, type Frame as CapturedFrame } from "./capture/tap.ts";
export { announceAddress, askNeighbour, showNeighbours, type ShownNeighbour } from "./walk/neighbours.ts";
export { Packet, tcpPacket, udpPacket, type PacketHeaders } from "./walk/packet.ts";
export { Hop, Trace } from "./walk/trace.ts";
export { walk } from "./walk/walk.ts";

export type { Application, Context, DnsAnswer, End, HttpAnswer, StreamAnswer } from "./transport/application.ts";
export { acceptConnection, closeSocket } from "./transport/accept.ts";
export { isAsleep, queuedBytes, waitingConnections } from "./socket/waiting.ts";
export { connect, forgetEnded, type ConnectResult } from "./transport/connect.ts";
export { Connection } from "./transport/connection.ts";
export { exchangeDatagram } from "./transport/datagram.ts";
export { exchange } from "./transport/exchange.ts";
export { startTls } from "./transport/handshake.ts";
export { shakeHands } from "./program/handshake.ts";
export type { Outcome, RoundTrip } from "./transport/outcome.ts";
export { ping, type PingResult, type PingSpec } from "./transport/ping.ts";
export { GO_CIPHERS, type ClientHello, type TlsAlert, type TlsSession } from "./transport/tls.ts";

export { httpExchange } from "./http/client.ts";
export { httpOverUnix } from "./http/unix.ts";
export { hasToken, header, type Headers, type HttpRequest, type HttpResponse } from "./http/message.ts";
export { parseRequest } from "./http/parse.ts";
export { serializeResponse } from "./http/serialize.ts";

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
export { decodeDns, encodeDns, typeNumber } from "./dns/wire.ts";

export { bindNetwork } from "./program/bind.ts";
export { ListeningSocket } from "./program/listening-socket.ts";
export { mayBindPort, mayPing } from "./program/privileged-port.ts";
export { namespaceAt } from "./program/namespace-file.ts";
export { hostNamespace, namespaceOf, networkOfHosts, type InProcess } from "./program/network-of.ts";
export { ConnectFailed, connectTcp, TcpSocket } from "./program/tcp-socket.ts";
export { UdpSocket } from "./program/udp-socket.ts";
export { UnixDatagramSocket, UnixListener, UnixSocket } from "./program/unix-socket.ts";
export { placeOf } from "./socket/unix.ts";

export {
  isAddress,
  lookupHostsFile,
  namesInHostsFile,
  parseResolvConf,
  type ResolverConfiguration,
} from "./resolver/configuration.ts";
export { addressesNow, driveLookup, lookupNow, resolveName, type AddressLookup } from "./resolver/drive.ts";
export {
  addressesOf as addressesOfRecords,
  lookup,
  type Flavour,
  type LookupFailure,
  type LookupResult,
} from "./resolver/resolve.ts";

export { bindGrpc, GRPC } from "./services/grpc.ts";
export { bindSshd, SSHD, sshd } from "./services/sshd.ts";
export { bindSystemdResolved, systemdResolved } from "./services/systemd-resolved.ts";
