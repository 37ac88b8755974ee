import { SECOND, type Kernel, type Table, type Time } from "../../../kernel/index.ts";
import type { Node } from "../../api/index.ts";
import type { ControllerManagerSettings } from "../settings.ts";
import { readyCondition } from "./health.ts";

export type ZoneState = "Normal" | "PartialDisruption" | "FullDisruption";

interface Row {
  readonly state: ZoneState;
  /** Before that no further node of the zone gets an evicting taint. */
  readonly nextAt: Time;
}

const EXCLUDED = "node.kubernetes.io/exclude-disruption";

/** `region:zone`, as component-helpers/node/topology names a zone; empty for nodes without. */
export function zoneOf({ metadata }: Node): string {
  const { labels = {} } = metadata;
  const region = labels["topology.kubernetes.io/region"] ?? "";
  const zone = labels["topology.kubernetes.io/zone"] ?? "";
  return region === "" && zone === "" ? "" : `${region}:\u0000:${zone}`;
}

/** How many nodes of a zone are down decides how fast Pods are evicted from them, or whether at all (handleDisruption). */
export class Zones {
  readonly #kernel: Kernel;
  readonly #rows: Table<string, Row>;

  constructor(kernel: Kernel, table: string) {
    this.#kernel = kernel;
    this.#rows = kernel.state.table(table, { quiet: true });
  }

  clear(): void {
    this.#rows.clear();
  }

  /** Takes note of the nodes as they are. True if that changes how fast some are to be evicted. */
  update(nodes: readonly Node[], { unhealthyZoneThreshold }: ControllerManagerSettings): boolean {
    const zones = Map.groupBy(
      nodes.filter(({ metadata }) => metadata.labels?.[EXCLUDED] === undefined),
      zoneOf,
    );
    let changed = false;
    for (const zone of this.#rows.keys())
      if (!zones.has(zone)) {
        this.#rows.delete(zone);
        changed = true;
      }
    for (const [zone, members] of zones) {
      const state = stateOf(members, unhealthyZoneThreshold);
      const row = this.#rows.get(zone);
      if (row?.state === state) continue;
      this.#rows.set(zone, { state, nextAt: row?.nextAt ?? this.#kernel.now });
      changed = true;
    }
    return changed;
  }

  /** No node at all is ready: it is the control plane that is cut off, and nobody is evicted. */
  get allDown(): boolean {
    return this.#rows.size > 0 && [...this.#rows.values()].every(({ state }) => state === "FullDisruption");
  }

  /** When the zone may lose the Pods of another node; never for Infinity. */
  turn(zone: string, size: number, settings: ControllerManagerSettings): Time {
    const rate = this.#rate(zone, size, settings);
    if (rate === 0) return Infinity;
    return Math.max(this.#rows.get(zone)?.nextAt ?? 0, this.#kernel.now);
  }

  /** The zone loses the Pods of a node now. */
  take(zone: string, size: number, settings: ControllerManagerSettings): void {
    const row = this.#rows.get(zone);
    if (!row) return;
    this.#rows.set(zone, { ...row, nextAt: this.#kernel.now + SECOND / this.#rate(zone, size, settings) });
  }

  #rate(zone: string, size: number, settings: ControllerManagerSettings): number {
    if (this.allDown) return 0;
    if (this.#rows.get(zone)?.state !== "PartialDisruption") return settings.nodeEvictionRate;
    return size > settings.largeClusterSize ? settings.secondaryNodeEvictionRate : 0;
  }
}

/** ComputeZoneState */
function stateOf(nodes: readonly Node[], threshold: number): ZoneState {
  const down = nodes.filter((node) => readyCondition(node)?.status !== "True").length;
  if (down === nodes.length) return "FullDisruption";
  return down > 2 && down / nodes.length >= threshold ? "PartialDisruption" : "Normal";
}
