import { parseCidr, parseIp, type KindContext, type Service } from "../../../api/index.ts";
import { heldAddresses } from "./facts.ts";

export type Family = "IPv4" | "IPv6";

/** Gives out addresses of one Service range, as pkg/registry/core/service/ipallocator. Who holds which is read from the Services. */
export class IpAllocator {
  readonly family: Family;
  readonly #context: KindContext;
  readonly #network: bigint;
  readonly #bits: number;
  readonly #prefix: number;
  /** Handed out in this request, and not stored yet. */
  readonly #taken = new Set<string>();

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

  /** Reserves an address that was asked for; the message if that cannot be. */
  allocate(text: string): string | undefined {
    const bytes = parseIp(text);
    const address = bytes && bytes.length * 8 === this.#bits ? toNumber(bytes) : undefined;
    if (address === undefined || address < this.#first || address > this.#last)
      return "the provided network does not match the current range";
    if (this.#context.dryRun) return undefined;
    if (this.#isTaken(text)) return "provided IP is already allocated";
    this.#taken.add(text);
    return undefined;
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
      if (this.#isTaken(text)) continue;
      this.#taken.add(text);
      return text;
    }
    return undefined;
  }

  #isTaken(text: string): boolean {
    const { store, kind } = this.#context;
    const holders = store.indexed(kind, "clusterIP", (service) => heldAddresses(service as Service), text);
    return this.#taken.has(text) || holders.length > 0;
  }
}

function toNumber(bytes: readonly number[]): bigint {
  return bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
}

function toText(address: bigint, bits: number): string {
  if (bits === 32) return [24n, 16n, 8n, 0n].map((shift) => (address >> shift) & 0xffn).join(".");
  const groups = Array.from({ length: 8 }, (_, at) =>
    Number((address >> BigInt(112 - 16 * at)) & 0xffffn).toString(16),
  );
  const zeros = /(?:^|:)0(?::0)+(?:$|:)/.exec(groups.join(":"));
  return zeros ? groups.join(":").replace(zeros[0], "::") : groups.join(":");
}
