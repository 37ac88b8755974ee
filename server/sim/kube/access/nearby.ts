import { SECOND, type Duration, type Kernel, type Time } from "../../kernel/index.ts";
import { address, isLocal, type ConnectResult, type Namespace } from "../../net/index.ts";

/**
 * An open connection that never left its network namespace, as those between the parts of a control plane: what happens on
 * other machines cannot close its way. Plain data.
 */
export interface Nearby {
  readonly namespace: string;
  readonly machine: string;
  /** Generations of the namespace and of the machine's processes. */
  readonly stamp: string;
  readonly at: Time;
}

/** However still its machine is, a way is walked again after this time: certificates end. */
const TRUSTED: Duration = 10 * SECOND;

/** Where a connection to an address is that was opened just now; undefined if its packets went anywhere else. */
export function nearbyOf(ns: Namespace, to: string, { outcome, trace }: ConnectResult): Nearby | undefined {
  if (outcome !== "connected" || trace?.delivery?.ns !== ns || !isLocal(ns, address(to))) return undefined;
  const place = { namespace: ns.id, machine: ns.machine };
  return { ...place, stamp: stampOf(ns.kernel, place), at: ns.kernel.now };
}

/** Whether nothing has changed there since. */
export function isStill(kernel: Kernel, nearby: Nearby): boolean {
  return kernel.now - nearby.at < TRUSTED && nearby.stamp === stampOf(kernel, nearby);
}

function stampOf({ state }: Kernel, { namespace, machine }: Pick<Nearby, "namespace" | "machine">): string {
  return `${state.generation(`net/${namespace}`)} ${state.generation(`processes/${machine}`)}`;
}
