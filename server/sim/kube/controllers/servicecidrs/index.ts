import { parseRfc3339, rfc3339, SECOND } from "../../../kernel/index.ts";
import {
  isNotFound, parseCidr, parseIp, watching, type Cidr, type Client, type Condition, type ControllerLoop, type IpAddress, type JsonObject,
  type ServiceCidr,
} from "../../api/index.ts"; // prettier-ignore
import { ipAddresses, isAllocated, serviceCidrs } from "../../kinds/index.ts";
import type { ControllerContext } from "../context.ts";

const FINALIZER = "networking.k8s.io/service-cidr-finalizer";
/** Allocators may not have seen the deletion yet (deletionGracePeriod). */
const GRACE = 10 * SECOND;
const READY = "Kubernetes Service CIDR is ready";
const HELD = "There are still IPAddresses referencing the ServiceCIDR, please remove them or create a new ServiceCIDR";

/** Says whether ranges of Service addresses are ready, and keeps them while addresses depend on them (pkg/controller/servicecidrs). */
export class ServiceCidrController {
  readonly loop: ControllerLoop;
  readonly #client: Client;

  constructor(context: ControllerContext) {
    this.#client = context.client("service-cidrs-controller");
    this.loop = context.loop("service-cidr-controller", this.#client, {
      name: "servicecidr",
      watches: [
        watching(serviceCidrs, ({ type, object }) =>
          type === "ADDED" ? [object.metadata.name, ...this.#overlapping(object)] : [object.metadata.name],
        ),
        watching(ipAddresses, ({ type, object }) => (type === "MODIFIED" ? [] : this.#blocked(object))),
      ],
      reconcile: (name) => this.#sync(name),
    });
  }

  #overlapping({ spec }: ServiceCidr): string[] {
    const cidrs = rangesOf(spec.cidrs);
    return this.#client
      .list(serviceCidrs)
      .filter((other) => rangesOf(other.spec.cidrs).some((a) => cidrs.some((b) => covers(a, b) || covers(b, a))))
      .map(({ metadata }) => metadata.name);
  }

  /** Ranges on their way out that an address may keep. Others do not care who comes and goes. */
  #blocked(address: IpAddress): string[] {
    if (!isAllocated(address)) return [];
    return this.#containing(address.metadata.name)
      .filter(({ metadata }) => metadata.deletionTimestamp)
      .map(({ metadata }) => metadata.name);
  }

  #containing(address: string): ServiceCidr[] {
    const bytes = parseIp(address);
    if (!bytes) return [];
    const one = { bytes, prefix: bytes.length * 8 };
    return this.#client
      .list(serviceCidrs)
      .filter(({ spec }) => rangesOf(spec.cidrs).some((range) => covers(range, one)));
  }

  #sync(name: string): void {
    const cidr = this.#client.get(serviceCidrs, "", name);
    if (!cidr) return;
    const { deletionTimestamp } = cidr.metadata;
    if (!deletionTimestamp) {
      this.#setFinalizer(cidr, true);
      const current = this.#client.get(serviceCidrs, "", name)!;
      return this.#setCondition(current, { type: "Ready", status: "True", reason: "", message: READY });
    }
    if (!this.#isFree(cidr))
      return this.#setCondition(cidr, { type: "Ready", status: "False", reason: "Terminating", message: HELD });
    const left = (parseRfc3339(deletionTimestamp) ?? 0) + GRACE - this.#client.server.kernel.now;
    if (left > 0) this.loop.queue.addAfter(name, left);
    else this.#setFinalizer(cidr, false);
  }

  /** Whether other ranges hold all addresses of this one that are in use (canDeleteCIDR). */
  #isFree({ metadata, spec }: ServiceCidr): boolean {
    const ranges = rangesOf(spec.cidrs);
    const others = this.#client.list(serviceCidrs).filter((other) => other.metadata.name !== metadata.name);
    const hasParent = ranges.every((range) =>
      others.some((other) => rangesOf(other.spec.cidrs).some((parent) => covers(parent, range))),
    );
    if (hasParent) return true;
    return !this.#client.list(ipAddresses).some((address) => {
      const holders = isAllocated(address) ? this.#containing(address.metadata.name) : [];
      return holders.length === 1 && holders[0]!.metadata.name === metadata.name;
    });
  }

  #setFinalizer({ metadata }: ServiceCidr, wanted: boolean): void {
    const { name, finalizers = [] } = metadata;
    if (finalizers.includes(FINALIZER) === wanted) return;
    const change: JsonObject = wanted
      ? { finalizers: [FINALIZER] }
      : { "$deleteFromPrimitiveList/finalizers": [FINALIZER] };
    try {
      this.#client.patch(serviceCidrs, { name }, "strategic-merge-patch+json", { metadata: change });
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }

  #setCondition(cidr: ServiceCidr, condition: Condition): void {
    const before = cidr.status.conditions ?? [];
    const known = before.find(({ type }) => type === condition.type);
    if (known?.status === condition.status && known.reason === condition.reason && known.message === condition.message)
      return;
    const next = { ...condition, lastTransitionTime: rfc3339(this.#client.server.kernel.now) };
    const conditions = [...before.filter(({ type }) => type !== condition.type), next];
    this.#client.updateStatus(serviceCidrs, { ...cidr, status: { conditions } });
  }
}

function rangesOf(cidrs: readonly string[] = []): Cidr[] {
  return cidrs.flatMap((cidr) => parseCidr(cidr) ?? []);
}

/** Whether all of `inner` lies in `outer`. */
function covers(outer: Cidr, inner: Cidr): boolean {
  if (outer.bytes.length !== inner.bytes.length || outer.prefix > inner.prefix) return false;
  for (let bit = 0; bit < outer.prefix; bit++) {
    const mask = 0x80 >> (bit & 7);
    if ((outer.bytes[bit >> 3]! & mask) !== (inner.bytes[bit >> 3]! & mask)) return false;
  }
  return true;
}
