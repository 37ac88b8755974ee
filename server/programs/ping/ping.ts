import { SECOND, type Duration } from "../../sim/kernel/index.ts";
import type { Process, Program } from "../../sim/host/index.ts";
import {
  addressesOf,
  addressText,
  findLink,
  getRoute,
  isLocal,
  mayPing,
  namespaceOf,
  parseAddress,
  type PingResult,
  type RoundTrip,
} from "../../sim/net/index.ts";
import { versionOf } from "../gnu/versions.ts";
import { familyOf, getaddrinfo, numericAddress, type Family } from "../netdb/getaddrinfo.ts";
import { getnameinfo } from "../netdb/getnameinfo.ts";
import { errorWords, gaiWords } from "../netdb/libc.ts";
import { parseOptions, type Options } from "../options.ts";
import { Echoes } from "./echoes.ts";
import { icmpWords } from "./icmp-words.ts";
import { PING_FLAGS, pingUsage } from "./options.ts";

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
    await process.error(`ping: ${parsed.problem}\n${pingUsage(iputils(process))}`);
    return 2;
  }
  if (parsed.has("help")) {
    await process.error(pingUsage(iputils(process)));
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
  const settings = readSettings(parsed, iputils(process));
  if (typeof settings === "string") {
    await process.error(`ping: ${settings}\n`);
    return settings.startsWith("invalid argument") ? 1 : 2;
  }
  for (const text of settings.garbage)
    await process.error(
      `ping: option argument contains garbage: ${text}\nping: this will become fatal error in the future\n`,
    );
  const wrong = wrongValue(parsed, iputils(process));
  if (wrong !== undefined) {
    await process.error(`ping: ${wrong}\n`);
    return 2;
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

/** Values that are looked at with the socket in hand. */
function wrongValue(given: Given, version: string): string | undefined {
  const discovery = given.value("discovery");
  if (discovery !== undefined && !["do", "dont", "want", ...(version >= "2023" ? ["probe"] : [])].includes(discovery))
    return `invalid -M argument: ${discovery}`;
  const pattern = given.value("pattern");
  if (pattern !== undefined && !/^[\da-f]+$/i.test(pattern))
    return `patterns must be specified as hex digits: ${pattern}`;
  return undefined;
}

interface Settings {
  readonly count: number;
  readonly interval: Duration;
  readonly wait: Duration;
  readonly deadline: Duration;
  readonly size: number;
  readonly ttl: number | undefined;
  readonly mark: number | undefined;
  readonly preload: number;
  readonly identifier: number | undefined;
  readonly tos: number | undefined;
  readonly pattern: string | undefined;
  /** Values of which only the beginning is a number. */
  readonly garbage: readonly string[];
}

/** Numbers within their limits (strtol_or_err in iputils_common.c), or what is wrong with one. */
function readSettings(given: Given, version: string): Settings | string {
  let problem: string | undefined;
  const garbage: string[] = [];
  const number = (
    flag: "count" | "deadline" | "size" | "ttl" | "mark" | "preload" | "identifier" | "tos" | "buffer",
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
    // strtod(3) reads as far as it is a number, and what is behind that is only complained about (ping_strtod).
    const [read] = /^[+-]?(?:\d+\.?\d*|\.\d+)?/.exec(text)!;
    if (read !== text) garbage.push(text);
    const value = Number(read === "" || read === "-" || read === "+" ? 0 : read);
    if (value < 0) problem ??= flag === "interval" ? `bad timing interval: ${text}` : `bad linger time: ${text}`;
    return value;
  };
  const tos = given.value("tos");
  if (tos !== undefined && /^\d+$/.test(tos) && Number(tos) > 255)
    problem ??= `the decimal value of TOS bits must be in range 0-255: ${tos}`;
  number("buffer", 1n, 2_147_483_647n);
  const settings = {
    count: number("count", 1n, 9_223_372_036_854_775_807n) ?? Infinity,
    interval: given.has("flood") && !given.has("interval") ? FLOOD_INTERVAL : real("interval", 1) * SECOND,
    wait: real("wait", 10) * SECOND,
    deadline: (number("deadline", 0n, 2_147_483_647n) ?? Infinity) * SECOND || Infinity,
    size: number("size", 0n, version >= "2023" ? 127_992n : 2_147_483_647n) ?? 56,
    ttl: number("ttl", 0n, 255n),
    mark: number("mark", 0n, 4_294_967_295n),
    preload: number("preload", 1n, 65_536n) ?? 1,
    identifier: number("identifier", 0n, 65_535n),
    tos: number("tos", 0n, 255n),
    // Sixteen bytes of it are kept (pad[16] in fill).
    pattern: given.value("pattern")?.toLowerCase().slice(0, 32),
    garbage,
  };
  return problem ?? settings;
}

/** Between two requests of a flood that nobody answers. */
const FLOOD_INTERVAL = 10_000;

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
    const [asked] = found.addresses;
    if (asked === undefined) return this.#fail(`${this.#target}: ${gaiWords(process.host, found.failure!)}`);
    const ns = namespaceOf(process);
    const source = given.value("source");
    const device = source !== undefined && findLink(ns, source) ? source : undefined;
    const from = source === undefined || device !== undefined ? undefined : numericAddress(source);
    if (source !== undefined && device === undefined && from === undefined)
      return this.#fail(`SO_BINDTODEVICE ${source}: No such device`);
    if (from !== undefined && !isLocal(ns, parseAddress(from)!))
      return this.#fail(`bind: ${errorWords(process.host, "EADDRNOTAVAIL")}`);
    const probed = from === undefined ? await this.#probe(asked, device) : from;
    if (typeof probed === "number") return probed;
    const local = probed;
    // Nobody's address stands for oneself.
    const to = asked === "0.0.0.0" ? local : asked;
    if (this.#settings.ttl === 0)
      return this.#fail(`cannot set unicast time-to-live: ${errorWords(process.host, "EINVAL")}`);
    const name = found.canonical;
    await this.#announce(name, local);
    await process.print(
      this.#heading(name, to, source === undefined && !given.has("bypass") ? undefined : { local, device }),
    );
    const echoes = this.#echoes(to, from, device, local);
    process.on("SIGINT", () => echoes.stop());
    process.on("SIGQUIT", () => void process.error(shortReport(echoes)));
    await echoes.run();
    process.on("SIGINT", undefined);
    await process.print(
      report(name, echoes, this.#timed, given.has("flood") || given.has("adaptive") || this.#settings.interval === 0),
    );
    const { count, deadline } = this.#settings;
    const enough = deadline !== Infinity && count !== Infinity ? echoes.received >= count : echoes.received > 0;
    return enough ? 0 : 1;
  }

  /** Connects a socket to learn which address it gets (ping4_run); the exit status where that fails. */
  async #probe(to: string, device: string | undefined): Promise<string | number> {
    const process = this.#process;
    const ns = namespaceOf(process);
    const link = device === undefined ? undefined : findLink(ns, device);
    const destination = parseAddress(to === "0.0.0.0" ? "127.0.0.1" : to)!;
    const route = getRoute(ns, { destination, ...(link === undefined ? {} : { oif: link.index }) });
    const errno = typeof route === "string" ? route : route.row.type === "broadcast" ? "EACCES" : undefined;
    if (errno === "EACCES" && familyOf(to) === 4) {
      if (!this.#given.has("broadcast"))
        return this.#fail("Do you want to ping broadcast? Then -b. If not, check your local firewall rules");
      await process.error("WARNING: pinging broadcast address\n");
    }
    if (typeof route === "string") return this.#fail(`connect: ${errorWords(process.host, route)}`);
    const { source } = route;
    const local = source === undefined ? "0.0.0.0" : addressText(source);
    if (link && source !== undefined && !addressesOf(ns, link.index).some((row) => row.local === local))
      await process.error(`ping: Warning: source address might be selected on device other than: ${link.name}\n`);
    return local;
  }

  /** What stands above the heading: the pattern, and with -v the sockets. */
  async #announce(name: string, local: string): Promise<void> {
    const process = this.#process;
    const { pattern } = this.#settings;
    if (this.#given.has("verbose")) {
      await process.error(
        "ping: sock4.fd: 3 (socktype: SOCK_RAW), sock6.fd: 4 (socktype: SOCK_RAW), hints.ai_family: AF_UNSPEC\n",
      );
      await process.print(
        `\nai->ai_family: ${familyOf(local) === 6 ? "AF_INET6" : "AF_INET"}, ai->ai_canonname: '${name}'\n`,
      );
    }
    if (pattern !== undefined) await process.print(`PATTERN: 0x${evenHex(pattern)}\n`);
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
    const { count, interval, wait, deadline, size, ttl, mark, preload, identifier, tos, pattern } = this.#settings;
    const quiet = given.has("quiet") || given.has("flood");
    const discovery = given.value("discovery");
    return new Echoes(process, {
      spec: {
        to,
        size,
        ...(from === undefined ? {} : { from }),
        ...(device === undefined ? {} : { device }),
        ...(ttl === undefined ? {} : { ttl }),
        ...(mark === undefined ? {} : { mark }),
        ...(tos === undefined ? {} : { tos }),
        ...(pattern === undefined ? {} : { pattern: bytesOf(evenHex(pattern)) }),
        ...(given.has("broadcast") ? { broadcast: true } : {}),
        ...(discovery === "do" || discovery === "probe" ? { dontFragment: true } : {}),
        tracing: false,
      },
      first: 1,
      count,
      interval,
      wait,
      deadline,
      errorsCount: true,
      ...(given.has("adaptive") || given.has("flood") ? { adaptive: true } : {}),
      preload,
      ...(identifier === undefined ? {} : { identifier }),
      sent: async (seq, answered) => {
        if (given.has("flood") && !given.has("quiet")) await process.print(".");
        else if (given.has("outstanding") && !quiet && seq > 1 && !answered)
          await process.print(`${this.#stamp()}no answer yet for icmp_seq=${seq - 1}\n`);
      },
      arrived: (seq, result) => this.#arrived(seq, result, to, local),
      unsent: (seq, result) => this.#unsent(seq, result, to, local),
    });
  }

  /**
   * sendmsg(2) failed. Nothing is said of it unless an ICMP error waits on the socket, which a REJECT rule sends; that a packet is
   * too large waits there too (pinger and ping4_receive_error_msg: an empty queue counts as a local error).
   */
  async #unsent(seq: number, { errno, told }: PingResult, to: string, local: string): Promise<"error" | "silent"> {
    const process = this.#process;
    // What no IP packet can hold is refused before there is one to tell of (raw_sendmsg).
    if (errno === "EMSGSIZE" && this.#settings.size + 8 > 65_535) return "silent";
    if (errno === "EMSGSIZE") {
      const route = getRoute(namespaceOf(process), { destination: parseAddress(to)! });
      const learned = namespaceOf(process).pathMtu.get(to);
      const known = learned && learned.until > process.kernel.now ? learned.mtu : Infinity;
      const mtu = typeof route === "string" ? 0 : Math.min(route.row.mtu ?? route.link.mtu, known, 65_535);
      await process.error(`ping: local error: message too long, mtu=${mtu}\n`);
      return "error";
    }
    if (!told) return "silent";
    await this.#arrived(seq, told, to, local);
    await process.error(`ping: sendmsg: ${errorWords(process.host, errno ?? "EPERM")}\n`);
    return "error";
  }

  async #arrived(seq: number, result: RoundTrip, to: string, local: string): Promise<void> {
    if (this.#given.has("quiet")) return;
    const { reply } = result;
    await this.#redirected(seq, result);
    if (this.#given.has("flood")) return this.#process.print(result.outcome === "answered" ? "\b \b" : "\bE");
    const stamp = this.#stamp();
    if (result.outcome === "answered") {
      const bell = this.#given.has("audible") ? "\x07" : "";
      const size = this.#settings.size + 8;
      const ident = this.#given.has("verbose") ? ` ident=${reply!.icmpId}` : "";
      const from = addressText(reply!.src);
      const different = reply!.src === parseAddress(to) || ANYBODY.has(to) ? "" : " (DIFFERENT ADDRESS!)";
      await this.#process.print(
        `${stamp}${size} bytes from ${await this.#shown(from)}: icmp_seq=${seq}${ident} ttl=${reply!.ttl}${this.#timed ? ` time=${milliseconds(result.latency)} ms` : ""}${different}${bell}\n`,
      );
      return;
    }
    const from = reply ? addressText(reply.src) : local;
    await this.#process.print(`${stamp}From ${await this.#shown(from)} icmp_seq=${seq} ${icmpWords(result)}\n`);
  }

  /** A router told of a shorter way while it passed the request on. */
  async #redirected(seq: number, { trace }: RoundTrip): Promise<void> {
    const told = trace.aside?.delivery;
    if (!told || told.ns !== namespaceOf(this.#process)) return;
    const [from, gateway] = [addressText(told.packet.src), addressText(told.packet.gateway)];
    await this.#process.print(
      `From ${await this.#shown(from)}: icmp_seq=${seq} Redirect Host(New nexthop: ${await this.#shown(gateway)})\n`,
    );
  }

  /** The time of sending has room in the packet. */
  get #timed(): boolean {
    return this.#settings.size >= 16;
  }

  #stamp(): string {
    return this.#given.has("timestamps") ? `[${(this.#process.kernel.now / SECOND).toFixed(6)}] ` : "";
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

/** Two digits a byte (fill in ping_common.c). */
function evenHex(pattern: string): string {
  return pattern.length % 2 === 1 ? `${pattern.slice(0, -1)}0${pattern.slice(-1)}` : pattern;
}

function bytesOf(hex: string): string {
  return (hex.match(/../g) ?? []).map((pair) => String.fromCharCode(Number.parseInt(pair, 16))).join("");
}

function report(name: string, echoes: Echoes, timed: boolean, quick: boolean): string {
  const { transmitted, received, errors, times, pipe } = echoes;
  const span = Math.floor((echoes.lastSent - echoes.firstSent) / 1000);
  const failed = errors > 0 ? `, +${errors} errors` : "";
  const loss =
    transmitted === 0
      ? ""
      : `, ${Number((((transmitted - received) * 100) / transmitted).toPrecision(6))}% packet loss, time ${span}ms`;
  const tail: string[] = [];
  if (timed && times.length > 0) {
    const { min, average, max, deviation } = statistics(times);
    tail.push(
      `rtt min/avg/max/mdev = ${[min, average, max, deviation].map((value) => (value / 1000).toFixed(3)).join("/")} ms`,
    );
  }
  if (pipe > 1) tail.push(`pipe ${pipe}`);
  if (timed && quick && received > 0 && transmitted > 1) {
    const each = (echoes.lastSent - echoes.firstSent) / (transmitted - 1) / 1000;
    const { average } = statistics(times);
    tail.push(`ipg/ewma ${each.toFixed(3)}/${(average / 1000).toFixed(3)} ms`);
  }
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
