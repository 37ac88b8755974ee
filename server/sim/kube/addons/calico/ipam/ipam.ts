import { addressText, contains, parseIPv4, parsePrefix } from "../../../../net/index.ts";
import { fnv1a, type KubeObject } from "../../../api/index.ts";
import type { ApiClient, ApiFailure } from "../../access/api-client.ts";
import { affinityName, cidrName, handleName } from "../names.ts";
import {
  BLOCK_AFFINITIES,
  CALICO_GROUP,
  IP_POOLS,
  IPAM_BLOCKS,
  IPAM_HANDLES,
  NODES,
  type BlockAffinity,
  type BlockSpec,
  type IpamBlock,
  type IpamHandle,
  type IpPool,
} from "../resources.ts";
import { addressesOf, isEmpty, newBlock, releaseHandle, takeAddress, takeAny } from "./block.ts";
import { selectsNode } from "./node-selector.ts";

const API_VERSION = `${CALICO_GROUP}/v1`;
const ANNOTATIONS = { "projectcalico.org/metadata": '{"creationTimestamp":null}' };
const BLOCK_SIZE = 26;

export interface Request {
  /** `k8s-pod-network.<container id>` */
  readonly handle: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly node: string;
  readonly use: "Workload" | "Tunnel";
  /** Names or CIDRs of pools, if not any of them. */
  readonly pools?: readonly string[];
}

/** Why no address was assigned, in libcalico's words. */
export class IpamError extends Error {}

/**
 * Calico's address management (libcalico-go lib/ipam/ipam.go): nodes have blocks of pools, Pods and tunnels addresses of
 * blocks. All of it stands in custom resources.
 */
export class Ipam {
  readonly #api: ApiClient;
  /** Numbers blocks, so that a new one is not taken for an old one of the same addresses. */
  readonly #sequence: () => number;

  constructor(api: ApiClient, sequence: () => number) {
    this.#api = api;
    this.#sequence = sequence;
  }

  /** An address for the handle, from a block of the node, a new block, or in the end a block of another node. */
  assign(request: Request): string {
    const pools = this.pools(request);
    const cidrs = pools.map(({ spec }) => parsePrefix(spec.cidr)!);
    const within = (cidr: string): boolean => cidrs.some((pool) => contains(pool, parsePrefix(cidr)!.address));
    const attribute = { handle_id: request.handle, secondary: request.attributes };
    const blocks = this.#api.list<IpamBlock>(IPAM_BLOCKS).filter(({ spec }) => within(spec.cidr));
    const own = blocks.filter(({ spec }) => spec.affinity === `host:${request.node}`);
    for (const block of own) {
      const taken = takeAny(block.spec, attribute);
      if (taken) return this.#write(block, taken.block, request.handle, taken.address);
    }
    for (const pool of pools) {
      const block = this.#claim(pool, request.node, blocks);
      const taken = block && takeAny(block.spec, attribute);
      if (taken) return this.#write(block, taken.block, request.handle, taken.address);
    }
    for (const block of blocks) {
      const taken = block.spec.strictAffinity ? undefined : takeAny(block.spec, attribute);
      if (taken) return this.#write(block, taken.block, request.handle, taken.address);
    }
    throw new IpamError(
      `Assigned 0 out of 1 requested IPv4 addresses; No IPs available in pools: [${pools.map(({ spec }) => spec.cidr).join(" ")}]`,
    );
  }

  /** That very address (annotation cni.projectcalico.org/ipAddrs). */
  assignAddress(address: string, request: Request): void {
    const value = parseIPv4(address);
    const pool = this.pools(request).find(
      ({ spec }) => value !== undefined && contains(parsePrefix(spec.cidr)!, value),
    );
    if (!pool || value === undefined) throw new IpamError(`The provided IP address is not in a configured pool\n`);
    const size = 2 ** (32 - (pool.spec.blockSize ?? BLOCK_SIZE));
    const cidr = `${addressText(value - (value % size))}/${pool.spec.blockSize ?? BLOCK_SIZE}`;
    const block = this.#api.get<IpamBlock>(IPAM_BLOCKS, cidrName(cidr)) ?? this.#createBlock(cidr, request.node);
    const taken = takeAddress(block.spec, address, { handle_id: request.handle, secondary: request.attributes });
    if (!taken) throw new IpamError(`Address already assigned in block`);
    this.#write(block, taken, request.handle, address);
  }

  /** Gives back all that the handle has. False if it has nothing. */
  release(handle: string): boolean {
    const row = this.#api.get<IpamHandle>(IPAM_HANDLES, handleName(handle));
    if (!row) return false;
    for (const cidr of Object.keys(row.spec.block)) {
      const block = this.#api.get<IpamBlock>(IPAM_BLOCKS, cidrName(cidr));
      if (!block) continue;
      const { block: spec, count } = releaseHandle(block.spec, handle);
      if (count > 0) this.#api.update(IPAM_BLOCKS, { ...block, spec });
    }
    this.#api.delete(IPAM_HANDLES, handleName(handle));
    return true;
  }

  /** The addresses of a handle. */
  addresses(handle: string): string[] {
    const row = this.#api.get<IpamHandle>(IPAM_HANDLES, handleName(handle));
    return Object.keys(row?.spec.block ?? {}).flatMap((cidr) => {
      const block = this.#api.get<IpamBlock>(IPAM_BLOCKS, cidrName(cidr));
      return block ? addressesOf(block.spec, handle) : [];
    });
  }

  /** A node is gone: nothing of it keeps an address, and its blocks are free (kube-controllers pkg/controllers/node/ipam.go). */
  releaseNode(node: string): void {
    for (const block of this.#api.list<IpamBlock>(IPAM_BLOCKS)) {
      const handles = block.spec.attributes.filter(({ secondary }) => secondary["node"] === node);
      for (const { handle_id } of handles) this.release(handle_id);
    }
    for (const affinity of this.#api.list<BlockAffinity>(BLOCK_AFFINITIES)) {
      if (affinity.spec.node !== node) continue;
      const block = this.#api.get<IpamBlock>(IPAM_BLOCKS, cidrName(affinity.spec.cidr));
      if (block && isEmpty(block.spec)) this.#api.delete(IPAM_BLOCKS, block.metadata.name);
      else if (block) this.#api.update(IPAM_BLOCKS, { ...block, spec: withoutAffinity(block.spec) });
      this.#api.delete(BLOCK_AFFINITIES, affinity.metadata.name);
    }
  }

  /** The pools that the request may have addresses of, by name. */
  pools({ node, use, pools: wanted }: Pick<Request, "node" | "use" | "pools">): readonly IpPool[] {
    const all = this.#api.list<IpPool>(IP_POOLS);
    if (wanted && wanted.length > 0)
      return wanted.map((name) => {
        const pool = all.find(({ metadata, spec }) => metadata.name === name || spec.cidr === name);
        if (!pool)
          throw new IpamError(
            `error getting IPPool "${name}": resource does not exist: IPPool(${name}) with error: ippools.crd.projectcalico.org "${name}" not found`,
          );
        if (pool.spec.disabled) throw new IpamError(`IP pool(s) [${pool.spec.cidr}] are not enabled`);
        return pool;
      });
    const labels = this.#api.get<KubeObject>(NODES, node)?.metadata.labels ?? {};
    const found = all.filter(
      ({ spec }) =>
        !spec.disabled &&
        !spec.cidr.includes(":") &&
        (spec.assignmentMode ?? "Automatic") === "Automatic" &&
        (spec.allowedUses ?? ["Workload", "Tunnel"]).includes(use) &&
        selectsNode(spec.nodeSelector ?? "all()", labels),
    );
    if (found.length === 0) throw new IpamError(`no configured Calico pools for node ${node}`);
    return found;
  }

  /** The first block of the pool that nobody has, from a place on that the node's name says (blockGenerator). */
  #claim({ spec }: IpPool, node: string, blocks: readonly IpamBlock[]): IpamBlock | undefined {
    const pool = parsePrefix(spec.cidr)!;
    const length = spec.blockSize ?? BLOCK_SIZE;
    const count = 2 ** (length - pool.length);
    const known = new Set(blocks.map((block) => block.spec.cidr));
    const first = fnv1a(node) % count;
    for (let step = 0; step < count; step++) {
      const number = (first + step) % count;
      const cidr = `${addressText((pool.address as number) + number * 2 ** (32 - length))}/${length}`;
      if (!known.has(cidr)) return this.#createBlock(cidr, node);
    }
    return undefined;
  }

  #createBlock(cidr: string, node: string): IpamBlock {
    const name = affinityName(node, cidr);
    const affinity = this.#api.create<BlockAffinity>(BLOCK_AFFINITIES, {
      apiVersion: API_VERSION,
      kind: "BlockAffinity",
      metadata: { annotations: ANNOTATIONS, name },
      spec: { cidr, deleted: "false", node, state: "pending", type: "host" },
    });
    const block = this.#api.create<IpamBlock>(IPAM_BLOCKS, {
      apiVersion: API_VERSION,
      kind: "IPAMBlock",
      metadata: { annotations: ANNOTATIONS, name: cidrName(cidr) },
      spec: { ...newBlock(cidr, node, this.#sequence()) } as never,
    });
    this.#api.update(BLOCK_AFFINITIES, { ...affinity, spec: { ...affinity.spec, state: "confirmed" } });
    return block;
  }

  /** Notes who has the address, in the handle first: what a handle has must be found to be given back. */
  #write(block: IpamBlock, spec: BlockSpec, handle: string, address: string): string {
    const name = handleName(handle);
    const known = this.#api.get<IpamHandle>(IPAM_HANDLES, name);
    const count = (known?.spec.block[spec.cidr] ?? 0) + 1;
    if (known)
      this.#api.update(IPAM_HANDLES, {
        ...known,
        spec: { ...known.spec, block: { ...known.spec.block, [spec.cidr]: count } },
      });
    else
      this.#api.create(IPAM_HANDLES, {
        apiVersion: API_VERSION,
        kind: "IPAMHandle",
        metadata: { annotations: ANNOTATIONS, name },
        spec: { block: { [spec.cidr]: count }, deleted: false, handleID: handle },
      });
    this.#api.update(IPAM_BLOCKS, { ...block, spec });
    return address;
  }
}

function withoutAffinity(spec: BlockSpec): BlockSpec {
  const { affinity, ...others } = spec;
  return affinity === undefined ? spec : others;
}

/** How libcalico words what the API server said. */
export function datastoreWords(failure: ApiFailure): string {
  const denied = failure.reason === "Forbidden" || failure.reason === "Unauthorized";
  return denied ? `connection is unauthorized: ${failure.message}` : failure.message;
}
