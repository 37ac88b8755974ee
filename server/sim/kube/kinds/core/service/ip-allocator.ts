import { anyKind, ipText, parseCidr, parseIp, type KindContext } from "../../../api/index.ts";
import { ipAddresses } from "../../networking/ipaddress.ts";

export type Family = "IPv4" | "IPv6";

/**
 * Finds free addresses of one Service range, as pkg/registry/core/service/ipallocator. An address is taken if there is an
 * IPAddress of its name, whoever made that.
 */
export class IpAllocator {
  readonly family: Family;
  readonly #context: KindContext;
  readonly #network: bigint;
  readonly #bits: number;
  readonly #prefix: number;

  constructor(context: KindContext, cidr: string) {
    const parsed = parseCidr(cidr);
    if (!parsed) throw new Error(`${cidr} is no range for Services`);
    this.#context = context;
    this.#bits = parsed.bytes.length * 8;
    this.#prefix = parsed.prefix;
    this.family = this.#bits === 32 ? "IPv4" : "IPv6";
    const host = BigInt(this.#bits - this.#prefix);
    this.#network = (toNumber(parsed.bytes) >> host) << host;
  }

  /** Whether the address is of this range, and neither its first nor, in IPv4, its last. */
  contains(text: string): boolean {
    const bytes = parseIp(text);
    const address = bytes && bytes.length * 8 === this.#bits ? toNumber(bytes) : undefined;
    return address !== undefined && address >= this.#first && address <= this.#last;
  }

  isTaken(text: string): boolean {
    return this.#context.store.get(anyKind(ipAddresses), "", text) !== undefined;
  }

  /** A free address: from the upper part of the range, and from the lower one when that is full. */
  allocateNext(): string | undefined {
    // What a dry run would get is not worth a search.
    if (this.#context.dryRun) return toText(this.#network, this.#bits);
    const offset = this.#offset;
    const upper = this.#first + offset;
    return this.#search(upper, this.#last) ?? (offset > 0n ? this.#search(this.#first, upper - 1n) : undefined);
  }

  get #first(): bigint {
    return this.#network + 1n;
  }

  /** IPv4 has a broadcast address. */
  get #last(): bigint {
    const size = 1n << BigInt(this.#bits - this.#prefix);
    return this.#network + size - (this.#bits === 32 ? 2n : 1n);
  }

  /** The part that is left to those who choose: a sixteenth, at least 16 and at most 256 (KEP-3070). */
  get #offset(): bigint {
    const size = this.#last - this.#first + 1n;
    if (size <= 16n) return 0n;
    const part = size / 16n;
    return part < 16n ? 16n : part > 256n ? 256n : part;
  }

  #search(from: bigint, to: bigint): string | undefined {
    const size = to - from + 1n;
    if (size <= 0n) return undefined;
    const limit = size > 0x1_0000_0000n ? 0x1_0000_0000n : size;
    const start = BigInt(this.#context.random.below("kube/cluster-ip", Number(limit)));
    for (let step = 0n; step < limit; step++) {
      const text = toText(from + ((start + step) % size), this.#bits);
      if (!this.isTaken(text)) return text;
    }
    return undefined;
  }
}

function toNumber(bytes: readonly number[]): bigint {
  return bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
}

function toText(address: bigint, bits: number): string {
  return ipText(Array.from({ length: bits / 8 }, (_, at) => Number((address >> BigInt(bits - 8 - 8 * at)) & 0xffn)));
}
