import type { DaemonProcess } from "../../../host/index.ts";
import { parsedJson, sharedValue } from "./shared.ts";

/** Where requests may go, as the controller posts it to `/configuration/backends` (pkg/apis/ingress Backend). */
export interface Backend {
  readonly name: string;
  readonly endpoints: readonly { readonly address: string; readonly port: string }[];
  readonly noServer?: boolean;
  readonly "load-balance"?: string;
  readonly sessionAffinityConfig?: {
    readonly name: string;
    readonly mode: string;
    readonly cookieSessionAffinity: CookieAffinity;
  };
  readonly upstreamHashByConfig?: { readonly "upstream-hash-by"?: string };
  readonly trafficShapingPolicy?: TrafficShapingPolicy;
  readonly alternativeBackends?: readonly string[];
}

export interface CookieAffinity {
  readonly name: string;
  readonly expires?: string;
  readonly maxage?: string;
  readonly locations?: Readonly<Record<string, readonly string[]>>;
  readonly path?: string;
  readonly domain?: string;
  readonly samesite?: string;
  readonly secure?: boolean;
  readonly change_on_failure?: boolean;
}

/** When a canary gets a request. */
export interface TrafficShapingPolicy {
  readonly weight: number;
  readonly weightTotal: number;
  readonly header: string;
  readonly headerValue: string;
  readonly headerPattern: string;
  readonly cookie: string;
}

export const BACKENDS = "configuration_data/backends";

/** Backends with an endpoint, by name: others have no balancer (balancer.lua sync_backend). */
export function balancersOf(master: DaemonProcess): ReadonlyMap<string, Backend> {
  const text = sharedValue(master, BACKENDS);
  if (text === undefined) return new Map();
  const list = parsedJson<readonly Backend[]>(text);
  let known = balancers.get(list);
  if (!known) {
    known = new Map(list.filter(({ endpoints }) => endpoints.length > 0).map((backend) => [backend.name, backend]));
    balancers.set(list, known);
  }
  return known;
}

const balancers = new WeakMap<readonly Backend[], ReadonlyMap<string, Backend>>();
