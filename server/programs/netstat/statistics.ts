/**
 * `netstat -s` (net-tools statistics.c): the two lines of each group in /proc/net/snmp and /proc/net/netstat in words. `-t`, `-u`
 * and `-w` choose among groups of protocols; others are told always.
 */
type Kind = "number" | "ifAny" | "received" | "sent" | "hidden";

type Entry = readonly [words: string, kind: Kind];

/** Words for a counter; `#` is its value. What has none is told by its name, if it is not zero. */
const WORDS: Readonly<Record<string, Readonly<Record<string, Entry>>>> = {
  Ip: {
    DefaultTTL: ["", "hidden"],
    InReceives: ["# total packets received", "number"],
    InHdrErrors: ["# with invalid headers", "ifAny"],
    InAddrErrors: ["# with invalid addresses", "ifAny"],
    ForwDatagrams: ["# forwarded", "number"],
    InUnknownProtos: ["# with unknown protocol", "ifAny"],
    InDiscards: ["# incoming packets discarded", "number"],
    InDelivers: ["# incoming packets delivered", "number"],
    OutRequests: ["# requests sent out", "number"],
    OutDiscards: ["# outgoing packets dropped", "ifAny"],
    OutNoRoutes: ["# dropped because of missing route", "ifAny"],
    ReasmTimeout: ["# fragments dropped after timeout", "ifAny"],
    ReasmReqds: ["# reassemblies required", "ifAny"],
    ReasmOKs: ["# packets reassembled ok", "ifAny"],
    ReasmFails: ["# packet reassemblies failed", "ifAny"],
    FragOKs: ["# fragments received ok", "ifAny"],
    FragFails: ["# fragments failed", "ifAny"],
    FragCreates: ["# fragments created", "ifAny"],
  },
  Icmp: {
    InMsgs: ["# ICMP messages received", "number"],
    InErrors: ["# input ICMP message failed", "number"],
    InDestUnreachs: ["destination unreachable: #", "received"],
    InTimeExcds: ["timeout in transit: #", "received"],
    InParmProbs: ["wrong parameters: #", "received"],
    InSrcQuenchs: ["source quenches: #", "received"],
    InRedirects: ["redirects: #", "received"],
    InEchos: ["echo requests: #", "received"],
    InEchoReps: ["echo replies: #", "received"],
    InTimestamps: ["timestamp request: #", "received"],
    InTimestampReps: ["timestamp reply: #", "received"],
    InAddrMasks: ["address mask request: #", "received"],
    InAddrMaskReps: ["address mask replies: #", "received"],
    OutMsgs: ["# ICMP messages sent", "number"],
    OutErrors: ["# ICMP messages failed", "number"],
    OutDestUnreachs: ["destination unreachable: #", "sent"],
    OutTimeExcds: ["time exceeded: #", "sent"],
    OutParmProbs: ["wrong parameters: #", "sent"],
    OutSrcQuenchs: ["source quench: #", "sent"],
    OutRedirects: ["redirect: #", "sent"],
    OutEchos: ["echo requests: #", "sent"],
    OutEchoReps: ["echo replies: #", "sent"],
    OutTimestamps: ["timestamp requests: #", "sent"],
    OutTimestampReps: ["timestamp replies: #", "sent"],
    OutAddrMasks: ["address mask requests: #", "sent"],
    OutAddrMaskReps: ["address mask replies: #", "sent"],
  },
  Tcp: {
    RtoAlgorithm: ["", "hidden"],
    RtoMin: ["", "hidden"],
    RtoMax: ["", "hidden"],
    MaxConn: ["", "hidden"],
    ActiveOpens: ["# active connection openings", "number"],
    PassiveOpens: ["# passive connection openings", "number"],
    AttemptFails: ["# failed connection attempts", "number"],
    EstabResets: ["# connection resets received", "number"],
    CurrEstab: ["# connections established", "number"],
    InSegs: ["# segments received", "number"],
    OutSegs: ["# segments sent out", "number"],
    RetransSegs: ["# segments retransmitted", "number"],
    InErrs: ["# bad segments received", "number"],
    OutRsts: ["# resets sent", "number"],
  },
  Udp: {
    InDatagrams: ["# packets received", "number"],
    NoPorts: ["# packets to unknown port received", "number"],
    InErrors: ["# packet receive errors", "number"],
    OutDatagrams: ["# packets sent", "number"],
    RcvbufErrors: ["# receive buffer errors", "number"],
    SndbufErrors: ["# send buffer errors", "number"],
  },
  IpExt: {},
  TcpExt: {
    TCPHPHits: ["# packet headers predicted", "number"],
    ListenOverflows: ["# times the listen queue of a socket overflowed", "ifAny"],
    ListenDrops: ["# SYNs to LISTEN sockets dropped", "ifAny"],
  },
};

export interface Chosen {
  readonly tcp: boolean;
  readonly udp: boolean;
  readonly raw: boolean;
}

/** Groups that are told only with the flag of their protocol, or with none of them. */
const FLAGS: Readonly<Record<string, keyof Chosen>> = { Ip: "raw", Icmp: "raw", Tcp: "tcp", TcpExt: "tcp", Udp: "udp" };

export function statistics(files: readonly string[], chosen: Chosen): string {
  const all = !chosen.tcp && !chosen.udp && !chosen.raw;
  let text = "";
  // Of what was told last: a group that has no words of its own goes on with its indent.
  let state: Kind = "number";
  const tell = (group: string, names: readonly string[], values: readonly number[]): void => {
    const known = WORDS[group];
    if (known) state = "number";
    text += `${group}:\n`;
    for (const [at, name] of names.entries()) {
      const value = values[at] ?? 0;
      const [words, kind] = known?.[name] ?? [`${name}: #`, state === "number" ? "ifAny" : state];
      if (kind === "hidden") continue;
      const next = kind === "received" || kind === "sent" ? kind : "number";
      if (known && next !== "number" && state !== next)
        text += `${indent(state)}ICMP ${next === "received" ? "in" : "out"}put histogram:\n`;
      if (kind === "number" || value !== 0) text += `${indent(next)}${words.replace("#", String(value))}\n`;
      state = next;
    }
  };
  for (const file of files) {
    const lines = file.split("\n");
    for (let at = 0; at + 1 < lines.length; at += 2) {
      const [group = "", ...names] = lines[at]!.split(/:? /);
      const values = lines[at + 1]!.split(" ").slice(1).map(Number);
      const flag = FLAGS[group];
      if (all || flag === undefined || chosen[flag]) tell(group, names, values);
    }
  }
  return text;
}

function indent(state: Kind): string {
  return " ".repeat(state === "number" ? 4 : 8);
}
