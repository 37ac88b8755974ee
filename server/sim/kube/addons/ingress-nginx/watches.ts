import { MILLISECOND, SECOND } from "../../../kernel/index.ts";
import { Client, type Kind, type KubeObject, type ObjectChange } from "../../api/index.ts";
import { clustersOf, type Cluster } from "../../cluster/cluster.ts";
import { configMaps, endpointSlices, ingressClasses, ingresses, secrets, services } from "../../kinds/index.ts";
import type { Controller, RunningControllers } from "./running.ts";

export type Watched = "ingresses" | "ingressclasses" | "services" | "endpointslices" | "secrets" | "configmaps";

/** A write that a watch has told of. */
export interface Seen {
  readonly kind: Watched;
  readonly type: ObjectChange<KubeObject>["type"];
  readonly object: KubeObject;
  readonly previous?: KubeObject;
}

const KINDS: Readonly<Record<Watched, Kind>> = {
  ingresses: ingresses as unknown as Kind,
  ingressclasses: ingressClasses as unknown as Kind,
  services: services as unknown as Kind,
  endpointslices: endpointSlices as unknown as Kind,
  secrets,
  configmaps: configMaps,
};

const EVENT = "ingress-nginx/watch";
/** From a write to the watch event's arrival. */
const DELAY = 10 * MILLISECOND;
const AGAIN = SECOND;

interface Arrival {
  readonly key: string;
  readonly seen: Seen;
}

/** Tells controllers of writes a moment after they were made, or as soon as they can reach the API server again. */
export function watchClusters(running: RunningControllers, see: (controller: Controller, seen: Seen) => void): void {
  running.kernel.handle<Arrival>(EVENT, (arrival) => {
    const controller = running.find(arrival.key);
    if (!controller) return;
    if (controller.session.open) see(controller, arrival.seen);
    else running.kernel.after(AGAIN, EVENT, arrival, { periodic: true });
  });
  clustersOf(running.hosts).each((cluster) => listen(running, cluster));
}

function listen(running: RunningControllers, cluster: Cluster): void {
  const client = new Client(cluster.api, { user: { name: "", groups: [] }, userAgent: "nginx-ingress-controller" });
  for (const [kind, watched] of Object.entries(KINDS) as [Watched, Kind<KubeObject>][])
    client.watch(watched, ({ type, object, previous }) => {
      for (const { key, row } of running.all()) {
        if (row.cluster !== cluster.name || row.phase !== "running") continue;
        const seen: Seen = { kind, type, object, ...(previous ? { previous } : {}) };
        running.kernel.after(DELAY, EVENT, { key, seen } satisfies Arrival);
      }
    });
}
