import { SECOND } from "../../sim/kernel/index.ts";
import type { Process, Program } from "../../sim/host/index.ts";
import { getaddrinfo } from "../netdb/getaddrinfo.ts";
import { getnameinfo } from "../netdb/getnameinfo.ts";
import { errorWords, gaiWords } from "../netdb/libc.ts";
import { parseOptions, type Flags, type Options } from "../options.ts";
import { probe, unsendable, type ProbeAnswer, type ProbeMethod } from "./trace.ts";

const FLAGS = {
  four: { short: "4" },
  six: { short: "6" },
  debug: { short: "d", long: "debug", simulated: false },
  noFragment: { short: "F", long: "dont-fragment" },
  first: { short: "f", long: "first", arg: "first_ttl" },
  gateway: { short: "g", long: "gateway", arg: "gate", simulated: false },
  icmp: { short: "I", long: "icmp" },
  tcp: { short: "T", long: "tcp" },
  device: { short: "i", long: "interface", arg: "device", simulated: false },
  most: { short: "m", long: "max-hops", arg: "max_ttl" },
  simultaneous: { short: "N", long: "sim-queries", arg: "squeries" },
  numeric: { short: "n" },
  port: { short: "p", long: "port", arg: "port" },
  tos: { short: "t", long: "tos", arg: "tos", simulated: false },
  wait: { short: "w", long: "wait", arg: "MAX,HERE,NEAR" },
  queries: { short: "q", long: "queries", arg: "nqueries" },
  source: { short: "s", long: "source", arg: "src_addr", simulated: false },
  between: { short: "z", long: "sendwait", arg: "sendwait", simulated: false },
  as: { short: "A", long: "as-path-lookups", simulated: false },
  version: { short: "V", long: "version" },
  udp: { short: "U", long: "udp" },
  module: { short: "M", long: "module", arg: "name", simulated: false },
  options: { short: "O", long: "options", arg: "OPTS", simulated: false },
  mtu: { long: "mtu", simulated: false },
  back: { long: "back", simulated: false },
  help: { long: "help" },
} as const satisfies Flags;

/** Dmitry Butskoy's traceroute. */
export const traceroute: Program = {
  name: "traceroute",
  summary: "print the route packets trace to network host",
  async run(process, args) {
    const given = parseOptions(FLAGS, args);
    if ("notSimulated" in given) {
      await process.error(`drydock: traceroute: '${given.notSimulated}' is not simulated\n`);
      return 64;
    }
    if ("problem" in given) {
      await process.error(`${given.problem}\n`);
      return 2;
    }
    if (given.has("version")) {
      await process.print(
        "Modern traceroute for Linux, version 2.1.5\nCopyright (c) 2016  Dmitry Butskoy,   License: GPL v2 or any later\n",
      );
      return 0;
    }
    const [host] = given.operands;
    if (host === undefined || given.has("help")) {
      await process.print(
        "Usage:\n  traceroute [ -46dFITnreAUDV ] [ -f first_ttl ] [ -g gate,... ] [ -i device ] [ -m max_ttl ] [ -N squeries ] [ -p port ] [ -t tos ] [ -l flow_label ] [ -w MAX,HERE,NEAR ] [ -q nqueries ] [ -s src_addr ] [ -z sendwait ] [ --fwmark=num ] host [ packetlen ]\n",
      );
      return host === undefined ? 2 : 0;
    }
    const wrong = numberProblem(given, args) ?? waitProblem(given.value("wait"), args) ?? limitProblem(given);
    if (wrong !== undefined) {
      await process.error(`${wrong}\n`);
      return 2;
    }
    return run(process, given, args, host);
  },
};

/** The first option whose number strtoul(3) would not read. */
function numberProblem(given: Given, args: readonly string[]): string | undefined {
  const numbers = new Set<string>(["first", "most", "simultaneous", "port", "queries"]);
  const wrong = given.given.find(({ flag, value }) => numbers.has(flag) && !/^(?:\d+|0x[\da-f]+)$/i.test(value ?? ""));
  if (wrong === undefined) return undefined;
  const at = args.findIndex((arg) => arg === wrong.value || (arg.startsWith("-") && arg.endsWith(wrong.value!)));
  return `Cannot handle \`${wrong.as}' option with arg \`${wrong.value}' (argc ${at + 1})`;
}

function limitProblem(given: Given): string | undefined {
  const most = Number(given.value("most") ?? 30);
  const first = Number(given.value("first") ?? 1);
  const queries = Number(given.value("queries") ?? 3);
  if (first < 1 || first > most) return "first hop out of range";
  if (most > 255) return "max hops cannot be more than 255";
  return queries < 1 || queries > 10 ? "no more than 10 probes per hop" : undefined;
}

/** Why the words behind the host are refused: one number, read as strtoul(3) does. */
function operandProblem([, length, extra]: readonly string[], args: readonly string[]): string | undefined {
  if (length !== undefined && !/^(?:\d+|0x[\da-f]+)$/i.test(length))
    return `Cannot handle "packetlen" cmdline arg \`${length}' on position 2 (argc ${args.lastIndexOf(length) + 1})`;
  if (Number(length ?? 0) > LONGEST_PACKET) return `too big packetlen ${Number(length)} specified`;
  return extra === undefined ? undefined : `Extra arg \`${extra}' (position 3, argc ${args.lastIndexOf(extra) + 1})`;
}

const LONGEST_PACKET = 65_000;

/** Why `-w` is refused: numbers as strtod(3) reads them, the longest wait and its factors here and near. */
function waitProblem(text: string | undefined, args: readonly string[]): string | undefined {
  if (text === undefined) return undefined;
  const parts = text.split(",");
  const at = args.findIndex((arg) => arg === text || (arg.startsWith("-") && arg.endsWith(text) && arg.length > 2));
  if (parts.length > 3 || !parts.every((part) => /^\s*[-+]?(\d+\.?\d*|\.\d+|nan|inf)(e[-+]?\d+)?$/i.test(part)))
    return `Cannot handle \`-w' option with arg \`${text}' (argc ${at + 1})`;
  const values = [0, 1, 2].map((index) => Number(parts[index] ?? 0));
  return values.some((value) => value < 0) ? `bad wait specifications \`${values.join(",")}' used` : undefined;
}

/** What is waited for an answer, in seconds. */
function waitOf(text: string | undefined): number {
  const wait = Number(text?.split(",")[0] ?? LONGEST_WAIT);
  // strtod(3) reads `nan` and `inf`, too: an answer is never too late then.
  return Number.isFinite(wait) ? wait : LONGEST_WAIT;
}

const LONGEST_WAIT = 5;

type Given = Options<keyof typeof FLAGS>;

/** What it takes to send a probe, in microseconds. */
const BETWEEN = 100;

async function run(process: Process, given: Given, args: readonly string[], host: string): Promise<number> {
  const found = await getaddrinfo(process, host, given.has("six") ? 6 : 4);
  const [to] = found.addresses;
  if (to === undefined) {
    await process.error(
      `${host}: ${gaiWords(process.host, found.failure!)}\nCannot handle "host" cmdline arg \`${host}' on position 1 (argc ${args.indexOf(host) + 1})\n`,
    );
    return 2;
  }
  const misplaced = operandProblem(given.operands, args);
  if (misplaced !== undefined) {
    await process.error(`${misplaced}\n`);
    return 2;
  }
  const most = Number(given.value("most") ?? 30);
  const method: ProbeMethod = given.has("icmp") ? "icmp" : given.has("tcp") ? "tcp" : "udp";
  const header = to.includes(":") ? 40 : 20;
  const length = given.operands[1];
  // What is too small for the headers is as small as can be.
  const size = length === undefined ? header + 40 : Math.max(Number(length), header + (method === "tcp" ? 20 : 8));
  await process.print(`traceroute to ${host} (${to}), ${most} hops max, ${size} byte packets\n`);
  const problem = unsendable(process, to);
  if (problem !== undefined) {
    await process.error(`connect: ${errorWords(process.host, problem)}\n`);
    return 1;
  }
  const queries = Number(given.value("queries") ?? 3);
  const wait = waitOf(given.value("wait")) * SECOND;
  const simultaneous = Math.max(1, Number(given.value("simultaneous") ?? 16));
  const port = Number(given.value("port") ?? (method === "tcp" ? 80 : 33_434));
  const first = Number(given.value("first") ?? 1);
  const all = (most - first + 1) * queries;
  const answers: (ProbeAnswer | undefined)[] = [];
  for (let ttl = first; ttl <= most; ttl++) {
    const needed = (ttl - first + 1) * queries;
    while (answers.length < needed) {
      // So many are on their way at the same time: silence is waited for once for all of them.
      const batch = Array.from({ length: Math.min(simultaneous, all - answers.length) }, (_, at) => {
        const sent = answers.length + at;
        const hops = first + Math.floor(sent / queries);
        const answer = probe(process, {
          to,
          method,
          ttl: hops,
          size,
          seq: sent + 1,
          port: method === "udp" ? port + sent : port,
          after: at * BETWEEN,
          ...(given.has("noFragment") ? { whole: true } : {}),
        });
        return answer && answer.latency <= wait ? answer : undefined;
      });
      const final = batch.findIndex((answer) => answer?.final);
      const awaited = final < 0 ? batch : batch.slice(0, final + queries);
      const silent = awaited.includes(undefined) ? wait : 0;
      await process.sleep(Math.max(silent, ...awaited.map((answer) => Math.round(answer?.latency ?? 0))));
      answers.push(...batch);
    }
    const hop = answers.slice(needed - queries, needed);
    await process.print(`${String(ttl).padStart(2)} ${await hopText(process, hop, given.has("numeric"))}\n`);
    if (hop.some((answer) => answer?.final)) return 0;
  }
  return 0;
}

/** The answers of one hop; a host is named where it changes. */
export async function hopText(
  process: Process,
  answers: readonly (ProbeAnswer | undefined)[],
  numeric: boolean,
): Promise<string> {
  let line = "";
  let last: string | undefined;
  for (const answer of answers) {
    if (!answer) {
      line += " *";
      continue;
    }
    if (answer.from === "") line += " *";
    else if (answer.from !== last) {
      const name = numeric ? undefined : await getnameinfo(process, answer.from);
      line += ` ${numeric ? answer.from : `${name ?? answer.from} (${answer.from})`}`;
      last = answer.from;
    }
    line += `  ${(answer.latency / 1000).toFixed(3)} ms${answer.note}`;
  }
  return line;
}
