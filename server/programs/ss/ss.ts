import type { Process, Program } from "../../sim/host/index.ts";
import { address, namespaceOf, namesInHostsFile, type Namespace } from "../../sim/net/index.ts";
import { versionOf } from "../gnu/versions.ts";
import { Exit, notSimulated } from "../ip/exit.ts";
import { switchNamespace } from "../ip/netns/names.ts";
import { serviceNames } from "../iptables/names.ts";
import { parseOptions } from "../options.ts";
import { readExpression, type Test } from "./filter.ts";
import { cellsOf, type CellOptions } from "./cells.ts";
import { socketsIn, type ShownSocket, type State } from "./sockets.ts";
import { summary } from "./summary.ts";
import { drawTable } from "./table.ts";
import { SS_USAGE } from "./usage.ts";

const FLAGS = {
  numeric: { short: "n", long: "numeric" },
  resolve: { short: "r", long: "resolve" },
  options: { short: "o", long: "options" },
  extended: { short: "e", long: "extended" },
  memory: { short: "m", long: "memory", simulated: false },
  info: { short: "i", long: "info", simulated: false },
  processes: { short: "p", long: "processes" },
  threads: { short: "T", long: "threads", simulated: false },
  bpf: { short: "b", long: "bpf", simulated: false },
  events: { short: "E", long: "events", simulated: false },
  dccp: { short: "d", long: "dccp" },
  tcp: { short: "t", long: "tcp" },
  sctp: { short: "S", long: "sctp" },
  udp: { short: "u", long: "udp" },
  raw: { short: "w", long: "raw" },
  unix: { short: "x", long: "unix" },
  mptcp: { short: "M", long: "mptcp" },
  packet: { short: "0", long: "packet" },
  all: { short: "a", long: "all" },
  listening: { short: "l", long: "listening" },
  ipv4: { short: "4", long: "ipv4" },
  ipv6: { short: "6", long: "ipv6" },
  family: { short: "f", long: "family", arg: "FAMILY" },
  query: { short: "A", long: "query", arg: "QUERY" },
  socket: { long: "socket", arg: "QUERY" },
  summary: { short: "s", long: "summary" },
  diag: { short: "D", long: "diag", arg: "FILE", simulated: false },
  filter: { short: "F", long: "filter", arg: "FILE", simulated: false },
  version: { short: "vV", long: "version" },
  help: { short: "h", long: "help" },
  context: { short: "Z", long: "context" },
  contexts: { short: "z", long: "contexts" },
  net: { short: "N", long: "net", arg: "NETNS" },
  kill: { short: "K", long: "kill", simulated: false },
  noHeader: { short: "H", long: "no-header" },
  oneline: { short: "O", long: "oneline" },
  tos: { long: "tos", simulated: false },
  cgroup: { long: "cgroup", simulated: false },
  inetSockopt: { long: "inet-sockopt", simulated: false },
} as const;

type Protocol = ShownSocket["protocol"];

/** Another utility to investigate sockets (iproute2 misc/ss.c). */
export const ss: Program = {
  name: "ss",
  summary: "another utility to investigate sockets",
  async run(process, args) {
    const options = parseOptions(FLAGS, args);
    if ("notSimulated" in options) return say(process, notSimulated("ss", options.notSimulated));
    if ("problem" in options) return say(process, new Exit(255, `ss: ${options.problem}\n${SS_USAGE}`));
    try {
      return await show(process, options);
    } catch (error) {
      if (!(error instanceof Exit)) throw error;
      return say(process, error);
    }
  },
};

async function say(process: Process, exit: Exit): Promise<number> {
  await process.error(exit.says);
  return exit.status;
}

type Given = Exclude<ReturnType<typeof parseOptions<typeof FLAGS>>, { problem: string } | { notSimulated: string }>;

async function show(process: Process, options: Given): Promise<number> {
  if (options.has("help")) {
    await process.print(SS_USAGE);
    return 0;
  }
  if (options.has("version")) {
    await process.print(`ss utility, iproute2-${versionOf(process, "iproute2") || "6.1.0"}\n`);
    return 0;
  }
  if (options.has("context") || options.has("contexts")) throw new Exit(1, "ss: SELinux is not enabled.\n");
  const net = options.value("net");
  const ns = net === undefined ? namespaceOf(process) : switchNamespace(process, net, 1);
  const chosen = choice(options);
  if (options.has("summary")) {
    await process.print(summary(ns));
    if (chosen.isDefault && options.operands.length === 0) return 0;
  }
  const { states, rest } = readStates(options);
  const services = serviceNames(process.host);
  const service = (name: string): number | undefined => services.port(name, "tcp") ?? services.port(name, "udp");
  const test = readExpression(rest, service, SS_USAGE);
  const found = socketsIn(ns, process).filter((socket) => fits(socket, chosen, states, test));
  const cells: CellOptions = {
    numeric: options.has("numeric"),
    processes: options.has("processes"),
    timers: options.has("options") || options.has("extended"),
    details: options.has("extended"),
    now: ns.kernel.now,
    service: (port, protocol) => (isEphemeral(ns, port) ? undefined : services.service(port, protocol)),
    ...(options.has("resolve") ? { host: hostNames(process) } : {}),
    pidOf: (row) => process.host.pidOf(row),
  };
  const order: readonly Protocol[] = ["unix", "raw", "udp", "tcp"];
  const rows = order.flatMap((protocol) =>
    found.filter((socket) => socket.protocol === protocol).map((socket) => cellsOf(socket, cells)),
  );
  await process.print(
    drawTable(rows, {
      header: !options.has("noHeader"),
      netid: chosen.tables !== 1,
      state: states.size !== 1,
      width: process.fds.find(1)?.tty?.cols,
    }),
  );
  return 0;
}

interface Choice {
  readonly protocols: ReadonlySet<Protocol>;
  /** How many of the kernel's tables are looked into: with one, its name is not shown. */
  readonly tables: number;
  readonly families: ReadonlySet<4 | 6>;
  readonly isDefault: boolean;
}

const QUERIES: Readonly<Record<string, readonly string[]>> = {
  all: ["tcp", "udp", "raw", "unix", "others"],
  inet: ["tcp", "udp", "raw", "others"],
  tcp: ["tcp"], udp: ["udp"], raw: ["raw"], unix: ["unix"],
  unix_stream: ["unix"], unix_dgram: ["unix"], unix_seqpacket: ["unix"],
  mptcp: ["mptcp"], dccp: ["dccp"], sctp: ["sctp"], packet: ["packet"], packet_raw: ["packet"], packet_dgram: ["packet"],
  netlink: ["netlink"], vsock_stream: ["vsock"], vsock_dgram: ["vsock"], tipc: ["tipc"], xdp: ["xdp"],
}; // prettier-ignore

/** Which protocols and families are meant. */
function choice(options: Given): Choice {
  const tables = new Set<string>();
  for (const name of ["tcp", "udp", "raw", "unix", "dccp", "sctp", "mptcp", "packet"] as const)
    if (options.has(name)) tables.add(name);
  for (const list of [...options.values("query"), ...options.values("socket")])
    for (const word of list.split(",")) {
      const query = Object.hasOwn(QUERIES, word) ? QUERIES[word] : undefined;
      if (!query) throw new Exit(255, `ss: "${word}" is illegal socket table id\n${SS_USAGE}`);
      for (const one of query) tables.add(one);
    }
  const families = new Set<4 | 6>();
  if (options.has("ipv4")) families.add(4);
  if (options.has("ipv6")) families.add(6);
  for (const word of options.values("family")) {
    if (word === "inet") families.add(4);
    else if (word === "inet6") families.add(6);
    else if (word === "unix") tables.add("unix");
    else if (["link", "netlink", "vsock", "tipc", "xdp"].includes(word)) tables.add(word);
    else if (word === "help") throw new Exit(0, SS_USAGE);
    else throw new Exit(255, `ss: "${word}" is invalid family\n${SS_USAGE}`);
  }
  const isDefault = tables.size === 0;
  if (isDefault)
    for (const one of families.size > 0 ? ["tcp", "udp", "raw", "others"] : ["tcp", "udp", "raw", "unix", "others"])
      tables.add(one);
  const known: readonly Protocol[] = ["tcp", "udp", "raw", "unix"];
  return {
    protocols: new Set(known.filter((protocol) => tables.has(protocol))),
    // Those of the machine itself are three: streams, datagrams and packets in sequence.
    tables: tables.size + (tables.has("unix") ? 2 : 0),
    families: families.size > 0 ? families : new Set([4, 6]),
    isDefault: isDefault && families.size === 0,
  };
}

const ALL: readonly State[] = [
  "ESTAB", "SYN-SENT", "SYN-RECV", "FIN-WAIT-1", "FIN-WAIT-2", "TIME-WAIT", "UNCONN", "CLOSE-WAIT", "LAST-ACK", "LISTEN",
  "CLOSING",
]; // prettier-ignore

function without(...states: readonly State[]): State[] {
  return ALL.filter((state) => !states.includes(state));
}

/** Names of states and of groups of them (scan_state). */
const GROUPS: Readonly<Record<string, readonly State[]>> = {
  close: ["UNCONN"], closed: ["UNCONN"], unconnected: ["UNCONN"], "syn-rcv": ["SYN-RECV"], "syn-recv": ["SYN-RECV"],
  established: ["ESTAB"], "syn-sent": ["SYN-SENT"], "fin-wait-1": ["FIN-WAIT-1"], "fin-wait-2": ["FIN-WAIT-2"],
  "time-wait": ["TIME-WAIT"], "close-wait": ["CLOSE-WAIT"], "last-ack": ["LAST-ACK"], listening: ["LISTEN"],
  closing: ["CLOSING"], all: ALL, connected: without("UNCONN", "LISTEN"),
  synchronized: without("UNCONN", "LISTEN", "SYN-SENT"), bucket: ["SYN-RECV", "TIME-WAIT"],
  big: without("SYN-RECV", "TIME-WAIT"),
}; // prettier-ignore

/** The states that are meant, and the words of the expression. */
function readStates(options: Given): { states: ReadonlySet<State>; rest: readonly string[] } {
  let states = new Set<State>(
    options.lastOf("all", "listening") === "all"
      ? ALL
      : options.has("listening")
        ? ["LISTEN", "UNCONN"]
        : without("LISTEN", "UNCONN", "TIME-WAIT", "SYN-RECV"),
  );
  let seen = false;
  let at = 0;
  const words = options.operands;
  for (; at < words.length; at += 2) {
    const exclude = words[at] === "exclude" || words[at] === "excl";
    if (!exclude && words[at] !== "state") break;
    const name = words[at + 1];
    if (name === undefined) throw new Exit(255, 'Command line is not complete. Try option "help"\n');
    const group = GROUPS[name.toLowerCase()];
    if (!group) throw new Exit(255, `ss: wrong state name: ${name}\n`);
    if (!seen) states = new Set(exclude ? ALL : []);
    seen = true;
    for (const state of group) if (exclude) states.delete(state); else states.add(state); // prettier-ignore
  }
  return { states, rest: words.slice(at) };
}

function fits(socket: ShownSocket, chosen: Choice, states: ReadonlySet<State>, test: Test | undefined): boolean {
  if (!chosen.protocols.has(socket.protocol) || !states.has(socket.state)) return false;
  if (socket.protocol === "unix") return !test;
  if (!chosen.families.has(socket.family)) return false;
  if (!test) return true;
  return test({
    local: address(socket.address),
    port: socket.port,
    peer: address(socket.peerAddress),
    peerPort: socket.peerPort,
    ...(socket.device === undefined ? {} : { device: socket.device }),
  });
}

/** Services are not named on ports that connections draw from. */
function isEphemeral(ns: Namespace, port: number): boolean {
  const range = ns.sysctls.get("net/ipv4/ip_local_port_range") ?? "32768\t60999";
  const [low, high] = range.split("\t").map(Number) as [number, number];
  return port >= low && port <= high;
}

function hostNames({ host }: Process): (address: string) => string | undefined {
  const text = host.readText("/etc/hosts") ?? "";
  return (one) => namesInHostsFile(text, one)[0];
}
