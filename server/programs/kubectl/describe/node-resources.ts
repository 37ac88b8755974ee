import {
  formatQuantity,
  parseQuantity,
  type Container,
  type Node,
  type Pod,
  type Quantity,
} from "../../../sim/kube/api/index.ts";
import { ago, type Description } from "./description.ts";

type Amounts = Map<string, Quantity>;

const ZERO: Quantity = { nanos: 0n, format: "DecimalSI" };
const MILLI = 1_000_000n;
const WHOLE = 1_000_000_000n;

/** What the pods of a node ask for, each and in sum (kubectl pkg/describe describeNodeResource). */
export function writeNodeResources(out: Description, { status }: Node, pods: readonly Pod[]): void {
  const list = Object.keys(status.allocatable ?? {}).length > 0 ? status.allocatable : status.capacity;
  const allocatable = amounts(list);
  const share = (asked: Quantity, name: string): string =>
    `${formatQuantity(asked)} (${percent(asked, allocatable.get(name) ?? ZERO, name)}%)`;
  out.field("Non-terminated Pods", `(${pods.length} in total)`);
  out.line(1, "Namespace\tName\t\tCPU Requests\tCPU Limits\tMemory Requests\tMemory Limits\tAge");
  out.line(1, "---------\t----\t\t------------\t----------\t---------------\t-------------\t---");
  const requests: Amounts = new Map();
  const limits: Amounts = new Map();
  for (const pod of pods) {
    const own = requestsAndLimits(pod);
    addAll(requests, own.requests);
    addAll(limits, own.limits);
    const cells = (["cpu", "memory"] as const).flatMap((name) => [
      share(own.requests.get(name) ?? ZERO, name),
      share(own.limits.get(name) ?? ZERO, name),
    ]);
    const { namespace = "", name, creationTimestamp } = pod.metadata;
    out.line(1, `${namespace}\t${name}\t\t${cells.join("\t")}\t${ago(creationTimestamp, out.now)}`);
  }
  out.line(0, "Allocated resources:\n  (Total limits may be over 100 percent, i.e., overcommitted.)");
  out.line(1, "Resource\tRequests\tLimits");
  out.line(1, "--------\t--------\t------");
  const names = [...allocatable.keys()].sort();
  const standard = ["cpu", "memory", "ephemeral-storage", ...names.filter((name) => name.startsWith("hugepages-"))];
  for (const name of standard)
    out.line(1, `${name}\t${share(requests.get(name) ?? ZERO, name)}\t${share(limits.get(name) ?? ZERO, name)}`);
  for (const name of names)
    if (!standard.includes(name) && name !== "pods" && name !== "storage")
      out.line(
        1,
        `${name}\t${formatQuantity(requests.get(name) ?? ZERO)}\t${formatQuantity(limits.get(name) ?? ZERO)}`,
      );
}

/** Whole percents, cut off; processors count in thousandths, everything else in ones, both rounded up. */
function percent(part: Quantity, of: Quantity, name: string): number {
  const unit = name === "cpu" ? MILLI : WHOLE;
  const ceil = ({ nanos }: Quantity): number => Number((nanos + unit - 1n) / unit);
  const all = ceil(of);
  return all === 0 ? 0 : Math.trunc((ceil(part) / all) * 100);
}

/** What a pod asks for: its containers in sum, or one of its init containers if that asks for more (PodRequestsAndLimits). */
function requestsAndLimits({ spec }: Pod): { readonly requests: Amounts; readonly limits: Amounts } {
  const of = (part: "requests" | "limits"): Amounts => {
    const sum: Amounts = new Map();
    for (const { resources } of spec.containers) addAll(sum, amounts(resources?.[part]));
    const restartable: Amounts = new Map();
    const highest: Amounts = new Map();
    for (const container of spec.initContainers ?? []) {
      const own = amounts(container.resources?.[part]);
      if (isSidecar(container)) {
        addAll(sum, own);
        addAll(restartable, own);
        raise(highest, restartable);
      } else {
        const during = new Map(own);
        addAll(during, restartable);
        raise(highest, during);
      }
    }
    raise(sum, highest);
    if (spec.overhead) {
      for (const [name, more] of amounts(spec.overhead))
        if (part === "requests" || sum.has(name)) addAll(sum, new Map([[name, more]]));
    }
    return sum;
  };
  return { requests: of("requests"), limits: of("limits") };
}

function isSidecar({ restartPolicy }: Container): boolean {
  return restartPolicy === "Always";
}

function amounts(list: Readonly<Record<string, string>> | undefined): Amounts {
  const parsed = Object.entries(list ?? {}).map(([name, text]) => [name, parseQuantity(text)] as const);
  return new Map(parsed.filter((entry): entry is [string, Quantity] => typeof entry[1] !== "string"));
}

/** Adds as Go's Quantity does: an empty sum takes the other's format. */
function addAll(sum: Amounts, more: Amounts): void {
  for (const [name, value] of more) {
    const old = sum.get(name);
    sum.set(
      name,
      old ? { nanos: old.nanos + value.nanos, format: old.nanos === 0n ? value.format : old.format } : value,
    );
  }
}

function raise(to: Amounts, at: Amounts): void {
  for (const [name, value] of at) if (value.nanos > (to.get(name)?.nanos ?? -1n)) to.set(name, value);
}
