import { createHash } from "node:crypto";
import pool from "./key-pool.json" with { type: "json" };
import { readPkcs1, readSec1, type EcPrivateKey, type PrivateKey, type RsaPrivateKey } from "./private-key.ts";

/** Parsed once for all worlds; keys are immutable. */
const rsaKeys: (RsaPrivateKey | undefined)[] = [];
const ecKeys: (EcPrivateKey | undefined)[] = [];

export const RSA_POOL_SIZE = pool.rsa2048.length;
export const EC_POOL_SIZE = pool.p256.length;

/** Where keys come from: a purpose has one key for good. */
export interface Keys {
  rsa(purpose: string): RsaPrivateKey;
  /** On P-256, as kubelets make for their client certificates. */
  ec(purpose: string): EcPrivateKey;
}

/**
 * The keys of one world. Making an RSA key takes a tenth of a second and random numbers, so they come from a committed
 * pool, in an order that the seed gives. A purpose (`etcd/server`, `node01/kubelet`) has one key for good, and purposes
 * have different ones until the pool is used up; then keys repeat, which nobody notices but who compares them.
 *
 * A view: its whole state is the seed and the purposes in their order, which `purposes` gives and the constructor takes.
 */
export class KeyRing implements Keys {
  readonly #seed: number;
  readonly #order: Record<PrivateKey["kind"], readonly number[]>;
  readonly #taken: Record<PrivateKey["kind"], Map<string, number>> = { rsa: new Map(), ec: new Map() };

  constructor(seed: number, purposes: readonly string[] = []) {
    this.#seed = seed;
    this.#order = { rsa: shuffled(seed, "rsa", RSA_POOL_SIZE), ec: shuffled(seed, "ec", EC_POOL_SIZE) };
    for (const purpose of purposes)
      this.#take(purpose.startsWith("ec:") ? "ec" : "rsa", purpose.slice(purpose.indexOf(":") + 1));
  }

  get seed(): number {
    return this.#seed;
  }

  /** `rsa:ca`, `ec:node01/kubelet-client`, … in the order in which they came. */
  get purposes(): string[] {
    return (["rsa", "ec"] as const).flatMap((kind) =>
      [...this.#taken[kind].keys()].map((purpose) => `${kind}:${purpose}`),
    );
  }

  rsa(purpose: string): RsaPrivateKey {
    const at = this.#take("rsa", purpose);
    return (rsaKeys[at] ??= readPkcs1(Buffer.from(pool.rsa2048[at]!, "base64"))!);
  }

  ec(purpose: string): EcPrivateKey {
    const at = this.#take("ec", purpose);
    return (ecKeys[at] ??= readSec1(Buffer.from(pool.p256[at]!, "base64"))!);
  }

  /** The same ring for one of several clusters, whose purposes have the same names. */
  within(scope: string): Keys {
    return { rsa: (purpose) => this.rsa(`${scope}/${purpose}`), ec: (purpose) => this.ec(`${scope}/${purpose}`) };
  }

  #take(kind: PrivateKey["kind"], purpose: string): number {
    const taken = this.#taken[kind];
    const draw = taken.get(purpose) ?? taken.size;
    taken.set(purpose, draw);
    return this.#order[kind][draw % this.#order[kind].length]!;
  }
}

/** 0 to below `size` in an order of the seed (Fisher and Yates). */
function shuffled(seed: number, kind: string, size: number): number[] {
  const order = Array.from({ length: size }, (_, at) => at);
  const bytes = createHash("sha512")
    .update(`${String(seed)}/${kind}-pool`)
    .digest();
  for (let at = size - 1; at > 0; at--) {
    const other = bytes[at % bytes.length]! % (at + 1);
    [order[at], order[other]] = [order[other]!, order[at]!];
  }
  return order;
}
