import { file, type ViewContext, type ViewNode } from "../../host/index.ts";
import { counted } from "../mib.ts";
import type { Namespace } from "../namespace.ts";
import { configurationOf } from "../sysctl/configuration.ts";
import { contextNamespace } from "./context.ts";

/** Columns of /proc/net/snmp as Linux 6.18 has them (net/ipv4/proc.c). */
const SNMP: readonly (readonly [group: string, names: readonly string[]])[] = [
  [
    "Ip",
    words(`Forwarding DefaultTTL InReceives InHdrErrors InAddrErrors ForwDatagrams InUnknownProtos InDiscards InDelivers
    OutRequests OutDiscards OutNoRoutes ReasmTimeout ReasmReqds ReasmOKs ReasmFails FragOKs FragFails FragCreates
    OutTransmits`),
  ],
  [
    "Icmp",
    words(`InMsgs InErrors InCsumErrors InDestUnreachs InTimeExcds InParmProbs InSrcQuenchs InRedirects InEchos InEchoReps
    InTimestamps InTimestampReps InAddrMasks InAddrMaskReps OutMsgs OutErrors OutRateLimitGlobal OutRateLimitHost
    OutDestUnreachs OutTimeExcds OutParmProbs OutSrcQuenchs OutRedirects OutEchos OutEchoReps OutTimestamps
    OutTimestampReps OutAddrMasks OutAddrMaskReps`),
  ],
  [
    "Tcp",
    words(`RtoAlgorithm RtoMin RtoMax MaxConn ActiveOpens PassiveOpens AttemptFails EstabResets CurrEstab InSegs OutSegs
    RetransSegs InErrs OutRsts InCsumErrors`),
  ],
  [
    "Udp",
    words(`InDatagrams NoPorts InErrors OutDatagrams RcvbufErrors SndbufErrors InCsumErrors IgnoredMulti MemErrors`),
  ],
  [
    "UdpLite",
    words(`InDatagrams NoPorts InErrors OutDatagrams RcvbufErrors SndbufErrors InCsumErrors IgnoredMulti MemErrors`),
  ],
];

/** Columns of /proc/net/netstat. */
const NETSTAT: readonly (readonly [group: string, names: readonly string[]])[] = [
  [
    "TcpExt",
    words(`SyncookiesSent SyncookiesRecv SyncookiesFailed EmbryonicRsts PruneCalled RcvPruned OfoPruned OutOfWindowIcmps
    LockDroppedIcmps ArpFilter TW TWRecycled TWKilled PAWSActive PAWSEstab BeyondWindow TSEcrRejected PAWSOldAck
    PAWSTimewait DelayedACKs DelayedACKLocked DelayedACKLost ListenOverflows ListenDrops TCPHPHits TCPPureAcks
    TCPHPAcks TCPRenoRecovery TCPSackRecovery TCPSACKReneging TCPSACKReorder TCPRenoReorder TCPTSReorder TCPFullUndo
    TCPPartialUndo TCPDSACKUndo TCPLossUndo TCPLostRetransmit TCPRenoFailures TCPSackFailures TCPLossFailures
    TCPFastRetrans TCPSlowStartRetrans TCPTimeouts TCPLossProbes TCPLossProbeRecovery TCPRenoRecoveryFail
    TCPSackRecoveryFail TCPRcvCollapsed TCPBacklogCoalesce TCPDSACKOldSent TCPDSACKOfoSent TCPDSACKRecv
    TCPDSACKOfoRecv TCPAbortOnData TCPAbortOnClose TCPAbortOnMemory TCPAbortOnTimeout TCPAbortOnLinger
    TCPAbortFailed TCPMemoryPressures TCPMemoryPressuresChrono TCPSACKDiscard TCPDSACKIgnoredOld
    TCPDSACKIgnoredNoUndo TCPSpuriousRTOs TCPMD5NotFound TCPMD5Unexpected TCPMD5Failure TCPSackShifted TCPSackMerged
    TCPSackShiftFallback TCPBacklogDrop PFMemallocDrop TCPMinTTLDrop TCPDeferAcceptDrop IPReversePathFilter
    TCPTimeWaitOverflow TCPReqQFullDoCookies TCPReqQFullDrop TCPRetransFail TCPRcvCoalesce TCPOFOQueue TCPOFODrop
    TCPOFOMerge TCPChallengeACK TCPSYNChallenge TCPFastOpenActive TCPFastOpenActiveFail TCPFastOpenPassive
    TCPFastOpenPassiveFail TCPFastOpenListenOverflow TCPFastOpenCookieReqd TCPFastOpenBlackhole
    TCPSpuriousRtxHostQueues BusyPollRxPackets TCPAutoCorking TCPFromZeroWindowAdv TCPToZeroWindowAdv
    TCPWantZeroWindowAdv TCPSynRetrans TCPOrigDataSent TCPHystartTrainDetect TCPHystartTrainCwnd
    TCPHystartDelayDetect TCPHystartDelayCwnd TCPACKSkippedSynRecv TCPACKSkippedPAWS TCPACKSkippedSeq
    TCPACKSkippedFinWait2 TCPACKSkippedTimeWait TCPACKSkippedChallenge TCPWinProbe TCPKeepAlive TCPMTUPFail
    TCPMTUPSuccess TCPDelivered TCPDeliveredCE TCPAckCompressed TCPZeroWindowDrop TCPRcvQDrop TCPWqueueTooBig
    TCPFastOpenPassiveAltKey TcpTimeoutRehash TcpDuplicateDataRehash TCPDSACKRecvSegs TCPDSACKIgnoredDubious
    TCPMigrateReqSuccess TCPMigrateReqFailure TCPPLBRehash TCPAORequired TCPAOBad TCPAOKeyNotFound TCPAOGood
    TCPAODroppedIcmps`),
  ],
  [
    "IpExt",
    words(`InNoRoutes InTruncatedPkts InMcastPkts OutMcastPkts InBcastPkts OutBcastPkts InOctets OutOctets InMcastOctets
    OutMcastOctets InBcastOctets OutBcastOctets InCsumErrors InNoECTPkts InECT1Pkts InECT0Pkts InCEPkts
    ReasmOverlaps`),
  ],
  [
    "MPTcpExt",
    words(`MPCapableSYNRX MPCapableSYNTX MPCapableSYNACKRX MPCapableACKRX MPCapableFallbackACK MPCapableFallbackSYNACK
    MPCapableSYNTXDrop MPCapableSYNTXDisabled MPCapableEndpAttempt MPFallbackTokenInit MPTCPRetrans
    MPJoinNoTokenFound MPJoinSynRx MPJoinSynBackupRx MPJoinSynAckRx MPJoinSynAckBackupRx MPJoinSynAckHMacFailure
    MPJoinAckRx MPJoinAckHMacFailure MPJoinRejected MPJoinSynTx MPJoinSynTxCreatSkErr MPJoinSynTxBindErr
    MPJoinSynTxConnectErr DSSNotMatching DSSCorruptionFallback DSSCorruptionReset InfiniteMapTx InfiniteMapRx
    DSSNoMatchTCP DataCsumErr OFOQueueTail OFOQueue OFOMerge NoDSSInWindow DuplicateData AddAddr AddAddrTx
    AddAddrTxDrop EchoAdd EchoAddTx EchoAddTxDrop PortAdd AddAddrDrop MPJoinPortSynRx MPJoinPortSynAckRx
    MPJoinPortAckRx MismatchPortSynRx MismatchPortAckRx RmAddr RmAddrDrop RmAddrTx RmAddrTxDrop RmSubflow MPPrioTx
    MPPrioRx MPFailTx MPFailRx MPFastcloseTx MPFastcloseRx MPRstTx MPRstRx SubflowStale SubflowRecover SndWndShared
    RcvWndShared RcvWndConflictUpdate RcvWndConflict MPCurrEstab Blackhole MPCapableDataFallback MD5SigFallback
    DssFallback SimultConnectFallback FallbackFailed WinProbe`),
  ],
];

function words(text: string): readonly string[] {
  return text.trim().split(/\s+/);
}

export const procSnmp: ViewNode<ViewContext> = file((context) => snmp(contextNamespace(context)));
export const procNetstat: ViewNode<ViewContext> = file((context) => netstat(contextNamespace(context)));
export const procSockstat: ViewNode<ViewContext> = file((context) => sockstat(contextNamespace(context)));

/** Both lines of each group. ICMP by type is told only where there was any (icmpmsg_put). */
function snmp(ns: Namespace): string {
  return SNMP.map(([group, names]) => `${lines(ns, group, names)}${group === "Icmp" ? byType(ns) : ""}`).join("");
}

function netstat(ns: Namespace): string {
  return NETSTAT.map(([group, names]) => lines(ns, group, names)).join("");
}

function lines(ns: Namespace, group: string, names: readonly string[]): string {
  const values = names.map((name) => fixed(ns, group, name) ?? counted(ns, `${group}.${name}`));
  return `${group}: ${names.join(" ")}\n${group}: ${values.join(" ")}\n`;
}

function byType(ns: Namespace): string {
  const names = ["In", "Out"].flatMap((way) =>
    Array.from({ length: 256 }, (_, type) => `${way}Type${type}`).filter((name) => counted(ns, `IcmpMsg.${name}`) > 0),
  );
  return names.length > 0 ? lines(ns, "IcmpMsg", names) : "";
}

/** What is no counter: settings, and what is so now. */
function fixed(ns: Namespace, group: string, name: string): number | undefined {
  switch (`${group}.${name}`) {
    case "Ip.Forwarding":
      return configurationOf(ns).number("net/ipv4/ip_forward") === 0 ? 2 : 1;
    case "Ip.DefaultTTL":
      return configurationOf(ns).defaultTtl;
    case "Tcp.RtoAlgorithm":
      return 1;
    case "Tcp.RtoMin":
      return 200;
    case "Tcp.RtoMax":
      return 120_000;
    case "Tcp.MaxConn":
      return -1;
    case "Tcp.CurrEstab":
      return [...ns.connections.values()].filter(
        ({ protocol, state }) => protocol === "tcp" && (state === "established" || state === "close-wait"),
      ).length;
    default:
      return undefined;
  }
}

/** Sockets of the namespace; memory is not simulated, so that nothing of it is used. */
function sockstat(ns: Namespace): string {
  const sockets = [...ns.sockets.values(), ...ns.connections.values()];
  const of = (protocol: string, ...states: readonly string[]): number =>
    sockets.filter((row) => row.protocol === protocol && (states.length === 0 || states.includes(row.state))).length;
  const [waiting, udp, raw] = [of("tcp", "time-wait"), of("udp"), of("raw")];
  const tcp = of("tcp") - waiting;
  return (
    `sockets: used ${tcp + udp + raw}\nTCP: inuse ${tcp} orphan 0 tw ${waiting} alloc ${tcp} mem 0\n` +
    `UDP: inuse ${udp} mem 0\nUDPLITE: inuse 0\nRAW: inuse ${raw}\nFRAG: inuse 0 memory 0\n`
  );
}
