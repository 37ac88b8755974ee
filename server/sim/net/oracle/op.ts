/** What a user does to a few namespaces, as plain data: a scenario is a list of these. */
export type Op =
  | { readonly do: "netns"; readonly ns: string }
  | {
      readonly do: "veth";
      readonly ns: string;
      readonly dev: string;
      readonly peerNs: string;
      readonly peer: string;
    }
  | { readonly do: "bridge"; readonly ns: string; readonly dev: string }
  | { readonly do: "master"; readonly ns: string; readonly dev: string; readonly bridge: string | undefined }
  | { readonly do: "link"; readonly ns: string; readonly dev: string; readonly up: boolean }
  | { readonly do: "mtu"; readonly ns: string; readonly dev: string; readonly mtu: number }
  | { readonly do: "unlink"; readonly ns: string; readonly dev: string }
  | { readonly do: "move"; readonly ns: string; readonly dev: string; readonly to: string }
  | {
      readonly do: "address";
      readonly ns: string;
      readonly verb: "add" | "del";
      readonly dev: string;
      readonly address: string;
      readonly length: number;
    }
  | RouteOp
  | RuleOp
  | { readonly do: "sysctl"; readonly ns: string; readonly name: string; readonly value: number }
  | IptablesOp
  | Probe;

export type RouteKind = "unicast" | "blackhole" | "unreachable" | "prohibit" | "throw";

export interface RouteOp {
  readonly do: "route";
  readonly ns: string;
  readonly verb: "add" | "replace" | "del";
  readonly kind: RouteKind;
  /** `10.0.0.0/8`. */
  readonly to: string;
  readonly via?: string;
  readonly dev?: string;
  readonly src?: string;
  readonly metric?: number;
  readonly table?: number;
  readonly mtu?: number;
}

export interface RuleOp {
  readonly do: "rule";
  readonly ns: string;
  readonly verb: "add" | "del";
  readonly pref: number;
  readonly from?: string;
  readonly to?: string;
  readonly iif?: string;
  readonly mark?: number;
  readonly action: number | "blackhole" | "unreachable" | "prohibit";
}

export type Protocol = "icmp" | "tcp" | "udp";

export interface Match {
  readonly source?: string;
  readonly destination?: string;
  readonly input?: string;
  readonly output?: string;
  readonly protocol?: Protocol;
  readonly port?: number;
  readonly states?: readonly ("NEW" | "ESTABLISHED" | "RELATED" | "INVALID")[];
  readonly mark?: number;
}

export type Target =
  | { readonly name: "ACCEPT" | "DROP" | "RETURN" | "MASQUERADE" }
  | { readonly name: "REJECT"; readonly with: string }
  | { readonly name: "DNAT"; readonly to: string; readonly port?: number }
  | { readonly name: "SNAT"; readonly to: string }
  | { readonly name: "REDIRECT"; readonly port: number }
  | { readonly name: "MARK"; readonly value: number }
  | { readonly name: "JUMP"; readonly chain: string };

export interface IptablesOp {
  readonly do: "iptables";
  readonly ns: string;
  readonly table: "mangle" | "nat" | "filter";
  readonly verb: "append" | "insert" | "policy" | "flush" | "new";
  readonly chain: string;
  readonly match?: Match;
  readonly target?: Target;
}

/** A packet that asks for an answer. TCP goes to port 80, UDP to port 53 unless a port is given. */
export interface Probe {
  readonly do: "probe";
  readonly ns: string;
  readonly kind: Protocol;
  readonly to: string;
  readonly port?: number;
  readonly from?: string;
  readonly ttl?: number;
  readonly size?: number;
  readonly dontFragment?: boolean;
}

/** Where every namespace listens. */
export const TCP_PORT = 80;
export const UDP_PORT = 53;

/** The words of an op behind `ip netns exec NS`; none for a probe and for what makes the namespace itself. */
export function argv(op: Op): string[] {
  switch (op.do) {
    case "netns":
      return words(`ip netns add ${op.ns}`);
    case "veth":
      return words(`ip link add ${op.dev} type veth peer name ${op.peer} netns ${op.peerNs}`);
    case "bridge":
      return words(`ip link add ${op.dev} type bridge`);
    case "master":
      return words(`ip link set ${op.dev} ${op.bridge === undefined ? "nomaster" : `master ${op.bridge}`}`);
    case "link":
      return words(`ip link set ${op.dev} ${op.up ? "up" : "down"}`);
    case "mtu":
      return words(`ip link set ${op.dev} mtu ${op.mtu}`);
    case "unlink":
      return words(`ip link del ${op.dev}`);
    case "move":
      return words(`ip link set ${op.dev} netns ${op.to}`);
    case "address":
      return words(`ip addr ${op.verb} ${op.address}/${op.length} dev ${op.dev}`);
    case "route":
      return routeWords(op);
    case "rule":
      return ruleWords(op);
    case "sysctl":
      return words(`sysctl -q -w ${op.name}=${op.value}`);
    case "iptables":
      return iptablesWords(op);
    case "probe":
      return probeWords(op);
  }
}

/** As typed on the machine. */
export function line(op: Op): string {
  const typed = argv(op);
  if (op.do === "netns") return typed.join(" ");
  return typed[0] === "ip" ? `ip -n ${op.ns} ${typed.slice(1).join(" ")}` : `ip netns exec ${op.ns} ${typed.join(" ")}`;
}

function words(text: string): string[] {
  return text.split(" ");
}

function option(name: string, value: string | number | undefined): string[] {
  return value === undefined ? [] : [name, String(value)];
}

function routeWords(op: RouteOp): string[] {
  return [
    ...words(`ip route ${op.verb}`),
    ...(op.kind === "unicast" ? [] : [op.kind]),
    op.to,
    ...option("via", op.via),
    ...option("dev", op.dev),
    ...option("src", op.src),
    ...option("metric", op.metric),
    ...option("table", op.table),
    ...option("mtu", op.mtu),
  ];
}

function ruleWords(op: RuleOp): string[] {
  return [
    ...words(`ip rule ${op.verb} pref ${op.pref}`),
    ...option("from", op.from),
    ...option("to", op.to),
    ...option("iif", op.iif),
    ...option("fwmark", op.mark),
    ...(typeof op.action === "number" ? option("table", op.action) : [op.action]),
  ];
}

const VERBS = { append: "-A", insert: "-I", policy: "-P", flush: "-F", new: "-N" } as const;

function iptablesWords(op: IptablesOp): string[] {
  const head = ["iptables", "-t", op.table, VERBS[op.verb], op.chain];
  const { match = {}, target } = op;
  if (op.verb === "policy") return [...head, target!.name];
  return [
    ...head,
    ...option("-s", match.source),
    ...option("-d", match.destination),
    ...option("-i", match.input),
    ...option("-o", match.output),
    ...option("-p", match.protocol),
    ...option("--dport", match.port),
    ...(match.states === undefined ? [] : ["-m", "conntrack", "--ctstate", match.states.join(",")]),
    ...(match.mark === undefined ? [] : ["-m", "mark", "--mark", String(match.mark)]),
    ...(target === undefined ? [] : targetWords(target)),
  ];
}

function targetWords(target: Target): string[] {
  switch (target.name) {
    case "REJECT":
      return ["-j", "REJECT", "--reject-with", target.with];
    case "DNAT":
      return ["-j", "DNAT", "--to-destination", target.port === undefined ? target.to : `${target.to}:${target.port}`];
    case "SNAT":
      return ["-j", "SNAT", "--to-source", target.to];
    case "REDIRECT":
      return ["-j", "REDIRECT", "--to-ports", String(target.port)];
    case "MARK":
      return ["-j", "MARK", "--set-mark", String(target.value)];
    case "JUMP":
      return ["-j", target.chain];
    default:
      return ["-j", target.name];
  }
}

function probeWords(op: Probe): string[] {
  if (op.kind !== "icmp")
    return [
      "nc",
      ...(op.kind === "udp" ? ["-u"] : []),
      ...option("-s", op.from),
      op.to,
      String(op.port ?? (op.kind === "udp" ? UDP_PORT : TCP_PORT)),
    ];
  return [
    ...words("ping -c 1"),
    ...option("-I", op.from),
    ...option("-t", op.ttl),
    ...option("-s", op.size),
    ...(op.dontFragment ? ["-M", "do"] : []),
    op.to,
  ];
}
