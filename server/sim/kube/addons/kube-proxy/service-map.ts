import type { Namespace } from "../../../net/index.ts";
import { cleanStaleFlows } from "./conntrack.ts";
import type { Endpoint } from "./endpoints.ts";
import { portKey, type ServicePort } from "./service-port.ts";

/** What a Service and its EndpointSlices come to on this node. */
export interface ServiceState {
  readonly ports: readonly ServicePort[];
  /** By `portKey`. */
  readonly endpoints: ReadonlyMap<string, readonly Endpoint[]>;
}

const NONE: readonly Endpoint[] = [];

/** What the informers have told of Services and their endpoints, whatever becomes of it in the node's tables. */
export class ServiceMap {
  readonly #services = new Map<string, ServiceState>();
  #order: readonly PortState[] | undefined;
  zone: string | undefined;

  get(service: string): ServiceState | undefined {
    return this.#services.get(service);
  }

  set(service: string, state: ServiceState): void {
    if (state.ports.length > 0 || state.endpoints.size > 0) this.#services.set(service, state);
    else this.#services.delete(service);
    this.#order = undefined;
  }

  /**
   * All service ports with their endpoints. Upstream goes through a Go map, whose order is nobody's to know; here it is by
   * hash, as random and the same every time.
   */
  ports(): readonly PortState[] {
    return (this.#order ??= [...this.#services.values()]
      .flatMap(portStates)
      .sort(([a], [b]) => (a.hash < b.hash ? -1 : 1)));
  }

  /** Local endpoints that are ready, by service, each address once: what health check ports tell (LocalReadyEndpoints). */
  localReadyEndpoints(service: string): number {
    const found = new Set<string>();
    for (const endpoints of this.#services.get(service)?.endpoints.values() ?? [])
      for (const { local, ready, ip } of endpoints) if (local && ready) found.add(ip);
    return found.size;
  }

  cleanStaleFlows(ns: Namespace): number {
    return cleanStaleFlows(ns, this.ports());
  }

  endpointsOf(port: ServicePort): readonly Endpoint[] {
    return endpointsIn(this.#services.get(port.service), port);
  }
}

/** A service port and its endpoints. */
export type PortState = readonly [ServicePort, readonly Endpoint[]];

const known = new WeakMap<ServiceState, readonly PortState[]>();

function portStates(state: ServiceState): readonly PortState[] {
  let states = known.get(state);
  if (!states) known.set(state, (states = state.ports.map((port) => [port, endpointsIn(state, port)] as const)));
  return states;
}

function endpointsIn(state: ServiceState | undefined, port: ServicePort): readonly Endpoint[] {
  return state?.endpoints.get(portKey(port.name, port.protocol)) ?? NONE;
}
