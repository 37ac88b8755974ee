import type { Process } from "../../../sim/host/index.ts";
import { parseAddress, parseIPv4, parseMac, protocolNumber } from "../../../sim/net/index.ts";
import { getaddrinfo } from "../../netdb/getaddrinfo.ts";
import { serviceByName } from "../../netdb/services.ts";
import { addressFilter, etherAddress, netFilter, type Ends } from "./match.ts";
import { FilterError, numberOf, type Filter, type Qualifiers } from "./syntax.ts";
import { relation } from "./arithmetic.ts";
import { ALL, type Compiled, inexact, IP_PROTOCOLS, kinds, type Predicate } from "./compiled.ts";
import { word } from "./word.ts";

export interface CompiledFilter {
  readonly test: Predicate;
  /** It asks whether a frame came in or went out, which libpcap's own look at the first packets cannot tell. */
  readonly direction: boolean;
}

/** Looks up names and makes a test of a filter. Throws FilterError in libpcap's words. */
export async function compileFilter(process: Process, filter: Filter): Promise<CompiledFilter> {
  const compiled = await new Compiler(process).compile(filter);
  if (compiled.may === 0) throw new FilterError("expression rejects all packets");
  return { test: compiled.test, direction: mentionsDirection(filter) };
}

function mentionsDirection(filter: Filter): boolean {
  switch (filter.kind) {
    case "and":
    case "or":
      return mentionsDirection(filter.left) || mentionsDirection(filter.right);
    case "not":
      return mentionsDirection(filter.of);
    case "word":
      return filter.word === "inbound" || filter.word === "outbound";
    default:
      return false;
  }
}

class Compiler {
  readonly #process: Process;

  constructor(process: Process) {
    this.#process = process;
  }

  async compile(filter: Filter): Promise<Compiled> {
    switch (filter.kind) {
      case "and": {
        const [left, right] = [await this.compile(filter.left), await this.compile(filter.right)];
        return {
          test: (frame) => left.test(frame) && right.test(frame),
          may: left.may & right.may,
          exact: left.exact && right.exact,
        };
      }
      case "or": {
        const [left, right] = [await this.compile(filter.left), await this.compile(filter.right)];
        return {
          test: (frame) => left.test(frame) || right.test(frame),
          may: left.may | right.may,
          exact: left.exact && right.exact,
        };
      }
      case "not": {
        const of = await this.compile(filter.of);
        return { test: (frame) => !of.test(frame), may: of.exact ? ALL & ~of.may : ALL, exact: of.exact };
      }
      case "relation":
        return relation(filter);
      case "word":
        return word(filter.word, filter.id);
      case "primitive":
        return this.#primitive(filter.qualifiers, filter.id, filter.more);
    }
  }

  async #primitive(qualifiers: Qualifiers, id: string, mask: string | undefined): Promise<Compiled> {
    const { protocol, type } = qualifiers;
    switch (type) {
      case "port":
      case "portrange":
        return this.#ports(qualifiers, id);
      case "proto":
        return this.#proto(protocol, id);
      case "net":
        return this.#net(qualifiers, id, mask);
      default:
        if (protocol === "ether" || protocol === "link") return this.#ether(qualifiers, id);
        return this.#host(qualifiers, id);
    }
  }

  #ether({ direction = "src or dst" }: Qualifiers, id: string): Compiled {
    const mac = parseMac(id);
    if (mac === undefined) throw new FilterError(`unknown ether host '${id}'`);
    return inexact(etherAddress(mac, direction), ALL);
  }

  async #host({ protocol, direction = "src or dst" }: Qualifiers, id: string): Promise<Compiled> {
    checkModifier(protocol, "host");
    const numeric = /^[\d.]+$/.test(id) && id.includes(".") ? shortNet(id) : undefined;
    if (numeric && !/^(?:\d+\.){3}\d+$/.test(id)) return netCompiled(protocol, direction, numeric);
    if (/^(?:\d+\.){3}\d+$/.test(id) && parseIPv4(id) === undefined)
      throw new FilterError(`invalid IPv4 address '${id}'`);
    const mac = parseMac(id);
    if (mac !== undefined) return inexact(etherAddress(mac, direction), ALL);
    const prefix = /^(.*)\/(\d+)$/.exec(id);
    if (prefix) return this.#net({ ...(protocol ? { protocol } : {}), direction }, id, undefined);
    const single = parseAddress(id);
    if (single !== undefined && typeof single === "bigint" && protocol !== undefined && protocol !== "ip6")
      throw new FilterError(`'${protocol}' modifier applied to ip6 host`);
    if (single !== undefined && typeof single === "number" && protocol === "ip6")
      throw new FilterError("'ip6' modifier applied to ip host");
    const addresses = single === undefined ? (await getaddrinfo(this.#process, id)).addresses : [id];
    if (addresses.length === 0) throw new FilterError(`unknown host '${id}'`);
    const tests = addresses.map((text) => addressFilter(parseAddress(text)!, protocol, direction));
    const four = addresses.some((text) => !text.includes(":"));
    const six = addresses.some((text) => text.includes(":"));
    const may = (four ? mayAddress(protocol) : 0) | (six ? kinds(/^ip6/) : 0);
    return inexact((frame) => tests.some((test) => test(frame)), may);
  }

  #net({ protocol, direction = "src or dst" }: Qualifiers, id: string, mask: string | undefined): Compiled {
    checkModifier(protocol, "net");
    const [text, length] = id.split("/");
    if (text!.includes(":")) {
      const six = parseAddress(text!);
      if (six === undefined) throw new FilterError(`invalid ip6 address ${text}`);
      if (length === undefined) return inexact(addressFilter(six, protocol, direction), kinds(/^ip6/));
      const bits = Number(length);
      if (bits > 128) throw new FilterError("mask length must be <= 128");
      return inexact(netFilter(six, bits, undefined, protocol, direction), kinds(/^ip6/));
    }
    if (protocol === "ip6") throw new FilterError("'ip6' modifier applied to ip host");
    const short = shortNet(text!);
    if (!short) throw new FilterError(`unknown network '${id}'`);
    if (mask !== undefined) {
      const bits = parseIPv4(mask);
      if (bits === undefined) throw new FilterError(`invalid IPv4 address '${mask}'`);
      if ((short.address & ~bits) !== 0) throw new FilterError(`non-network bits set in "${id} mask ${mask}"`);
      return netCompiled(protocol, direction, { address: short.address, mask: bits });
    }
    if (length === undefined) return netCompiled(protocol, direction, short);
    const count = Number(length);
    if (count > 32) throw new FilterError("mask length must be <= 32");
    const bits = count === 0 ? 0 : (-1 << (32 - count)) | 0;
    if ((short.address & ~bits) !== 0) throw new FilterError(`non-network bits set in "${id}"`);
    return netCompiled(protocol, direction, { address: short.address, mask: bits });
  }

  #ports({ protocol, direction = "src or dst", type }: Qualifiers, id: string): Compiled {
    if (protocol !== undefined && !["tcp", "udp", "sctp", "ip", "ip6"].includes(protocol))
      throw new FilterError(`illegal qualifier of '${type}'`);
    const name = protocol === "tcp" || protocol === "udp" || protocol === "sctp" ? protocol : undefined;
    const [low, high] = type === "port" ? [this.#port(id, name), undefined] : this.#range(id, name);
    const top = high ?? low;
    const numbers = name === undefined ? [6, 17, 132] : [IP_PROTOCOLS[name]![0]];
    const within = (port: number): boolean => port >= low && port <= top;
    const test: Predicate = (frame) => {
      if (protocol === "ip" && frame.version !== 4) return false;
      if (protocol === "ip6" && frame.version !== 6) return false;
      if (!numbers.includes(frame.protocol) || frame.later) return false;
      const { sport, dport } = frame;
      return either(direction, within(sport), within(dport));
    };
    const version = protocol === "ip" ? "ip" : protocol === "ip6" ? "ip6" : "ip6?";
    return inexact(test, kinds(new RegExp(`^${version} (?:${name ?? "tcp|udp|sctp"})$`)));
  }

  #port(id: string, protocol: string | undefined): number {
    if (/^\d+$/.test(id)) {
      if (Number(id) > 65535) throw new FilterError(`illegal port number ${id} > 65535`);
      return Number(id);
    }
    const service = serviceByName(this.#process.host, id, protocol);
    if (!service) throw new FilterError(`unknown port '${id}'`);
    return service.port;
  }

  #range(id: string, protocol: string | undefined): [number, number | undefined] {
    const [first, second] = id.split("-");
    if (second === undefined) return [this.#port(id, protocol), undefined];
    const one = (text: string): number => {
      if (!/^\d+$/.test(text) && !serviceByName(this.#process.host, text, protocol))
        throw new FilterError(`unknown port in range '${id}'`);
      return this.#port(text, protocol);
    };
    const [a, b] = [one(first!), one(second)];
    return a <= b ? [a, b] : [b, a];
  }

  #proto(protocol: string | undefined, id: string): Compiled {
    if (protocol === "ether" || protocol === "link") {
      const types: Readonly<Record<string, number>> = { ip: 0x0800, arp: 0x0806, rarp: 0x8035, ip6: 0x86dd };
      const type = types[id] ?? (/^(?:0x[\da-f]+|\d+)$/i.test(id) ? numberOf(id) : undefined);
      if (type === undefined) throw new FilterError(`unknown ether proto '${id}'`);
      return inexact((frame) => frame.etherType === type, ALL);
    }
    const number = /^\d+$/.test(id) ? Number(id) : id === "icmp6" ? 58 : protocolNumber(id);
    if (number === undefined) throw new FilterError(`unknown ip proto '${id}'`);
    return inexact(
      (frame) =>
        frame.protocol === number &&
        (protocol === "ip6" ? frame.version === 6 : protocol === "ip" ? frame.version === 4 : true),
      protocol === "ip" ? kinds(/^ip /) : protocol === "ip6" ? kinds(/^ip6/) : kinds(/^ip/),
    );
  }
}

function checkModifier(protocol: string | undefined, what: "host" | "net"): void {
  if (protocol === undefined || protocol === "ip" || protocol === "ip6" || protocol === "arp" || protocol === "rarp")
    return;
  throw new FilterError(`'${protocol}' modifier applied to ${what}`);
}

function mayAddress(protocol: string | undefined): number {
  if (protocol === "arp" || protocol === "rarp") return kinds(new RegExp(`^${protocol}$`));
  return protocol === "ip" ? kinds(/^ip /) : kinds(/^ip |arp/);
}

function netCompiled(
  protocol: string | undefined,
  direction: Ends,
  { address, mask }: { readonly address: number; readonly mask: number },
): Compiled {
  return inexact(netFilter(address, undefined, mask, protocol, direction), mayAddress(protocol));
}

/** `10.0` is 10.0.0.0/16 (__pcap_atoin). */
function shortNet(text: string): { readonly address: number; readonly mask: number } | undefined {
  const parts = text.split(".");
  if (parts.length > 4 || !parts.every((part) => /^\d+$/.test(part) && Number(part) < 256)) return undefined;
  const address = parseIPv4([...parts, "0", "0", "0"].slice(0, 4).join("."));
  if (address === undefined) return undefined;
  return { address, mask: parts.length === 4 ? -1 : (-1 << (32 - 8 * parts.length)) | 0 };
}

function either(direction: Ends, source: boolean, destination: boolean): boolean {
  if (direction === "src") return source;
  if (direction === "dst") return destination;
  return direction === "src and dst" ? source && destination : source || destination;
}
