import type { Time } from "../../kernel/index.ts";
import type { Namespace } from "../namespace.ts";
import type { Network } from "../network.ts";
import { flushRoutes } from "./table.ts";

const EXPIRED = "net/route-expired";

/** Deletes IPv6 routes when their lifetime is over. Once per world, again after restore and fork. */
export function bindRouteExpiry(network: Network): void {
  network.kernel.handle<{ ns: string }>(EXPIRED, ({ ns }) => {
    const { now } = network.kernel;
    const namespace = network.find(ns);
    if (namespace) flushRoutes(namespace, ({ expires }) => expires !== undefined && expires <= now);
  });
}

/** A route was added that goes at that time; one that was replaced meanwhile stays. */
export function expireRoute({ kernel, id }: Namespace, at: Time): void {
  kernel.after(Math.max(0, at - kernel.now), EXPIRED, { ns: id }, { periodic: true });
}
