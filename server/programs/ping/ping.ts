import { SECOND, type Duration } from "../../sim/kernel/index.ts";
import type { Process, Program } from "../../sim/host/index.ts";
import {
  addressText,
  findLink,
  getRoute,
  isLocal,
  mayPing,
  namespaceOf,
  parseAddress,
  type RoundTrip,
} from "../../sim/net/index.ts";
import { versionOf } from "../gnu/versions.ts";
import { familyOf, getaddrinfo, numericAddress, type Family } from "../netdb/getaddrinfo.ts";
import { getnameinfo } from "../netdb/getnameinfo.ts";
import { errorWords, gaiWords } from "../netdb/libc.ts";
import { parseOptions, type Options } from "../options.ts";
import { Echoes } from "./echoes.ts";
import { icmpWords } from "./icmp-words.ts";
import { PING_FLAGS, PING_USAGE } from "./options.ts";

/** iputils' ping. */
export const ping: Program = {
  name: "ping",
  summary: "send ICMP ECHO_REQUEST to network hosts",
  run: (process, args) => start(process, args, undefined),
};

export const ping6: Program = {
  name: "ping6",
  summary: "send ICMPv6 ECHO_REQUEST to network hosts",
  run: (process, args) => start(process, args, 6),
};

/** Who answers for these has another address. */
const ANYBODY = new Set(["0.0.0.0", "255.255.255.255", "::"]);

type Given = Options<keyof typeof PING_FLAGS>;

async function start(process: Process, args: readonly string[], fixed: Family | undefined): Promise<number> {
  const parsed = parseOptions(PING_FLAGS, args);
  if ("notSimulated" in parsed) {
    await process.error(`drydock: ping: '${parsed.notSimulated}' is not simulated\n`);
    return 64;
  }
  if ("problem" in parsed) {
    await process.error(`ping: ${parsed.problem}\n${PING_USAGE}`);
    return 2;
  }
  if (parsed.has("help")) {
    await process.error(PING_USAGE);
    return 2;
  }
  if (parsed.has("version")) {
    await process.print(
      `ping from iputils ${iputils(process)}\nlibcap: yes, IDN: yes, NLS: no, error.h: yes, getrandom(): yes, __fpending(): yes\n`,
    );
    return 0;
  }
  if (!mayOpen(process)) {
    await process.error(
      "ping: socktype: SOCK_RAW\nping: socket: Operation not permitted\nping: => missing cap_net_raw+p capability or setuid?\n",
    );
    return 2;
  }
  const settings = readSettings(parsed);
  if (typeof settings === "string") {
    await process.error(`ping: ${settings}\n`);
    return 1;
  }
  const target = parsed.operands.at(-1);
  if (target === undefined) {
    await process.error("ping: usage error: Destination address required\n");
    return 1;
  }
  return new Ping(process, parsed, settings, target, fixed).run();
}

/** The program file bears cap_net_raw: it works for everybody where that is not taken away, nor privileges forbidden. */
function mayOpen(process: Process): boolean {
  const { host } = process;
  if (!host.lacks("NET_RAW") && (process.uid === 0 || host.row.noNewPrivileges !== true)) return true;
  return mayPing(process, namespaceOf(process));
}

/** The version of the machine's iputils: labs imitate Ubuntu 24.04. */
function iputils(process: Process): string {
  return versionOf(process, "iputils") || "20240117";
}

interface Settings {
  readonly count: number;
  readonly interval: Duration;
  readonly wait: Duration;
  readonly deadline: Duration;
  readonly size: number;
  readonly ttl: number | undefined;
  readonly mark: number | undefined;
}

/** Numbers within their limits (strtol_or_err in iputils_common.c), or what is wrong with one. */
function readSettings(given: Given): Settings | string {
  let problem: string | undefined;
  const number = (
    flag: "count" | "deadline" | "size" | "ttl" | "mark",
    low: bigint,
    high: bigint,
  ): number | undefined => {
    const text = given.value(flag);
    if (text === undefined) return undefined;
    if (!/^[+-]?(?:0x[\da-f]+|\d+)$/i.test(text)) problem ??= `invalid argument: '${text}'`;
    else if (
      BigInt(text.replace(/^\+/, "").replace(/^-/, "")) * (text.startsWith("-") ? -1n : 1n) < low ||
      Number(text) > high
    )
      problem ??= `invalid argument: '${text}': out of range: ${low} <= value <= ${high}`;
    return Number(text);
  };
  const real = (flag: "interval" | "wait", otherwise: number): number => {
    const text = given.value(flag);
    if (text === undefined) return otherwise;
    if (!/^\d*\.?\d+$|^\d+\.$/.test(text))
      problem ??= flag === "interval" ? `invalid argument: '${text}'` : `bad linger time: ${text}`;
    return Number(text);
  };
  const settings = {
    count: number("count", 1n, 9_223_372_036_854_775_807n) ?? Infinity,
    interval: real("interval", 1) * SECOND,
    wait: real("wait", 10) * SECOND,
    deadline: (number("deadline", 0n, 2_147_483_647n) ?? Infinity) * SECOND || Infinity,
    size: number("size", 0n, 127_992n) ?? 56,
    ttl: number("ttl", 0n, 255n),
    mark: number("mark", 0n, 4_294_967_295n),
  };
  return problem ?? settings;
}

class Ping {
  readonly #process: Process;
  readonly #given: Given;
  readonly #settings: Settings;
  readonly #target: string;
  readonly #fixed: Family | undefined;
  /** Addresses are shown without looking for their names. */
  #numeric: boolean;

  constructor(process: Process, given: Given, settings: Settings, target: string, fixed: Family | undefined) {
    this.#process = process;
    this.#given = given;
    this.#settings = settings;
    this.#target = target;
    this.#fixed = fixed;
    this.#numeric = given.has("numeric") || (numericAddress(target) !== undefined && !given.has("names"));
  }

  async run(): Promise<number> {
    const process = this.#process;
    const given = this.#given;
    const family = this.#fixed ?? (given.has("four") ? 4 : given.has("six") ? 6 : undefined);
    const found = await getaddrinfo(process, this.#target, family);
    const [to] = found.addresses;
    if (to === undefined) return this.#fail(`${this.#target}: ${gaiWords(process.host, found.failure!)}`);
    const ns = namespaceOf(process);
    const source = given.value("source");
    const device = source !== undefined && findLink(ns, source) ? source : undefined;
    const from = source === undefined || device !== undefined ? undefined : numericAddress(source);
    if (source !== undefined && device === undefined && from === undefined)
      return this.#fail(`SO_BINDTODEVICE ${source}: No such device`);
    if (from !== undefined && !isLocal(ns, parseAddress(from)!))
      return this.#fail(`bind: ${errorWords(process.host, "EADDRNOTAVAIL")}`);
    const query = {
      destination: parseAddress(to)!,
      ...(device === undefined ? {} : { oif: findLink(ns, device)!.index }),
    };
    const route = getRoute(ns, query);
    if (typeof route === "string") return this.#fail(`connect: ${errorWords(process.host, route)}`);
    if (route.row.type === "broadcast" && !given.has("broadcast"))
      return this.#fail("Do you want to ping broadcast? Then -b. If not, check your local firewall rules");
    const local = from ?? (route.source === undefined ? "0.0.0.0" : addressText(route.source));
    const name = found.canonical;
    await process.print(this.#heading(name, to, source === undefined ? undefined : { local, device }));
    const echoes = this.#echoes(to, from, device, local);
    process.on("SIGINT", () => echoes.stop());
    process.on("SIGQUIT", () => void process.error(shortReport(echoes)));
    await echoes.run();
    process.on("SIGINT", undefined);
    await process.print(report(name, echoes));
    const { count, deadline } = this.#settings;
    const enough = deadline !== Infinity && count !== Infinity ? echoes.received >= count : echoes.received > 0;
    return enough ? 0 : 1;
  }

  async #fail(words: string): Promise<number> {
    await this.#process.error(`ping: ${words}\n`);
    return 2;
  }

  #heading(name: string, to: string, bound: { local: string; device: string | undefined } | undefined): string {
    const { size } = this.#settings;
    if (familyOf(to) === 6) {
      const gap = iputils(this.#process) >= "2023" ? " " : "";
      const from = bound ? ` from ${bound.local} ${bound.device ?? ""}:` : "";
      return `PING ${name}${gap}(${to})${from} ${size} data bytes\n`;
    }
    const from = bound ? `from ${bound.local} ${bound.device ?? ""}: ` : "";
    return `PING ${name} (${to}) ${from}${size}(${size + 28}) bytes of data.\n`;
  }

  #echoes(to: string, from: string | undefined, device: string | undefined, local: string): Echoes {
    const process = this.#process;
    const given = this.#given;
    const { count, interval, wait, deadline, size, ttl, mark } = this.#settings;
    const discovery = given.value("discovery");
    return new Echoes(process, {
      spec: {
        to,
        size,
        ...(from === undefined ? {} : { from }),
        ...(device === undefined ? {} : { device }),
        ...(ttl === undefined ? {} : { ttl }),
        ...(mark === undefined ? {} : { mark }),
        ...(discovery === "do" || discovery === "probe" ? { dontFragment: true } : {}),
        tracing: false,
      },
      first: 1,
      count,
      interval,
      wait,
      deadline,
      errorsCount: true,
      ...(given.has("adaptive") ? { adaptive: true } : {}),
      arrived: (seq, result) => this.#arrived(seq, result, to, local),
      unsent: async (_, { errno }) => {
        if (errno === "EMSGSIZE") {
          const route = getRoute(namespaceOf(process), { destination: parseAddress(to)! });
          const mtu = typeof route === "string" ? 0 : (route.row.mtu ?? route.link.mtu);
          await process.error(`ping: local error: message too long, mtu=${mtu}\n`);
        } else await process.error(`ping: sendmsg: ${errorWords(process.host, errno ?? "EPERM")}\n`);
        return true;
      },
    });
  }

  async #arrived(seq: number, result: RoundTrip, to: string, local: string): Promise<void> {
    if (this.#given.has("quiet")) return;
    const { reply } = result;
    const stamp = this.#given.has("timestamps") ? `[${(this.#process.kernel.now / SECOND).toFixed(6)}] ` : "";
    if (result.outcome === "answered") {
      const bell = this.#given.has("audible") ? "\x07" : "";
      const size = this.#settings.size + 8;
      const from = addressText(reply!.src);
      const different = reply!.src === parseAddress(to) || ANYBODY.has(to) ? "" : " (DIFFERENT ADDRESS!)";
      await this.#process.print(
        `${stamp}${size} bytes from ${await this.#shown(from)}: icmp_seq=${seq} ttl=${reply!.ttl} time=${milliseconds(result.latency)} ms${different}${bell}\n`,
      );
      return;
    }
    const from = reply ? addressText(reply.src) : local;
    await this.#process.print(`${stamp}From ${await this.#shown(from)} icmp_seq=${seq} ${icmpWords(result)}\n`);
  }

  /** An address with its name, if it has one. */
  async #shown(address: string): Promise<string> {
    if (this.#numeric) return address;
    const name = await getnameinfo(this.#process, address);
    return name === undefined ? address : `${name} (${address})`;
  }
}

/** A round trip in as many digits as matter (gather_statistics in ping_common.c). */
function milliseconds(latency: Duration): string {
  const micros = Math.round(latency);
  const digits = micros >= 99_950 ? 0 : micros >= 9_995 ? 1 : micros >= 1_000 ? 2 : 3;
  return (micros / 1000).toFixed(digits);
}

function report(name: string, echoes: Echoes): string {
  const { transmitted, received, errors, times, pipe } = echoes;
  const span = Math.floor((echoes.lastSent - echoes.firstSent) / 1000);
  const failed = errors > 0 ? `, +${errors} errors` : "";
  const loss =
    transmitted === 0
      ? ""
      : `, ${Number((((transmitted - received) * 100) / transmitted).toPrecision(6))}% packet loss, time ${span}ms`;
  const tail: string[] = [];
  if (times.length > 0) {
    const { min, average, max, deviation } = statistics(times);
    tail.push(
      `rtt min/avg/max/mdev = ${[min, average, max, deviation].map((value) => (value / 1000).toFixed(3)).join("/")} ms`,
    );
  }
  if (pipe > 1) tail.push(`pipe ${pipe}`);
  return `\n--- ${name} ping statistics ---\n${transmitted} packets transmitted, ${received} received${failed}${loss}\n${tail.join(", ")}\n`;
}

function shortReport(echoes: Echoes): string {
  const { transmitted, received, times } = echoes;
  const loss = transmitted === 0 ? "" : `, ${Math.floor(((transmitted - received) * 100) / transmitted)}% loss`;
  const { min, average, max } = statistics(times.length > 0 ? times : [0]);
  const rtt =
    times.length > 0
      ? `, min/avg/ewma/max = ${[min, average, average, max].map((value) => (value / 1000).toFixed(3)).join("/")} ms`
      : "";
  return `${received}/${transmitted} packets${loss}${rtt}\n`;
}

function statistics(times: readonly number[]): { min: number; average: number; max: number; deviation: number } {
  const whole = times.map((time) => Math.round(time));
  const average = whole.reduce((sum, time) => sum + time, 0) / whole.length;
  const squares = whole.reduce((sum, time) => sum + time * time, 0) / whole.length;
  const deviation = Math.sqrt(Math.max(0, squares - average * average));
  return { min: Math.min(...whole), average, max: Math.max(...whole), deviation };
}
