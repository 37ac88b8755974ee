import {
  anyKind, errors, isIpv6, type IpAddress, type KindContext, type KubeObject, type Service, type ServiceCidr,
} from "../../../api/index.ts"; // prettier-ignore
import { ipAddresses } from "../../networking/ipaddress.ts";
import { serviceCidrs } from "../../networking/servicecidr.ts";
import { heldAddresses } from "./facts.ts";
import { IpAllocator, type Family } from "./ip-allocator.ts";

const MANAGED_BY = "ipaddress.kubernetes.io/managed-by";
const FAMILY = "ipaddress.kubernetes.io/ip-family";
/** Who makes the IPAddresses of Services (ipallocator.ControllerName). */
const ALLOCATOR = "ipallocator.k8s.io";

/** The address that was asked for if it can be had, or the words of why not (MetaAllocator.AllocateService). */
export function reserveAddress(context: KindContext, family: Family, asked: string): string | undefined {
  const range = allocators(context, family).find((one) => one.contains(asked));
  if (!range) return "the provided network does not match the current range";
  return !context.dryRun && range.isTaken(asked) ? "provided IP is already allocated" : undefined;
}

/** A free address of any range (MetaAllocator.AllocateNextService). */
export function nextAddress(context: KindContext, family: Family): string {
  for (const range of allocators(context, family)) {
    const address = range.allocateNext();
    if (address !== undefined) return address;
  }
  throw errors.internalError("failed to allocate a serviceIP: range is full");
}

/**
 * The ranges that give out addresses now: those of the ServiceCIDRs that are ready and stay. Before the server has made the
 * first one it is what its flag says.
 */
function allocators(context: KindContext, family: Family): IpAllocator[] {
  const objects = context.store.list(anyKind(serviceCidrs)) as readonly ServiceCidr[];
  const cidrs =
    objects.length === 0
      ? context.settings.serviceCidrs
      : objects.filter(isOpen).flatMap(({ spec }) => spec.cidrs ?? []);
  return [...new Set(cidrs)]
    .filter((cidr) => isIpv6(cidr.split("/")[0]!) === (family === "IPv6"))
    .map((cidr) => new IpAllocator(context, cidr));
}

/** A range without a condition is taken for ready: nobody has looked at it yet. */
function isOpen({ metadata, status }: ServiceCidr): boolean {
  if (metadata.deletionTimestamp) return false;
  const ready = status.conditions?.find(({ type }) => type === "Ready");
  return !ready || ready.status === "True";
}

/** Makes the IPAddresses of what a Service has got, and takes away those of what it has given up. */
export function keepAddresses(service: Service | undefined, old: Service | undefined, context: KindContext): void {
  const kind = anyKind(ipAddresses);
  const held = service ? heldAddresses(service) : [];
  const before = old ? heldAddresses(old) : [];
  if (held.length === before.length && held.every((address, at) => address === before[at])) return;
  for (const address of before) {
    const stored = held.includes(address) ? undefined : context.store.get(kind, "", address);
    if (stored) context.store.delete(kind, stored);
  }
  for (const address of held)
    if (!before.includes(address) && !context.store.get(kind, "", address))
      context.store.create(kind, ipAddressOf(service!, address, context));
}

function ipAddressOf(service: Service, address: string, context: KindContext): KubeObject {
  const { metadata, spec } = allocatedAddress(service, address);
  const { nowText, random } = context;
  const uid = random.uuid("kube/uid");
  const object: IpAddress = { metadata: { uid, resourceVersion: "", creationTimestamp: nowText, ...metadata }, spec };
  return object;
}

/** The object by which a Service has an address. */
export function allocatedAddress(
  { metadata: { name, namespace = "" } }: Service,
  address: string,
): { readonly metadata: Pick<IpAddress["metadata"], "name" | "labels">; readonly spec: IpAddress["spec"] } {
  const labels = { [FAMILY]: isIpv6(address) ? "IPv6" : "IPv4", [MANAGED_BY]: ALLOCATOR };
  return { metadata: { name: address, labels }, spec: { parentRef: { name, namespace, resource: "services" } } };
}

/** Whether the server made this address for a Service, and looks after it. */
export function isAllocated({ metadata }: IpAddress): boolean {
  return metadata.labels?.[MANAGED_BY] === ALLOCATOR;
}
