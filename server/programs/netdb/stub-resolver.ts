import { Errno, type Process } from "../../sim/host/index.ts";
import type { Duration } from "../../sim/kernel/index.ts";
import {
  connectTcp,
  decodeDns,
  dnsQuery,
  encodeDns,
  parseResolvConf,
  UdpSocket,
  type DnsMessage,
  type DnsRecord,
  type RecordType,
  type ResolverConfiguration,
} from "../../sim/net/index.ts";
import { waitFor } from "../sockets/relay.ts";
import type { Libc } from "./libc.ts";

/** What a C library's resolver found for a name: records of all types that were asked for, or why there are none. */
export interface Found {
  readonly records: readonly DnsRecord[];
  /** `not found`: no such name. `no data`: the name has no such record. `try again`: no server gave an answer. */
  readonly failure?: "not found" | "no data" | "try again";
}

type Replies = (DnsMessage | undefined)[];

/** Looks records up by /etc/resolv.conf (or by other servers) with its search list, all types in parallel, as res_search(3) or as musl does. */
export async function searchDns(
  process: Process,
  name: string,
  types: readonly RecordType[],
  libc: Libc,
  nameservers?: readonly string[],
): Promise<Found> {
  const { LOCALDOMAIN, RES_OPTIONS } = process.env;
  const text = process.host.readText("/etc/resolv.conf") ?? "";
  // The environment goes before the file; musl does not look there (res_init.c).
  const more = libc === "musl" ? "" : `${LOCALDOMAIN === undefined ? "" : `\nsearch ${LOCALDOMAIN}`}${RES_OPTIONS === undefined ? "" : `\noptions ${RES_OPTIONS}`}`; // prettier-ignore
  const own = parseResolvConf(text + more);
  const configuration = nameservers ? { ...own, nameservers } : own;
  return libc === "musl"
    ? searchAsMusl(process, name, types, configuration)
    : searchAsGlibc(process, name, types, configuration);
}

/** resolv/res_query.c __res_context_search: a server that does not answer ends the search list, its failure does not. */
async function searchAsGlibc(
  process: Process,
  name: string,
  types: readonly RecordType[],
  configuration: ResolverConfiguration,
): Promise<Found> {
  const absolute = `${name.replace(/\.$/, "")}.`;
  const meant = configuration.noAaaa ? types.filter((type) => type !== "AAAA") : types;
  if (meant.length === 0) return { records: [], failure: "no data" };
  const ask = (candidate: string): Promise<Asked> => askInTurn(process, candidate, meant, configuration);
  if (name.endsWith(".")) return judge(await ask(absolute));
  const dots = name.split(".").length - 1;
  let triedAsIs = false;
  let failure: Found["failure"] = "not found";
  const note = (found: Found): void => {
    if (found.failure === "no data" || (found.failure === "try again" && failure === "not found"))
      failure = found.failure;
  };
  if (dots >= configuration.ndots) {
    const asked = await ask(absolute);
    const found = judge(asked);
    if (found.failure === undefined || asked === "silence") return found;
    note(found);
    triedAsIs = true;
  }
  for (const domain of configuration.search) {
    const asked = await ask(`${name}.${domain}.`);
    const found = judge(asked);
    if (found.failure === undefined) return found;
    note(found);
    if (asked === "silence") break;
  }
  if (!triedAsIs) {
    const found = judge(await ask(absolute));
    if (found.failure === undefined) return found;
    note(found);
  }
  return { records: [], failure };
}

type Asked = Replies | "silence";

/** The servers in turn, each with all questions, `attempts` rounds (res_send.c). The last failure counts if all fail. */
async function askInTurn(
  process: Process,
  name: string,
  types: readonly RecordType[],
  { nameservers: all, attempts, timeout, rotate, useVc }: ResolverConfiguration,
): Promise<Asked> {
  const first = rotate ? process.kernel.random.below(`dns/rotate/${process.machine.name}`, all.length) : 0;
  const nameservers = [...all.slice(first), ...all.slice(0, first)];
  let failed: Replies | undefined;
  for (let attempt = 0; attempt < attempts; attempt++)
    for (const server of nameservers) {
      const replies = useVc
        ? await askOverTcp(process, server, name, types, timeout)
        : await askTogether(process, [server], name, types, timeout, 1);
      // What did not fit in a datagram is asked for again over TCP.
      for (const [at, reply] of replies.entries())
        if (reply?.truncated && !useVc)
          replies[at] = (await askOverTcp(process, server, name, [types[at]!], timeout))[0] ?? reply;
      const answers = replies.filter((reply) => reply !== undefined);
      if (answers.length === types.length && answers.every(isAnswer)) return replies;
      if (answers.some(isAnswer)) return replies;
      if (answers.length > 0) failed = replies;
    }
  return failed ?? "silence";
}

/** src/network/lookup_name.c: no search for names with `ndots` dots; a name that is there ends the search. */
async function searchAsMusl(
  process: Process,
  name: string,
  types: readonly RecordType[],
  { nameservers, search, ndots, timeout, attempts }: ResolverConfiguration,
): Promise<Found> {
  const dots = name.split(".").length - 1;
  const searched = dots >= ndots || name.endsWith(".") ? [] : search.map((domain) => `${name}.${domain}.`);
  let found: Found = { records: [], failure: "not found" };
  for (const candidate of [...searched, `${name.replace(/\.$/, "")}.`]) {
    const replies = await askTogether(process, nameservers, candidate, types, timeout, attempts);
    found = judge(replies.every((reply) => reply === undefined) ? "silence" : replies);
    if (found.failure !== "not found") return found;
  }
  return found;
}

/** Sends all questions to all servers, `sends` times within the time-out, until each has a reply. */
async function askTogether(
  process: Process,
  servers: readonly string[],
  name: string,
  types: readonly RecordType[],
  timeout: Duration,
  sends: number,
): Promise<Replies> {
  const queries = types.map((type) =>
    dnsQuery(process.kernel.random.below(`dns/${process.machine.name}`, 0x10000), name, type),
  );
  const replies: (DnsMessage | undefined)[] = types.map(() => undefined);
  const missing = (): boolean => replies.some((reply) => reply === undefined || !isAnswer(reply));
  const start = process.kernel.now;
  for (let send = 1; send <= sends && missing(); send++) {
    const deadline = start + (timeout * send) / sends;
    for (const server of servers) if (missing()) await askOne(process, server, queries, replies, deadline);
  }
  return replies;
}

/** One connection for all questions, each with its length in front (send_vc). */
async function askOverTcp(
  process: Process,
  server: string,
  name: string,
  types: readonly RecordType[],
  timeout: Duration,
): Promise<Replies> {
  const replies: Replies = types.map(() => undefined);
  try {
    const socket = (await connectTcp(process, { to: server, port: 53, timeout })).retain();
    try {
      for (const [at, type] of types.entries()) {
        const query = dnsQuery(process.kernel.random.below(`dns/${process.machine.name}`, 0x10000), name, type);
        const bytes = encodeDns(query);
        await socket.write(process, String.fromCharCode(bytes.length >> 8, bytes.length & 0xff) + bytes);
        let received = "";
        while (received.length < 2 || received.length < 2 + lengthOf(received)) {
          if (!socket.readable && !(await waitFor(process, [socket], timeout))) return replies;
          const piece = await socket.read(process, 65_536);
          if (piece === "") return replies;
          received += piece;
        }
        const message = decodeDns(received.slice(2, 2 + lengthOf(received)));
        if (message?.id === query.id) replies[at] = message;
      }
    } finally {
      socket.drop();
    }
  } catch (error) {
    if (!(error instanceof Errno) || error.code === "EINTR") throw error;
  }
  return replies;
}

function lengthOf(bytes: string): number {
  return (bytes.charCodeAt(0) << 8) | bytes.charCodeAt(1);
}

async function askOne(
  process: Process,
  server: string,
  queries: readonly DnsMessage[],
  replies: (DnsMessage | undefined)[],
  deadline: number,
): Promise<void> {
  let socket: UdpSocket | undefined;
  try {
    socket = UdpSocket.connected(process, { to: server, port: 53 }).retain();
    for (const [at, query] of queries.entries()) if (replies[at] === undefined) socket.send(encodeDns(query));
    while (replies.includes(undefined)) {
      const datagram = await socket.receive(process, deadline - process.kernel.now);
      if (!datagram) return;
      const message = decodeDns(datagram.bytes);
      const at = queries.findIndex(({ id }) => id === message?.id);
      if (message?.response && at >= 0) replies[at] = message;
    }
  } catch (error) {
    if (!(error instanceof Errno) || error.code === "EINTR") throw error;
  } finally {
    socket?.drop();
  }
}

function isAnswer(message: DnsMessage): boolean {
  return message.rcode === "NOERROR" || message.rcode === "NXDOMAIN";
}

function judge(asked: Asked): Found {
  if (asked === "silence") return { records: [], failure: "try again" };
  const records = asked.flatMap((reply) => (reply && isAnswer(reply) ? reply.answers : []));
  if (records.length > 0) return { records };
  if (asked.some((reply) => reply === undefined || !isAnswer(reply))) return { records, failure: "try again" };
  return { records, failure: asked.some((reply) => reply!.rcode === "NOERROR") ? "no data" : "not found" };
}
